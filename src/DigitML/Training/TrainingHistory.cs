using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DigitML.Data;
using DigitML.IO;
using DigitML.Models;

namespace DigitML.Training;

/// <summary>How a training run went, epoch by epoch.</summary>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Svg, RichDisplay.PlotlyFigure])]
public sealed record TrainingHistory
{
    /// <summary>The most bytes a history's file may have; a million epochs need less.</summary>
    private const int MaximumFileBytes = 512 * 1024 * 1024;

    /// <summary>The data's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>Whether a program drew the training images; a figure about them must say so.</summary>
    [JsonPropertyName("synthetic")]
    public required bool IsSynthetic { get; init; }

    /// <summary>The options as given.</summary>
    [JsonConverter(typeof(MlpOptionsConverter))]
    public required MlpOptions Options { get; init; }

    /// <summary>The epochs that were completed, in order.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>The epoch, from 1, whose weights the model has; 0 when no epoch was completed.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Why training ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>Wall time of <c>Fit</c> in seconds, validation included, data already in memory.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Weights and biases.</summary>
    public required int Parameters { get; init; }

    /// <summary>Threads that trained.</summary>
    public required int Threads { get; init; }

    /// <summary>Images trained on in each epoch.</summary>
    public required int TrainingImages { get; init; }

    /// <summary>Images validated on after each epoch.</summary>
    public required int ValidationImages { get; init; }

    /// <summary>The training images' <see cref="Data.LabelledImages.Hash"/>.</summary>
    public required string DataHash { get; init; }

    /// <summary>One line: what was trained on, for how long and which epoch was kept; without times, so that the same run prints the same.</summary>
    public override string ToString() =>
        $"{SyntheticDigits.NameOf(Dataset, IsSynthetic)}: {Epochs.Count} epochs, epoch {BestEpoch} kept{(BestEpoch > 0 ? $" ({Epochs[BestEpoch - 1]})" : "")}";

    /// <summary>The history as JSON, indented: the content of <c>history.json</c>. What can be worked out from other fields is left out.</summary>
    /// <returns>The same text for the same history, with \n between lines.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, TrainingJson.Default.TrainingHistory) + "\n";

    /// <summary>Reads what <see cref="ToJson"/> wrote; fields it does not know are passed over.</summary>
    /// <param name="json">JSON text.</param>
    /// <exception cref="DigitException">The text is no history or contradicts itself.</exception>
    public static TrainingHistory FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse(Encoding.UTF8.GetBytes(json), "history");
    }

    /// <summary>Writes <see cref="ToJson"/> to a file; a crash leaves the old one.</summary>
    /// <param name="path">The file, usually <c>history.json</c>; its folder must exist.</param>
    /// <exception cref="DigitException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToJson()));

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DigitException">The file is not there, is no history or contradicts itself.</exception>
    public static TrainingHistory Load(string path) => Parse(BoundedFile.Read(path, MaximumFileBytes, "a training history in JSON"), path);

    private static TrainingHistory Parse(ReadOnlySpan<byte> json, string name)
    {
        try
        {
            var history = JsonSerializer.Deserialize(json, TrainingJson.Default.TrainingHistory) ?? throw new JsonException("found null.");
            Check(history);
            return history with
            {
                Epochs = [.. history.Epochs.Select(epoch => epoch with
                {
                    Epochs = history.Options.Epochs,
                    ImagesDone = history.TrainingImages,
                    ImagesTotal = history.TrainingImages,
                    IsComplete = true,
                })],
            };
        }
        catch (JsonException error)
        {
            throw new DigitException($"{name}: expected a training history as DigitML writes it, but: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    private static void Check(TrainingHistory history)
    {
        Require(!string.IsNullOrWhiteSpace(history.Dataset), "dataset must name the data");
        for (var i = 0; i < history.Epochs.Count; i++)
        {
            var epoch = history.Epochs[i];
            Require(epoch is not null && epoch.Epoch == i + 1, Invariant($"epochs[{i}] must be epoch {i + 1}"));
            Require(epoch!.TrainAccuracy is >= 0 and <= 1 && epoch.ValidationAccuracy is null or (>= 0 and <= 1), Invariant($"epochs[{i}] must have accuracies from 0 to 1"));
            Require(!(epoch.TrainLoss < 0) && !(epoch.ValidationLoss < 0), Invariant($"epochs[{i}] must have losses of at least 0"));
            Require(epoch.Seconds >= 0 && epoch.LearningRate >= 0, Invariant($"epochs[{i}] must have seconds and a learningRate of at least 0"));
        }

        Require(history.BestEpoch >= 0 && history.BestEpoch <= history.Epochs.Count, $"bestEpoch must be 0 to {history.Epochs.Count}, the epochs that were completed");
        Require(history.TrainSeconds >= 0, "trainSeconds must be at least 0");
        Require(history.Parameters >= 1 && history.Threads >= 1, "parameters and threads must be at least 1");
        Require(history.TrainingImages >= 0 && history.ValidationImages >= 0, "trainingImages and validationImages must be at least 0");
    }

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new JsonException(rule + ".");
        }
    }
}

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs were done.</summary>
    Completed,

    /// <summary>The validation loss did not fall for as many epochs as the patience allows; the best weights were restored.</summary>
    EarlyStopping,

    /// <summary>The caller cancelled; the best model so far was kept.</summary>
    Cancelled,

    /// <summary>The loss became NaN or infinite; the last good model was kept.</summary>
    Diverged,

    /// <summary>The epoch asked for was reached before the last: the training can go on from its checkpoint.</summary>
    Paused,
}

/// <summary>What a training run gives: the model and how it came about.</summary>
/// <param name="Model">The trained network.</param>
/// <param name="History">Epoch by epoch.</param>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Html])]
public sealed record TrainingResult(Mlp Model, TrainingHistory History)
{
    /// <summary>One line when training did not run to its end, with what to change; null otherwise.</summary>
    public string? Warning { get; init; }

    /// <summary>Where the time went, in the order of <see cref="TrainingPhase"/>; empty unless <see cref="MlpTrainer.MeasurePhases"/>.</summary>
    public IReadOnlyList<PhaseTime> Phases { get; init; } = [];

    /// <summary>From where the training goes on; null unless <see cref="MlpTrainer.FitUntil"/> made it, and when it was cancelled or diverged.</summary>
    public TrainingCheckpoint? Checkpoint { get; init; }
}
