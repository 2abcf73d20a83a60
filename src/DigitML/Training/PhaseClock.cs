using System.Diagnostics;

namespace DigitML.Training;

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
