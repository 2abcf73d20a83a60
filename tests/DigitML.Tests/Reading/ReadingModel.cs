using DigitML.Data;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Tests.Reading;

/// <summary>A small network that knows the synthetic digits, trained once: enough to see whether the steps before it change an answer.</summary>
internal static class ReadingModel
{
    private static readonly Lazy<Mlp> Trained = new(() => new MlpTrainer(new MlpOptions
    {
        HiddenLayers = [128],
        Epochs = 8,
        BatchSize = 50,
        ValidationFraction = 0,
        Seed = 11,
        Augmentation = new AugmentationOptions { RotationDegrees = 8, Shift = 1, StrokeWidth = 0.8f, Blur = 1 },
    }).Fit(SyntheticDigits.Create(15_000, seed: 23)).Model);

    public static Mlp Synthetic => Trained.Value;
}
