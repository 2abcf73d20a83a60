using DigitML.AutoML.Spaces;
using DigitML.IO;

namespace DigitML.AutoML.Trials;

/// <summary>Where a trial stands.</summary>
public enum TrialState
{
    /// <summary>Nobody works on it and its next rung is due: it was given back, or its worker is gone.</summary>
    Waiting,

    /// <summary>A worker trains it.</summary>
    Running,

    /// <summary>It has reached a rung and goes on if it is promoted.</summary>
    Paused,

    /// <summary>It has reached the last rung.</summary>
    Finished,

    /// <summary>It cannot be trained; <see cref="TrialRecord.Error"/> says why.</summary>
    Failed,
}

/// <summary>What a trial reached at one rung.</summary>
public sealed record RungResult
{
    /// <summary>The rung, from 0.</summary>
    public required int Rung { get; init; }

    /// <summary>Epochs trained by then.</summary>
    public required int Epochs { get; init; }

    /// <summary>On the validation data.</summary>
    public required TrialScore Score { get; init; }

    /// <summary>Seconds of training since the rung before.</summary>
    public required double Seconds { get; init; }

    /// <summary>Bytes of the model as a file.</summary>
    public required long ModelBytes { get; init; }

    /// <summary>When it was reached.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Who trained it.</summary>
    public required string Worker { get; init; }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(RungResult), PrintMembers);
}

/// <summary>One trial of a study, as it stands.</summary>
public sealed record TrialRecord
{
    /// <summary>Its number in the study, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>Where it stands.</summary>
    public required TrialState State { get; init; }

    /// <summary>What it tries; null for a moment after it was claimed.</summary>
    public TrialSettings? Settings { get; init; }

    /// <summary>The rungs that it has reached, in order.</summary>
    public IReadOnlyList<RungResult> Rungs { get; init; } = [];

    /// <summary>Who works on it; null for nobody.</summary>
    public string? Worker { get; init; }

    /// <summary>Why it cannot be trained; null otherwise.</summary>
    public string? Error { get; init; }

    /// <summary>The trainer's name: <c>mlp</c> unless the settings say otherwise.</summary>
    public string Trainer => Settings?.TryGetValue(SearchSpace.TrainerSetting, out var trainer) == true ? trainer.Word : ITrialTrainer.Mlp;

    /// <summary>The last rung that it has reached; null for none.</summary>
    public RungResult? Last => Rungs.Count > 0 ? Rungs[^1] : null;

    /// <summary>Seconds of training in all.</summary>
    public double Seconds => Rungs.Sum(rung => rung.Seconds);

    /// <summary>Seconds of an epoch in the rung where they were fewest: others begin cold, or beside others' work. Of a trial that reached a rung.</summary>
    internal double SecondsPerEpoch => Rungs.Select((rung, i) => rung.Seconds / (rung.Epochs - (i > 0 ? Rungs[i - 1].Epochs : 0))).Min();

    /// <inheritdoc/>
    public override string ToString() => Invariant($"trial {Number}: {State}, {(Last is { } last ? Invariant($"accuracy {Percent.Format(last.Score.Accuracy)} after {last.Epochs} {(last.Epochs == 1 ? "epoch" : "epochs")}") : "no rung reached")}; {Settings}");
}
