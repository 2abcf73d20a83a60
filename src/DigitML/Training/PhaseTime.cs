namespace DigitML.Training;

/// <summary>What one phase of a training run took, as the calling thread saw it; the other threads work in the same phases beside it.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Seconds">Wall time over the whole run.</param>
/// <param name="Share">Of <c>Fit</c>'s wall time, 0 to 1; the shares of a run sum to 1.</param>
public sealed record PhaseTime(TrainingPhase Phase, double Seconds, double Share);
