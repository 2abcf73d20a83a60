using DigitML.Data;
using DigitML.Evaluation;
using DigitML.Training;

namespace DigitML.Web.Tests;

/// <summary>A model for digits, with its evaluation and history, trained once in a few seconds on synthetic ones.</summary>
internal static class TestModel
{
    private static readonly Lazy<LoadedModel> s_loaded = new(Train);

    /// <summary>The model.</summary>
    public static LoadedModel Loaded => s_loaded.Value;

    private static LoadedModel Train()
    {
        var options = new MlpOptions
        {
            HiddenLayers = [256],
            Epochs = 10,
            BatchSize = 64,
            LearningRate = 2e-3f,
            Schedule = LearningRateSchedule.Cosine,
            ValidationFraction = 0.1,
            Seed = 71,
            Augmentation = new AugmentationOptions { RotationDegrees = 8, Scale = 0.1f, Shift = 1, StrokeWidth = 0.8f, Blur = 1 },
        };
        var training = new MlpTrainer(options).Fit(SyntheticDigits.Create(20_011, seed: 72));
        return new LoadedModel(training.Model, training.Model.Evaluate(SyntheticDigits.Create(517, seed: 73)), training.History);
    }
}
