namespace DigitML.Training;

/// <summary>How a training run went, epoch by epoch.</summary>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Svg])]
public sealed partial record TrainingHistory
{
    /// <summary>The data's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>Whether a program drew the training images; a figure about them must say so.</summary>
    public required bool IsSynthetic { get; init; }

    /// <summary>The options as given.</summary>
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
        $"{Dataset}{(IsSynthetic ? " (synthetic)" : "")}: {Epochs.Count} epochs, epoch {BestEpoch} kept{(BestEpoch > 0 ? $" ({Epochs[BestEpoch - 1]})" : "")}";
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
}
