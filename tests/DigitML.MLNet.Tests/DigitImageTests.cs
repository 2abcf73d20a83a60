using DigitML.Data;
using DigitML.Imaging;
using DigitML.IO;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Tests.IO;
using DigitML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace DigitML.MLNet.Tests;

public class DigitImageTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void NormalizeDigit_PathsBytesAndImages_GivesTheReadersFrames()
    {
        using var folder = new TemporaryFolder();
        Made.Folder(folder.FullName, 12, seed: 41);
        var paths = _ml.Data.LoadDigits(folder.FullName);
        var files = paths.GetColumn<string>("ImagePath").ToArray();
        var reader = new DigitReader();
        float[][] expected = [.. files.Select(file => reader.Read(file, single: true).Digits[0].Image.Pixels.ToArray().Select(pixel => (float)pixel).ToArray())];

        Assert.Equal(12, files.Length);
        Assert.Equal([.. files.Select(file => Path.GetFileName(Path.GetDirectoryName(file))!)], paths.GetColumn<string>("Label"));
        Assert.Equal(expected, Features(_ml.Transforms.NormalizeDigit(), paths));

        var bytes = _ml.Data.LoadFromEnumerable(files.Select(file => new FileBytes { Bytes = File.ReadAllBytes(file) }));
        Assert.Equal(expected, Features(_ml.Transforms.NormalizeDigit(inputColumnName: "Bytes"), bytes));

        var images = _ml.Data.LoadFromEnumerable(files.Select(file => new InMemory { Image = MLImage.CreateFromFile(file) }));
        Assert.Equal(expected, Features(_ml.Transforms.NormalizeDigit(inputColumnName: "Image"), images));
        Assert.Equal(12, Features(_ml.Transforms.LoadImages("Image", "", "ImagePath").Append(_ml.Transforms.ResizeImages("Image", 90, 90)).Append(_ml.Transforms.NormalizeDigit(inputColumnName: "Image")), paths).Length);
        Assert.Equal(expected, Features(_ml.Transforms.LoadImages("Image", "", "ImagePath").Append(_ml.Transforms.NormalizeDigit(inputColumnName: "Image")), paths));
    }

    [Fact]
    public void ToGrey_EveryPixel_EqualsOurDecodersPng()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("colours.png");
        using (var bitmap = new SkiaSharp.SKBitmap(37, 23, SkiaSharp.SKColorType.Rgba8888, SkiaSharp.SKAlphaType.Unpremul))
        {
            var random = new Random(4);
            for (var i = 0; i < 37 * 23; i++)
            {
                bitmap.SetPixel(i % 37, i / 37, new SkiaSharp.SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), i % 3 == 0 ? (byte)255 : (byte)random.Next(256)));
            }

            using var stream = File.Create(file);
            bitmap.Encode(stream, SkiaSharp.SKEncodedImageFormat.Png, 100);
        }

        using var image = MLImage.CreateFromFile(file);
        var (expected, found) = (ImageFile.Load(file).Image.Pixels.ToArray(), image.ToGrey().Pixels.ToArray());

        // Colours under little alpha lose digits in ML.NET's decoder.
        Assert.InRange(expected.Zip(found).Max(pair => Math.Abs(pair.First - pair.Second)), 0, 2);
    }

    [Fact]
    public void ReadDigits_APictureOfMany_GivesTheReadersAnswer()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("two.png");
        File.WriteAllBytes(file, PngEncoder.Encode(Made.OnPaper([3, 5], seed: 42)));
        var blank = folder.File("blank.png");
        File.WriteAllBytes(blank, PngEncoder.Encode(new GreyImage(50, 40, Enumerable.Repeat((byte)255, 2000).ToArray())));
        var data = _ml.Data.LoadFromEnumerable(new[] { new ByPath { ImagePath = file }, new ByPath { ImagePath = blank } });

        var model = _ml.Transforms.ReadDigits().Fit(data);
        var output = model.Transform(data);

        var expected = new DigitReader().Read(file);
        Assert.Equal([expected.Text, ""], output.GetColumn<string>("Text"));
        Assert.Equal([expected.Verdict.ToName(), "blank"], output.GetColumn<string>("Verdict"));
        Assert.Equal([(float)expected.Digits.Min(digit => digit.Probability), 0], output.GetColumn<float>("Probability"));
        Assert.Equal(["ImagePath", "Text", "Verdict", "Probability"], output.Schema.Where(column => !column.IsHidden).Select(column => column.Name));

        // A network of one's own, saved and loaded with the pipeline.
        var own = new MlpTrainer(new MlpOptions { HiddenLayers = [16], Epochs = 1 }).Fit(SyntheticDigits.Create(200, seed: 43)).Model;
        using var zip = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.ReadDigits(model: own).Fit(data), data.Schema, zip);
        zip.Position = 0;
        Assert.Equal(new DigitReader(own).Read(file).Text, new MLContext().Model.Load(zip, out _).Transform(data).GetColumn<string>("Text").First());
    }

    [Fact]
    public void NormalizeDigit_BlankOrBroken_IsMissingOrSaysWhich()
    {
        using var folder = new TemporaryFolder();
        var blank = folder.File("blank.png");
        File.WriteAllBytes(blank, PngEncoder.Encode(new GreyImage(30, 30, new byte[900])));
        var broken = folder.File("broken.png");
        File.WriteAllBytes(broken, File.ReadAllBytes(blank)[..40]);

        Assert.All(Features(_ml.Transforms.NormalizeDigit(), One(blank))[0], value => Assert.True(float.IsNaN(value)));
        Assert.Contains($"{broken}: PNG", Assert.ThrowsAny<Exception>(() => Features(_ml.Transforms.NormalizeDigit(), One(broken))).ToString(), StringComparison.Ordinal);
        Assert.Contains("Could not find picture column 'Picture'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeDigit(inputColumnName: "Picture").Fit(One(blank))).Message, StringComparison.Ordinal);
        Assert.Contains("expected String (paths), Vector<Byte> (files) or Image", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeDigit(inputColumnName: "Length").Fit(_ml.Data.LoadFromEnumerable(Made.Flowers(3, seed: 1)))).Message, StringComparison.Ordinal);

        IDataView One(string path) => _ml.Data.LoadFromEnumerable(new[] { new ByPath { ImagePath = path } });
    }

    [Fact]
    public void LoadDigits_ATable_ListsItsFiles()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a, b.png"), [1]);
        File.WriteAllBytes(folder.File("c.png"), [1]);
        File.WriteAllText(folder.File("labels.csv"), "file,label\n\"a, b.png\",7\nc.png,seven\n");

        var data = _ml.Data.LoadDigits(folder.FullName);

        Assert.Equal(["a, b.png", "c.png"], data.GetColumn<string>("ImagePath").Select(Path.GetFileName)!);
        Assert.Equal(["7", "seven"], data.GetColumn<string>("Label"));
    }

    [Theory]
    [InlineData("file,label\nnot-there.png,7\n", "row 1: expected a file in this folder but 'not-there.png' is not there.")]
    [InlineData("file,label\n../labels.csv,7\n", "row 1: expected a file in this folder")]
    [InlineData("file,label\nlabels.csv,1\nlabels.csv,\n", "row 2: expected a file and a label")]
    [InlineData("file,label\n", "but found none.")]
    public void LoadDigits_ATableThatIsWrong_SaysWhere(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("labels.csv"), text);

        Assert.Contains(expected, Assert.Throws<DigitException>(() => _ml.Data.LoadDigits(folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadDigits_NoFolderOrNothingInIt_SaysSo()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("is not there", Assert.Throws<DigitException>(() => _ml.Data.LoadDigits(folder.File("none"))).Message, StringComparison.Ordinal);
        Assert.Contains("found none", Assert.Throws<DigitException>(() => _ml.Data.LoadDigits(folder.FullName)).Message, StringComparison.Ordinal);
    }

    private static float[][] Features(IEstimator<ITransformer> estimator, IDataView data) =>
        [.. estimator.Fit(data).Transform(data).GetColumn<float[]>("Features")];
}

internal sealed class ByPath
{
    public string ImagePath { get; set; } = "";
}

internal sealed class FileBytes
{
    public byte[] Bytes { get; set; } = [];
}

internal sealed class InMemory
{
    [Microsoft.ML.Transforms.Image.ImageType(112, 112)]
    public MLImage? Image { get; set; }
}
