using System.Globalization;
using DigitML.Models;

namespace DigitML.Training;

/// <summary>What a trained model says of itself in its file.</summary>
internal static class ModelMetadata
{
    /// <summary>The entries, all text.</summary>
    public static Dictionary<string, string> Of(TrainingHistory history, TrainingData data, Mlp? teacher)
    {
        var options = history.Options;
        var invariant = CultureInfo.InvariantCulture;
        var metadata = new Dictionary<string, string>
        {
            ["producer"] = "DigitML",
            ["version"] = typeof(ModelMetadata).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
            ["dataset"] = history.Dataset,
            ["synthetic"] = history.IsSynthetic ? "true" : "false",
            ["dataHash"] = history.DataHash,
            ["labels"] = string.Join(',', Enumerable.Range(0, data.ClassCount)),
            ["seed"] = options.Seed.ToString(invariant),
            ["epoch"] = history.BestEpoch.ToString(invariant),

            // Threads change nothing in the model; left out, they change nothing in its file either.
            ["options"] = (options with { Threads = 0 }).ToJson(),
        };
        if (teacher is not null)
        {
            metadata["teacher"] = teacher.Hash;
        }

        foreach (var (key, value) in data.Description)
        {
            metadata[key] = value;
        }

        return metadata;
    }
}
