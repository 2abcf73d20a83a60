using System.Text.Json.Serialization;
using DigitML.IO;

namespace DigitML.Training;

/// <summary>What is known of one epoch: while it runs, several times a second; once more when it is over.</summary>
public sealed record EpochReport
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs planned.</summary>
    [JsonIgnore]
    public int Epochs { get; init; }

    /// <summary>Training images seen in this epoch.</summary>
    [JsonIgnore]
    public int ImagesDone { get; init; }

    /// <summary>Training images in an epoch.</summary>
    [JsonIgnore]
    public int ImagesTotal { get; init; }

    /// <summary>Whether the epoch is over, its validation included.</summary>
    [JsonIgnore]
    public bool IsComplete { get; init; }

    /// <summary>Mean cross-entropy in nats over the images seen so far in this epoch, as they were when trained on; lower is better. What smooths labels or teaches (<see cref="MlpOptions.LabelSmoothing"/>, <see cref="MlpOptions.Distillation"/>) is part of it.</summary>
    [JsonConverter(typeof(NanAsNullConverter))]
    public required double TrainLoss { get; init; }

    /// <summary>Share of the same images classified correctly, 0 to 1; higher is better.</summary>
    public required double TrainAccuracy { get; init; }

    /// <summary>Mean cross-entropy in nats on the validation images; null without them or before the epoch is over; lower is better.</summary>
    [JsonConverter(typeof(NanAsNullConverter))]
    public double? ValidationLoss { get; init; }

    /// <summary>Share of validation images classified correctly, 0 to 1; null without them or before the epoch is over; higher is better.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Wall time of this epoch so far, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The learning rate of the latest update.</summary>
    public required double LearningRate { get; init; }

    /// <summary>One line: the epoch and its metrics, without times, so that the same run prints the same.</summary>
    public override string ToString()
    {
        var width = Epochs.ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
        var epoch = Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(width);
        var part = IsComplete ? "" : FormattableString.Invariant($" ({ImagesDone} of {ImagesTotal} images)");
        var validation = ValidationLoss is null ? "" : FormattableString.Invariant($"   validation: loss {ValidationLoss:0.0000}, accuracy {100 * ValidationAccuracy:0.00} %");
        return FormattableString.Invariant($"epoch {epoch}/{Epochs}{part}   training: loss {TrainLoss:0.0000}, accuracy {100 * TrainAccuracy:0.00} %{validation}");
    }
}

/// <summary>
/// Tells once an epoch is over, in order and on the thread that trains: for logs and notebooks.
/// <see cref="Progress{T}"/> would tell from other threads, and late.
/// </summary>
/// <param name="onEpoch">Given each completed epoch.</param>
public sealed class EpochProgress(Action<EpochReport> onEpoch) : IProgress<EpochReport>
{
    private readonly Action<EpochReport> _onEpoch = onEpoch ?? throw new ArgumentNullException(nameof(onEpoch));

    /// <inheritdoc/>
    public void Report(EpochReport value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.IsComplete)
        {
            _onEpoch(value);
        }
    }
}
