using DigitML.Data;
using DigitML.Training;

namespace DigitML.Tests.Training;

public class MlpTrainerTests
{
    private sealed class Recorder(Action<EpochReport>? then = null) : IProgress<EpochReport>
    {
        public List<EpochReport> Reports { get; } = [];

        public void Report(EpochReport value)
        {
            Reports.Add(value);
            then?.Invoke(value);
        }
    }

    [Fact]
    public void Fit_TwentyImages_LearnsThemByHeart()
    {
        // Patterns drawn at random for every image: there is nothing to learn but the images themselves.
        var images = TinyData.Create(20, 10, 9, 7, seed: 21, density: 0.5);
        var result = new MlpTrainer(new MlpOptions { HiddenLayers = [31], Epochs = 200, BatchSize = 7, ValidationFraction = 0, Seed = 22, LearningRate = 0.01f }).Fit(images);
        for (var i = 0; i < images.Count; i++)
        {
            Assert.Equal(images.Label(i), result.Model.Predict(images.Image(i)).PredictedLabel);
        }

        Assert.True(result.History.Epochs[^1].TrainLoss < 0.01);
    }

    [Theory]
    [InlineData(Optimizer.Adam, PixelScaling.UnitRange)]
    [InlineData(Optimizer.Sgd, PixelScaling.Standardize)]
    public void Fit_OneTwoAndThreeThreads_GivesTheSameBytes(Optimizer optimizer, PixelScaling scaling)
    {
        var images = TinyData.Create(203, 5, 11, 7, seed: 23);
        var options = new MlpOptions { HiddenLayers = [37, 70], Epochs = 3, BatchSize = 19, Dropout = 0.3f, WeightDecay = 0.01f, Optimizer = optimizer, PixelScaling = scaling, Seed = 24 };
        var results = new[] { 1, 2, 3 }.Select(threads => new MlpTrainer(options with { Threads = threads }).Fit(images)).ToArray();
        foreach (var other in results[1..])
        {
            Assert.Equal(results[0].History.Epochs.Select(e => (e.TrainLoss, e.ValidationLoss)), other.History.Epochs.Select(e => (e.TrainLoss, e.ValidationLoss)));
            for (var i = 0; i < 3; i++)
            {
                Assert.True(results[0].Model.Layers[i].Weights.Span.SequenceEqual(other.Model.Layers[i].Weights.Span));
                Assert.True(results[0].Model.Layers[i].Bias.Span.SequenceEqual(other.Model.Layers[i].Bias.Span));
            }
        }
    }

    [Fact]
    public void Fit_RecordedRun_LossesStayWhatTheyWere()
    {
        var images = TinyData.Create(150, 6, 9, 8, seed: 25);
        var history = new MlpTrainer(new MlpOptions { HiddenLayers = [24, 17], Epochs = 4, BatchSize = 16, Seed = 26 }).Fit(images).History;
        double[] recorded = RecordedTrainLoss;

        // Machines without fused multiply-add round each product once more.
        for (var i = 0; i < recorded.Length; i++)
        {
            Assert.Equal(recorded[i], history.Epochs[i].TrainLoss, 1e-5);
        }

        Assert.Equal(RecordedValidationLoss, history.Epochs[^1].ValidationLoss!.Value, 1e-5);
    }

    private static readonly double[] RecordedTrainLoss = [1.8547151193022728, 1.6897213533520699, 1.5794474065303803, 1.4912656093637149];
    private const double RecordedValidationLoss = 1.4502288977305093;

    [Fact]
    public void Fit_ProgressOfEveryEpoch_EndsWithTheHistory()
    {
        var images = TinyData.Create(60, 3, 5, 5, seed: 27);
        var recorder = new Recorder();
        var history = new MlpTrainer(new MlpOptions { HiddenLayers = [], Epochs = 3, Seed = 28 }).Fit(images, recorder).History;
        Assert.Equal(history.Epochs, recorder.Reports.Where(r => r.IsComplete));
        Assert.Equal([1, 2, 3], history.Epochs.Select(e => e.Epoch));
        Assert.All(history.Epochs, e => Assert.Equal(48, e.ImagesTotal));
        Assert.Equal(12, history.ValidationImages);
        Assert.Equal(StopReason.Completed, history.StopReason);
        Assert.Equal(3 * 26, history.Parameters);
    }

    [Fact]
    public void Fit_CancelledInTheThirdEpoch_KeepsTheBestOfTwoAndSaysSo()
    {
        var images = TinyData.Create(100, 4, 6, 6, seed: 29);
        using var cancel = new CancellationTokenSource();
        var recorder = new Recorder(report =>
        {
            if (report.Epoch == 2)
            {
                cancel.Cancel();
            }
        });
        var result = new MlpTrainer(new MlpOptions { HiddenLayers = [8], Epochs = 50, Seed = 30 }).Fit(images, recorder, cancel.Token);
        Assert.Equal(StopReason.Cancelled, result.History.StopReason);
        Assert.Equal(2, result.History.Epochs.Count);
        Assert.Equal("Cancelled after 2 of 50 epochs: the model of epoch 2 is kept.", result.Warning);
    }

    [Fact]
    public void Fit_LossDiverges_StopsWithWhatToChangeAndKeepsTheLastGoodModel()
    {
        var images = TinyData.Create(100, 4, 6, 6, seed: 31);
        var result = new MlpTrainer(new MlpOptions { HiddenLayers = [8, 8], Epochs = 5, LearningRate = 1e30f, Optimizer = Optimizer.Sgd, Seed = 32 }).Fit(images);
        Assert.Equal(StopReason.Diverged, result.History.StopReason);
        Assert.Contains("Lower LearningRate", result.Warning);
        Assert.All(result.Model.Layers, layer => Assert.All(layer.Weights.ToArray(), weight => Assert.True(float.IsFinite(weight))));
    }

    [Fact]
    public void Fit_EarlyStopping_RestoresTheEpochOfLowestValidationLoss()
    {
        // Labels that say nothing: the validation loss rises as soon as the images are learnt by heart.
        var images = TinyData.Create(120, 3, 6, 5, seed: 33);
        var labels = images.Labels.ToArray();
        new Random(34).Shuffle(labels);
        var noise = new LabelledImages("noise", 6, 5, images.Pixels.ToArray(), labels);
        var history = new MlpTrainer(new MlpOptions { HiddenLayers = [40], Epochs = 300, EarlyStoppingPatience = 4, LearningRate = 0.01f, Seed = 35 }).Fit(noise).History;
        Assert.Equal(StopReason.EarlyStopping, history.StopReason);
        Assert.Equal(history.Epochs.MinBy(e => e.ValidationLoss)!.Epoch, history.BestEpoch);
        Assert.Equal(history.BestEpoch + 4, history.Epochs.Count);
    }

    [Fact]
    public void Fit_DenseImages_AgreesWithTheSameImagesReadAsLists()
    {
        // Half the pixels decide between the two ways; both must learn the same from images on either side.
        var dense = TinyData.Create(90, 3, 6, 6, seed: 36, density: 0.95);
        var result = new MlpTrainer(new MlpOptions { HiddenLayers = [12], Epochs = 40, ValidationFraction = 0, Seed = 37 }).Fit(dense);
        Assert.True(result.History.Epochs[^1].TrainAccuracy > 0.95);
    }

    [Theory]
    [InlineData(1, 0.2)]
    [InlineData(2, 0)]
    public void Fit_PhasesMeasured_AccountForAllTheTimeAndChangeNoBytes(int threads, double validation)
    {
        var images = TinyData.Create(150, 4, 9, 8, seed: 39);
        var options = new MlpOptions { HiddenLayers = [19, 13], Epochs = 3, BatchSize = 17, ValidationFraction = validation, Threads = threads, Seed = 40 };
        var measured = new MlpTrainer(options) { MeasurePhases = true }.Fit(images);
        var plain = new MlpTrainer(options).Fit(images);

        Assert.Equal(Enum.GetValues<TrainingPhase>(), measured.Phases.Select(time => time.Phase));
        Assert.Equal(1, measured.Phases.Sum(time => time.Share), 1e-9);
        TrainingPhase[] always = [TrainingPhase.Setup, TrainingPhase.Gather, TrainingPhase.Forward, TrainingPhase.Loss, TrainingPhase.InputGradient, TrainingPhase.WeightUpdate];
        Assert.All(measured.Phases.Where(time => always.Contains(time.Phase)), time => Assert.True(time.Seconds > 0, $"{time}"));
        Assert.Empty(plain.Phases);
        Assert.True(measured.Model.Layers[0].Weights.Span.SequenceEqual(plain.Model.Layers[0].Weights.Span));
    }

    [Theory]
    [InlineData("HiddenLayers must hold 1 to 65536 units a layer; got 0.")]
    [InlineData("LearningRate must be finite and greater than 0; got NaN.")]
    [InlineData("Dropout must be at least 0 and below 1; got 1.")]
    [InlineData("Epochs must be 1 to 1000000; got -1.")]
    [InlineData("ValidationFraction must be at least 0 and below 1; got 1.")]
    [InlineData("EarlyStoppingPatience needs validation images; set ValidationFraction above 0.")]
    public void Constructor_OptionOutOfRange_SaysRangeAndValue(string expected)
    {
        var options = new MlpOptions();
        options = expected.Split(' ')[0] switch
        {
            nameof(MlpOptions.HiddenLayers) => options with { HiddenLayers = [128, 0] },
            nameof(MlpOptions.LearningRate) => options with { LearningRate = float.NaN },
            nameof(MlpOptions.Dropout) => options with { Dropout = 1 },
            nameof(MlpOptions.Epochs) => options with { Epochs = -1 },
            nameof(MlpOptions.ValidationFraction) => options with { ValidationFraction = 1 },
            _ => options with { EarlyStoppingPatience = 3, ValidationFraction = 0 },
        };
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => new MlpTrainer(options)).Message);
    }

    [Fact]
    public void Fit_ImagesWithoutLabels_SaysSo()
    {
        var images = new LabelledImages("bare", 2, 2, new byte[8]);
        Assert.Contains("needs labelled images", Assert.Throws<ArgumentException>(() => new MlpTrainer().Fit(images)).Message);
    }

    [Fact]
    public void Split_UnevenClasses_HoldsTheSameShareOfEachAndNothingTwice()
    {
        var labels = Enumerable.Range(0, 97).Select(i => (byte)(i < 60 ? 0 : i < 87 ? 1 : 2)).ToArray();
        var images = new LabelledImages("uneven", 1, 1, new byte[97], labels);
        var data = TrainingData.Split(images, 0.2, seed: 38);
        var (training, validation) = (data.Training, data.Validation);
        Assert.Equal([12, 5, 2], Enumerable.Range(0, 3).Select(c => validation.Count(i => labels[i] == c)));
        Assert.Equal(Enumerable.Range(0, 97), training.Concat(validation).Order());
    }

    [Theory]
    [InlineData(LearningRateSchedule.Constant, 0, 0, 0.1)]
    [InlineData(LearningRateSchedule.Step, 0, 45, 0.05)]
    [InlineData(LearningRateSchedule.Cosine, 0, 100, 0.05)]
    [InlineData(LearningRateSchedule.Cosine, 2, 9, 0.05)]
    [InlineData(LearningRateSchedule.Cosine, 2, 20, 0.1)]
    public void LearningRate_AtAStep_FollowsTheSchedule(LearningRateSchedule schedule, int warmup, int step, double expected)
    {
        var options = new MlpOptions { LearningRate = 0.1f, Schedule = schedule, WarmupEpochs = warmup, StepEpochs = 4, Epochs = 20 };
        Assert.Equal(expected, LearningRates.At(options, step, stepsPerEpoch: 10), 1e-6);
    }
}
