using System.Globalization;
using DigitML.Data;

namespace DigitML.Training;

/// <summary>What a trained model says of itself in its file.</summary>
internal static class ModelMetadata
{
    /// <summary>The entries, all text.</summary>
    public static Dictionary<string, string> Of(TrainingHistory history, LabelledImages images)
    {
        var options = history.Options;
        var invariant = CultureInfo.InvariantCulture;
        return new Dictionary<string, string>
        {
            ["producer"] = "DigitML",
            ["version"] = typeof(ModelMetadata).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
            ["dataset"] = history.Dataset,
            ["synthetic"] = history.IsSynthetic ? "true" : "false",
            ["dataHash"] = history.DataHash,
            ["labels"] = string.Join(',', Enumerable.Range(0, images.ClassCount)),
            ["imageSize"] = $"{images.Width}x{images.Height}",
            ["seed"] = options.Seed.ToString(invariant),
            ["epoch"] = history.BestEpoch.ToString(invariant),

            // Threads change nothing in the model; left out, they change nothing in its file either.
            ["options"] = (options with { Threads = 0 }).ToJson(),
        };
    }
}
