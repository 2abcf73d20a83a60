using System.Net;
using DigitML.Data;
using DigitML.IO;
using DigitML.Tests.IO;

namespace DigitML.Tests.Data;

public sealed class DigitDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task LoadAsync_NoMnistAndNoNetwork_GoesOnWithSyntheticDigitsAndSaysWhy()
    {
        var data = await Load(new DigitDataOptions { SyntheticTrainCount = 37, SyntheticTestCount = 23, SyntheticSeed = 441 });

        Assert.True(data.IsSynthetic);
        Assert.Equal((37, 23), (data.Train.Count, data.Test.Count));
        Assert.Equal("synthetic digits train", data.Train.Name);
        Assert.Equal("synthetic digits test", data.Test.Name);
        Assert.Equal("built-in synthetic digits, seed 441", data.Source);
        Assert.StartsWith("MNIST was not found. Tried: DIGITML_DATA is not set; ", data.Notice);
        Assert.Contains("the server answered 503", data.Notice);
        Assert.EndsWith("no figure that follows is about MNIST.", data.Notice);
        Assert.DoesNotContain("\n", data.Notice);
        Assert.DoesNotContain("MNIST", data.ToString());
    }

    [Fact]
    public async Task LoadAsync_SyntheticTrainAndTest_ShareNoPicture()
    {
        var data = await Load(new DigitDataOptions { Dataset = "synthetic", SyntheticTrainCount = 300, SyntheticTestCount = 300, SyntheticSeed = 442 });
        Assert.Null(data.Notice);
        var train = Enumerable.Range(0, 300).Select(i => Convert.ToHexString(data.Train.Image(i))).ToHashSet();
        Assert.DoesNotContain(Enumerable.Range(0, 300), i => train.Contains(Convert.ToHexString(data.Test.Image(i))));
    }

    [Fact]
    public async Task LoadAsync_MnistAskedForAndNotThere_IsAnError()
    {
        Assert.StartsWith("MNIST was not found", (await ErrorOf(new DigitDataOptions { Dataset = "mnist" })).Message);

        // A folder that was named is meant: synthetic digits in its place would surprise.
        Assert.Contains("no such folder", (await ErrorOf(new DigitDataOptions { Mnist = new MnistOptions { Folder = _folder.File("no") } })).Message);
    }

    [Fact]
    public async Task LoadAsync_MnistThere_TakesIt()
    {
        var folder = RealMnist.FolderOrSkip();
        var data = await DigitData.LoadAsync(new DigitDataOptions { Mnist = new MnistOptions { Folder = folder } }, cancellationToken: Cancellation);
        Assert.Equal(("MNIST train", "MNIST test", folder), (data.Train.Name, data.Test.Name, data.Source));
        Assert.False(data.IsSynthetic);
        Assert.Null(data.Notice);
    }

    [Fact]
    public async Task LoadAsync_ACsvFile_HoldsOutEverySixthOfEachClass()
    {
        var lines = Enumerable.Range(0, 41).Select(i => $"{i % 3}," + string.Join(',', Enumerable.Repeat(i, 784)));
        File.WriteAllLines(_folder.File("mine.csv"), lines);

        var data = await Load(new DigitDataOptions { Dataset = _folder.File("mine.csv") });

        // 14, 14 and 13 pictures of the classes: two of each are held out.
        Assert.Equal((35, 6), (data.Train.Count, data.Test.Count));
        Assert.Equal([2, 2, 2], Enumerable.Range(0, 3).Select(label => data.Test.Labels.Count((byte)label)));
        Assert.Equal(41, data.Train.Pixels.ToArray().Concat(data.Test.Pixels.ToArray()).Distinct().Count());
        Assert.Equal(("mine.csv train", "mine.csv held out"), (data.Train.Name, data.Test.Name));
        Assert.Contains("held out for testing", data.Source);
    }

    [Fact]
    public async Task LoadAsync_IdxFiles_FindsTheLabelsBesideThem()
    {
        IdxWriter.WriteImages(SyntheticDigits.Create(30, 443), _folder.File("a-images.idx3.gz"), _folder.File("a-labels.idx1.gz"));
        IdxWriter.WriteImages(SyntheticDigits.Create(20, 444), _folder.File("b-images"), _folder.File("b-labels"));

        var data = await Load(new DigitDataOptions { Dataset = _folder.File("a-images.idx3.gz"), TestPath = _folder.File("b-images") });

        Assert.Equal(SyntheticDigits.Create(30, 443).Hash, data.Train.Hash);
        Assert.Equal(SyntheticDigits.Create(20, 444).Hash, data.Test.Hash);
    }

    [Fact]
    public async Task LoadAsync_AFolderLaidOutAsMnist_IsNamedAfterItself()
    {
        var folder = Directory.CreateDirectory(_folder.File("fashion")).FullName;
        IdxWriter.WriteImages(SyntheticDigits.Create(30, 445), Path.Combine(folder, "train-images-idx3-ubyte"), Path.Combine(folder, "train-labels-idx1-ubyte"));
        IdxWriter.WriteImages(SyntheticDigits.Create(20, 446), Path.Combine(folder, "t10k-images-idx3-ubyte.gz"), Path.Combine(folder, "t10k-labels-idx1-ubyte.gz"));

        var data = await Load(new DigitDataOptions { Dataset = folder });

        Assert.Equal(("fashion train", 30, "fashion test", 20), (data.Train.Name, data.Train.Count, data.Test.Name, data.Test.Count));
        File.Delete(Path.Combine(folder, "train-labels-idx1-ubyte"));
        Assert.Contains("no train-labels-idx1-ubyte", (await ErrorOf(new DigitDataOptions { Dataset = folder })).Message);
    }

    [Fact]
    public async Task LoadAsync_FilesNamedSynthetic_AreKnownToBeDrawn()
    {
        var folder = Directory.CreateDirectory(_folder.File("drawn")).FullName;
        foreach (var (part, count) in new[] { ("train", 31), ("t10k", 13) })
        {
            IdxWriter.WriteImages(SyntheticDigits.Create(count, 447), Path.Combine(folder, $"synthetic-{part}-images-idx3-ubyte.gz"), Path.Combine(folder, $"synthetic-{part}-labels-idx1-ubyte.gz"));
        }

        var data = await Load(new DigitDataOptions { Dataset = folder });

        Assert.True(data.Train.IsSynthetic && data.Test.IsSynthetic);
        Assert.Equal((31, 13), (data.Train.Count, data.Test.Count));
        Assert.True(DataFile.Read(Path.Combine(folder, "synthetic-t10k-images-idx3-ubyte.gz")).Images!.IsSynthetic);
    }

    [Fact]
    public async Task LoadAsync_TestThatDoesNotFitTraining_SaysSoBeforeAnythingIsTrained()
    {
        IdxWriter.WriteImages(new LabelledImages("a", 2, 3, new byte[18], new byte[] { 0, 1, 2 }), _folder.File("a-images"), _folder.File("a-labels"));
        IdxWriter.WriteImages(new LabelledImages("b", 3, 2, new byte[6], new byte[] { 1 }), _folder.File("b-images"), _folder.File("b-labels"));
        IdxWriter.WriteImages(new LabelledImages("c", 2, 3, new byte[6], new byte[] { 3 }), _folder.File("c-images"), _folder.File("c-labels"));
        var options = new DigitDataOptions { Dataset = _folder.File("a-images") };

        Assert.Contains("expected pictures of 2×3", (await ErrorOf(options with { TestPath = _folder.File("b-images") })).Message);
        Assert.Contains("expected labels 0 to 2 as in a-images but found 3", (await ErrorOf(options with { TestPath = _folder.File("c-images") })).Message);
    }

    [Fact]
    public async Task LoadAsync_SomethingElse_SaysWhatCouldBeAsked()
    {
        Assert.Contains("expected auto, mnist, synthetic, or a file or folder of labelled pictures", (await ErrorOf(new DigitDataOptions { Dataset = "mnits" })).Message);
        await Assert.ThrowsAsync<ArgumentException>(() => Load(new DigitDataOptions { TestPath = "x" }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Load(new DigitDataOptions { SyntheticTrainCount = 9 }));

        File.WriteAllText(_folder.File("bare.csv"), string.Join(',', Enumerable.Repeat(1, 784)));
        Assert.Contains("with labels but found none", (await ErrorOf(new DigitDataOptions { Dataset = _folder.File("bare.csv") })).Message);
        File.WriteAllText(_folder.File("few.csv"), string.Join(',', Enumerable.Repeat(1, 785)));
        Assert.Contains("found 1 in all", (await ErrorOf(new DigitDataOptions { Dataset = _folder.File("few.csv") })).Message);
    }

    [Fact]
    public void Read_LabelsForACsvFile_SaysWhatIsWrong()
    {
        File.WriteAllText(_folder.File("few.csv"), string.Join(',', Enumerable.Repeat(1, 785)));
        Assert.Contains("does not begin as IDX does", Assert.Throws<DigitException>(() => DataFile.Read(_folder.File("few.csv"), new DataFileOptions { LabelsPath = "labels" })).Message);
    }

    private Task<DigitException> ErrorOf(DigitDataOptions options) => Assert.ThrowsAsync<DigitException>(() => Load(options));

    /// <summary>Loads on a machine with neither MNIST nor a network.</summary>
    private Task<DigitData> Load(DigitDataOptions options) => DigitData.LoadAsync(
        options with
        {
            Mnist = options.Mnist with
            {
                CacheFolder = _folder.File("cache"),
                Environment = _ => null,
                StartFolders = [],
                Handler = new FakeServer(_ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)),
            },
        },
        cancellationToken: Cancellation);
}
