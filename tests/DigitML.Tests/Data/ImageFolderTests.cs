using DigitML.Data;
using DigitML.Imaging;
using DigitML.IO;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Tests.IO;
using DigitML.Training;

namespace DigitML.Tests.Data;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_ASubFolderAClass_GivesPixelsAndLabelsInAnOrderOfNames()
    {
        var digits = SyntheticDigits.Create(40, 3);
        Write(digits, "", label => $"{label}");

        var data = ImageFolder.Load(_folder.FullName);

        Assert.Equal(40, data.Train.Count);
        Assert.Equal(10, data.Train.ClassCount);
        Assert.Empty(data.Train.ClassNames);
        Assert.Null(data.Test);
        Assert.Equal("fit", data.Frame);

        // Files lie by class and name, so the pictures come in that order, byte for byte.
        var order = Enumerable.Range(0, 40).OrderBy(i => digits.Label(i)).ThenBy(i => i).ToArray();
        Assert.Equal(order.SelectMany(i => digits.Image(i).ToArray()), data.Train.Pixels.ToArray());
        Assert.Equal(order.Select(i => (byte)digits.Label(i)), data.Train.Labels.ToArray());
    }

    [Fact]
    public void Load_SplitBelowOneFolder_GivesTrainValidationAndTest()
    {
        Write(SyntheticDigits.Create(20, 3), "archive/Training", label => label % 2 == 0 ? "even" : "odd");
        Write(SyntheticDigits.Create(10, 4), "archive/valid", label => label % 2 == 0 ? "even" : "odd");
        Write(SyntheticDigits.Create(10, 5), "archive/TEST", label => label % 2 == 0 ? "even" : "odd");

        var data = ImageFolder.Load(_folder.FullName);

        Assert.Equal((20, 10, 10), (data.Train.Count, data.Validation!.Count, data.Test!.Count));
        Assert.Equal(["even", "odd"], data.Train.ClassNames);
        Assert.Equal(data.Train.ClassNames, data.Test.ClassNames);
    }

    [Fact]
    public void Load_WhatLiesBesidePictures_IsPassedOverAndSaid()
    {
        Write(SyntheticDigits.Create(10, 3), "", label => label < 5 ? "low" : "high");
        Put("low/Thumbs.db", [1, 2, 3]);
        Put("low/.DS_Store", [1]);
        Put(".cache/x.png", [1]);
        Put("low/notes.txt", [1]);
        Put("low/broken.PNG", [0x89, 0x50, 0x4E, 0x47, 1, 2, 3]);
        Put("high/film.bin", [1, 2, 3, 4]);
        Directory.CreateDirectory(_folder.File("none"));

        var data = ImageFolder.Load(_folder.FullName);

        Assert.Equal(10, data.Train.Count);
        Assert.Equal(["high/film.bin", "low/broken.PNG"], data.Unread.Select(unread => unread.File));
        Assert.Equal(1, data.Skipped[".txt"]);
        Assert.Equal(["none"], data.EmptyClasses);
        Assert.StartsWith("high/film.bin: expected a picture (PNG, JPEG)", Assert.Throws<DigitException>(() => ImageFolder.Load(_folder.FullName, new ImageFolderOptions { IsStrict = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DarkInkOnPaper_BecomesLightOnBlackEverywhere()
    {
        var random = new Random(11);
        for (var i = 0; i < 12; i++)
        {
            var pixels = new byte[60 * 40];
            Array.Fill(pixels, (byte)240);
            for (var y = 10; y < 30; y++)
            {
                pixels.AsSpan((y * 60) + 20 + random.Next(5), 12).Fill(20);
            }

            Put($"{(i % 2 == 0 ? "a" : "b")}/{i:D2}.png", PngEncoder.Encode(new GreyImage(60, 40, pixels)));
        }

        var data = ImageFolder.Load(_folder.FullName, new ImageFolderOptions { Width = 30, Height = 30 });

        Assert.Equal("fit inverted", data.Frame);
        Assert.Equal((30, 30), (data.Train.Width, data.Train.Height));
        Assert.Equal(15, data.Train.Image(0)[0]);
        Assert.True(data.Train.Image(0)[(15 * 30) + 12] > 150);

        // The same frame by its name, as a model keeps it.
        var target = new byte[900];
        Assert.True(PictureFrame.Fit(30, 30, isInverted: true).TryPut(ImageFile.Load(_folder.File(Path.Combine("a", "00.png"))).Image, target));
        Assert.Equal(data.Train.Image(0).ToArray(), target);
    }

    [Fact]
    public void Load_DigitsOfOtherSizes_AreFramedAsTheReaderDoes()
    {
        var digits = SyntheticDigits.Create(10, 3);
        for (var i = 0; i < 10; i++)
        {
            var large = Resampling.Cubic(Plane.From(new GreyImage(28, 28, digits.Image(i).ToArray())), 84, 84).Inverted().ToPicture();
            Put($"{digits.Label(i)}/{i}.png", PngEncoder.Encode(large));
        }

        var data = ImageFolder.Load(_folder.FullName, new ImageFolderOptions { FrameOfDigits = new ReaderFrame() });

        Assert.Equal("reader", data.Frame);
        var reading = new DigitReader().Read(_folder.File(Path.Combine("0", "0.png")), single: true);
        Assert.Equal(reading.Digits[0].Image.Pixels.ToArray(), data.Train.Image(0).ToArray());
    }

    [Fact]
    public void Load_FromTheCache_GivesTheSameBytesUntilAPictureChanges()
    {
        Write(SyntheticDigits.Create(30, 3), "", label => $"{label}");
        Put("3/broken.png", [1, 2, 3, 4]);
        using var cache = new TemporaryFolder();
        var options = new ImageFolderOptions { CacheFolder = cache.FullName };
        var first = Load();
        Assert.Single(Directory.GetFiles(options.CacheFolder!));

        var again = Load();
        Assert.Equal(first.Train.Hash, again.Train.Hash);
        Assert.Equal(first.Unread, again.Unread);

        // A file that is cut short is no cache.
        File.WriteAllBytes(Directory.GetFiles(options.CacheFolder!)[0], [1, 2, 3]);
        Assert.Equal(first.Train.Hash, Load().Train.Hash);

        var picture = Directory.GetFiles(_folder.File("3"), "0*.png")[0];
        File.WriteAllBytes(picture, PngEncoder.Encode(new GreyImage(28, 28, new byte[784])));
        Assert.NotEqual(first.Train.Hash, Load().Train.Hash);

        ImageFolderData Load() => ImageFolder.Load(_folder.FullName, options);
    }

    [Fact]
    public void Load_AnyNumberOfThreads_GivesTheSameBytes()
    {
        Write(SyntheticDigits.Create(50, 3), "", label => $"class {label}");
        var one = ImageFolder.Load(_folder.FullName, new ImageFolderOptions { Threads = 1 });
        var three = ImageFolder.Load(_folder.FullName, new ImageFolderOptions { Threads = 3 });
        Assert.Equal(one.Train.Hash, three.Train.Hash);
        Assert.Equal(one.Train.ClassNames, three.Train.ClassNames);
    }

    [Fact]
    public void Load_AListOfFilesAndLabels_GivesTheirClasses()
    {
        var digits = SyntheticDigits.Create(12, 3);
        var lines = new List<string> { "filename,split,label" };
        for (var i = 0; i < 12; i++)
        {
            Put($"pictures/{i}.png", PngEncoder.Encode(new GreyImage(28, 28, digits.Image(i).ToArray())));
            lines.Add($"pictures/{i}.png,{(i < 8 ? "train" : "test")},{(digits.Label(i) % 2 == 0 ? "even" : "odd")}");
        }

        File.WriteAllLines(_folder.File("labels.csv"), lines);

        var content = DataFile.Read(_folder.File("labels.csv"));

        Assert.Equal((8, 4), (content.Images!.Count, content.Test!.Images!.Count));
        Assert.Equal(["even", "odd"], content.Images.ClassNames);
        Assert.Equal(digits.Image(0).ToArray(), content.Images.Image(0).ToArray());
        Assert.Equal(8, DataFile.Read(_folder.FullName).Images!.Count);
    }

    [Fact]
    public void Load_NoClasses_SaysWhatIsThere()
    {
        Put("a.png", [1]);
        Assert.Contains("The 1 files that lie in it itself have no class", Assert.Throws<DigitException>(() => ImageFolder.Load(_folder.FullName)).Message, StringComparison.Ordinal);
        Assert.Contains("no such folder", Assert.Throws<DigitException>(() => ImageFolder.Load(_folder.File("x"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ImageFolder.Load(_folder.FullName, new ImageFolderOptions { Width = 0 }));
    }

    [Fact]
    public void Fit_PicturesWithNames_PutsNamesAndFrameIntoTheModelsFile()
    {
        Write(SyntheticDigits.Create(60, 3), "", label => label % 2 == 0 ? "even" : "odd");
        var data = ImageFolder.Load(_folder.FullName);

        var result = new MlpTrainer(new MlpOptions { HiddenLayers = [8], Epochs = 1 }).Fit(data.Train);
        result.Model.Save(_folder.File("m.onnx"));
        var model = Mlp.Load(_folder.File("m.onnx"));

        Assert.Equal(["even", "odd"], model.ClassNames);
        Assert.Equal("odd", model.NameOf(1));
        Assert.Equal("fit", model.Metadata["frame"]);
    }

    private void Write(LabelledImages digits, string under, Func<int, string> classOf)
    {
        for (var i = 0; i < digits.Count; i++)
        {
            Put(Path.Combine(under, classOf(digits.Label(i)), $"{i:D5}.png"), PngEncoder.Encode(new GreyImage(28, 28, digits.Image(i).ToArray())));
        }
    }

    private void Put(string relative, byte[] content)
    {
        var path = _folder.File(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }
}
