using DigitML.Data;
using DigitML.IO;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Tests.IO;
using DigitML.Training;
using Microsoft.Extensions.DependencyInjection;

namespace DigitML.DependencyInjection.Tests;

public class DigitReaderServicesTests
{
    [Fact]
    public void AddDigitReader_ManyThreads_ShareOneReaderThatAnswersEachWithItsOwn()
    {
        using var provider = new ServiceCollection().AddDigitReader().BuildServiceProvider();
        var digits = SyntheticDigits.Create(40, seed: 51);
        var alone = new DigitReader();
        var expected = Enumerable.Range(0, 40).Select(i => alone.Read(Picture(i), single: true).ToJson()).ToArray();
        var found = new string[400];

        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            found[i] = provider.GetRequiredService<DigitReader>().Read(Picture(i % 40), single: true).ToJson());

        Assert.Equal(Enumerable.Range(0, 400).Select(i => expected[i % 40]), found);
        Assert.Same(provider.GetRequiredService<DigitReader>(), provider.CreateScope().ServiceProvider.GetRequiredService<DigitReader>());

        GreyImage Picture(int index) => new(28, 28, digits.Image(index).ToArray());
    }

    [Fact]
    public void AddDigitReader_AModelOfOnesOwn_IsUsedWithItsOptions()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("own.onnx");
        new MlpTrainer(new MlpOptions { HiddenLayers = [8], Epochs = 1 }).Fit(SyntheticDigits.Create(100, seed: 52)).Model.Save(file);
        var options = new ReaderOptions { AmbiguousShare = 0.5 };

        using var provider = new ServiceCollection().AddDigitReader(file, options).AddDigitReader().BuildServiceProvider();

        var reader = provider.GetRequiredService<DigitReader>();
        Assert.Equal((Mlp.Load(file).Hash, options), (reader.Model.Hash, reader.Options));
    }

    [Fact]
    public void AddDigitReader_WrongPathOrOption_FailsAtOnce()
    {
        var services = new ServiceCollection();

        Assert.Equal("none.onnx: expected a model in ONNX but the file is not there.", Assert.Throws<DigitException>(() => services.AddDigitReader("none.onnx")).Message);
        Assert.Contains("AmbiguousShare", Assert.Throws<ArgumentException>(() => services.AddDigitReader(new ReaderOptions { AmbiguousShare = 2 })).Message, StringComparison.Ordinal);
    }
}
