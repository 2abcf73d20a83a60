using System.Globalization;
using DigitML.Data;
using DigitML.Models;
using DigitML.Reading;
using DigitML.Training;

namespace DigitML.Tests.Reading;

public class ReaderTrainerTests
{
    private static readonly MlpOptions Options = new() { HiddenLayers = [23], Epochs = 2, BatchSize = 30, ValidationFraction = 0.2, Seed = 9 };

    [Fact]
    public void Fit_TrainsOnThemAndTellsTheModelHowSureItMayBe()
    {
        var images = SyntheticDigits.Create(400, seed: 61);

        var result = new ReaderTrainer(Options) { MadeImages = 157 }.Fit(images);

        Assert.Equal(320 + 157, result.History.TrainingImages);
        Assert.Equal(80, result.History.ValidationImages);
        Assert.Equal(10, result.Model.ClassCount);
        Assert.InRange(Number(result.Model, TemperatureScaling.MetadataKey), 0.05, 20);
        Assert.InRange(Number(result.Model, TemperatureScaling.RejectionMetadataKey), 0.1, 1);
    }

    [Fact]
    public void Fit_IsTheSameAtAnyThreadCount()
    {
        var images = SyntheticDigits.Create(200, seed: 62);

        var one = new ReaderTrainer(Options with { Threads = 1 }) { MadeImages = 157 }.Fit(images).Model;
        var three = new ReaderTrainer(Options with { Threads = 3 }) { MadeImages = 157 }.Fit(images).Model;

        Assert.Equal(one.Layers[0].Weights.ToArray(), three.Layers[0].Weights.ToArray());
        Assert.Equal(one.Metadata[TemperatureScaling.MetadataKey], three.Metadata[TemperatureScaling.MetadataKey]);
    }

    [Fact]
    public async Task Fit_CancelledWhileImagesAreMade_StopsAtOnce()
    {
        var images = SyntheticDigits.Create(200, seed: 65);
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        Assert.ThrowsAny<OperationCanceledException>(() => new ReaderTrainer(Options) { MadeImages = 1_000_000 }.Fit(images, cancellationToken: cancellation.Token));
    }

    [Fact]
    public void Fit_OnInkThatIsNoDigit_BecomesLessSureOfIt()
    {
        var images = SyntheticDigits.Create(1000, seed: 63);
        var (_, junk) = ReaderDigits.Create(200, notDigitShare: 1, images, seed: 64);
        var options = Options with { Epochs = 6, HiddenLayers = [64], ValidationFraction = 0 };

        var plain = new MlpTrainer(options).Fit(images).Model;
        var exposed = new ReaderTrainer(options) { MadeImages = 1500 }.Fit(images).Model;

        Assert.True(Sureness(exposed, junk) < Sureness(plain, junk) - 0.1, $"{Sureness(exposed, junk)} against {Sureness(plain, junk)}");
    }

    [Fact]
    public void Fit_MadeImagesOfAnotherSize_SaysWhatIsNeeded()
    {
        var images = new LabelledImages("small", 3, 3, new byte[9 * 20], Enumerable.Range(0, 20).Select(i => (byte)(i % 10)).ToArray());
        Assert.Contains("28×28 in ten classes; small has 3×3 in 10", Assert.Throws<ArgumentException>(() => new ReaderTrainer(Options) { MadeImages = 157 }.Fit(images)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2_000_001)]
    public void MadeImages_OutOfRange_SaysTheRange(int count) =>
        Assert.Equal($"MadeImages must be 1 to 2000000; got {count}.", Assert.Throws<ArgumentException>(() => new ReaderTrainer { MadeImages = count }).Message);

    private static double Number(Mlp model, string key) => double.Parse(model.Metadata[key], CultureInfo.InvariantCulture);

    private static double Sureness(Mlp model, LabelledImages images) => Enumerable.Range(0, images.Count).Average(i => model.Predict(images.Image(i)).Probability);
}
