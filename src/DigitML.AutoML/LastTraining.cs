using DigitML.AutoML.Trials;
using DigitML.AutoML.Tuning;

namespace DigitML.AutoML;

/// <summary>What the winner's last training, on all data, may take of a search's time.</summary>
internal sealed class LastTraining(MlpExperiment experiment, ExperimentData data, ITuner tuner, IReadOnlyDictionary<string, ITrialTrainer> trainers, int threads, int threadsPerWorker)
{
    /// <summary>Two threads on one training are worth less than twice one, which the time left allows for.</summary>
    private const double ThreadGain = 0.75;

    /// <summary>What of the time is kept: all it needs, but never more than half where it can be cut.</summary>
    /// <param name="best">The winner so far.</param>
    /// <param name="time">The search's.</param>
    public TimeSpan TimeKept(TrialRecord best, TimeSpan time)
    {
        if (!experiment.Refit)
        {
            return TimeSpan.Zero;
        }

        var all = SecondsPerEpoch(best) * tuner.Rungs[^1];
        return TimeSpan.FromSeconds(trainers[best.Trainer].RefitsByEpochs ? Math.Min(all, time.TotalSeconds / 2) : all);
    }

    /// <summary>Its epochs: as many as the winner's schedule was searched for, or what the time left allows; its schedule shrinks with them.</summary>
    /// <param name="best">The winner.</param>
    /// <param name="elapsed">Since the search began.</param>
    public int EpochsFor(TrialRecord best, TimeSpan elapsed)
    {
        var all = tuner.Rungs[^1];
        if (experiment.TrainingTime is not { } time || !trainers[best.Trainer].RefitsByEpochs)
        {
            return all;
        }

        // Not far below what the trial was judged by, or the model would be worse than the search says.
        var fewest = Math.Max(1, best.Last!.Epochs / 3);
        return (int)Math.Clamp((time - elapsed).TotalSeconds / SecondsPerEpoch(best), fewest, all);
    }

    private double SecondsPerEpoch(TrialRecord best) =>
        best.SecondsPerEpoch * data.Whole.Count / data.Count / Math.Max(1, ThreadGain * threads / threadsPerWorker);
}
