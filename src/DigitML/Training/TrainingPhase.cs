using System.Diagnostics;
using DigitML.IO;

namespace DigitML.Training;

/// <summary>What a training run spends its time on, in the order it happens.</summary>
public enum TrainingPhase
{
    /// <summary>Splitting the images, finding the normalisation, allocating, initial weights.</summary>
    Setup,

    /// <summary>Drawing an epoch's order.</summary>
    Shuffle,

    /// <summary>Changing an epoch's images, and a teacher's answers to them.</summary>
    Augmentation,

    /// <summary>Taking a batch's pictures in.</summary>
    Gather,

    /// <summary>Forward through all layers, ReLU and dropout included.</summary>
    Forward,

    /// <summary>Softmax, cross-entropy and its gradient.</summary>
    Loss,

    /// <summary>The gradients of all layers' inputs.</summary>
    InputGradient,

    /// <summary>The gradients of all weights and the optimizer's step.</summary>
    WeightUpdate,

    /// <summary>Waiting for the other threads.</summary>
    Waiting,

    /// <summary>Validating after an epoch.</summary>
    Validation,

    /// <summary>Progress reports, keeping the best weights, handing the model over.</summary>
    Other,
}

/// <summary>What one phase of a training run took, as the calling thread saw it; the other threads work in the same phases beside it.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Seconds">Wall time over the whole run.</param>
/// <param name="Share">Of <c>Fit</c>'s wall time, 0 to 1; the shares of a run sum to 1.</param>
public sealed record PhaseTime(TrainingPhase Phase, double Seconds, double Share)
{
    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(PhaseTime), PrintMembers);
}

/// <summary>Adds up what each phase of a run takes on the calling thread. One read of the clock a phase, nothing allocated.</summary>
internal sealed class PhaseClock
{
    private readonly long[] _ticks = new long[Enum.GetValues<TrainingPhase>().Length];
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Ends a phase: the time since the last call was its.</summary>
    /// <param name="member">The thread that ends it; all but 0 are passed over.</param>
    /// <param name="phase">What it was.</param>
    public void Mark(int member, TrainingPhase phase)
    {
        if (member == 0)
        {
            var now = Stopwatch.GetTimestamp();
            _ticks[(int)phase] += now - _last;
            _last = now;
        }
    }

    /// <summary>All phases, with what they have taken so far.</summary>
    public IReadOnlyList<PhaseTime> Times()
    {
        double total = Math.Max(1, _ticks.Sum());
        return [.. Enum.GetValues<TrainingPhase>().Select(phase => new PhaseTime(phase, _ticks[(int)phase] / (double)Stopwatch.Frequency, _ticks[(int)phase] / total))];
    }
}
