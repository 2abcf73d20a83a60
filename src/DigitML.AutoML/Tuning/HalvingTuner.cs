using DigitML.AutoML.Spaces;
using DigitML.AutoML.Trials;
using DigitML.Pixels;

namespace DigitML.AutoML.Tuning;

/// <summary>
/// Asynchronous successive halving over epochs (ASHA; Li et al. 2020): many trials are trained a little, the best of each rung go on to the next, and nobody
/// waits for a rung to fill. New trials come from a tree-structured Parzen estimator (Bergstra et al. 2011) once there are results to learn
/// from, as in BOHB (Falkner, Klein and Hutter 2018).
/// </summary>
public sealed class HalvingTuner : ITuner
{
    /// <summary>Epochs of a whole training unless said otherwise.</summary>
    public const int DefaultMaximumEpochs = 27;

    /// <summary>Results of a rung from which the estimator learns; before, trials are random.</summary>
    private const int LeastResults = 10;

    /// <summary>One new trial of so many is random all the same, so that no part of the space is given up for good.</summary>
    private const int RandomEvery = 5;

    /// <summary>Makes the rungs.</summary>
    /// <param name="maximumEpochs">Epochs of a whole training, at least 1.</param>
    /// <param name="minimumEpochs">
    /// Epochs to the first rung, 1 to <paramref name="maximumEpochs"/>; null for what makes three rungs, 3 of 27: schedules warm up at first and fall later, so
    /// that what a trial shows sooner says little of its end.
    /// </param>
    /// <param name="reductionFactor">One of so many goes on, with so many times the epochs; 2 to 16.</param>
    public HalvingTuner(int maximumEpochs = DefaultMaximumEpochs, int? minimumEpochs = null, int reductionFactor = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(reductionFactor, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reductionFactor, 16);
        ReductionFactor = reductionFactor;
        var fewest = minimumEpochs ?? Math.Max(1, maximumEpochs / (reductionFactor * reductionFactor));
        ArgumentOutOfRangeException.ThrowIfLessThan(fewest, 1, nameof(minimumEpochs));
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumEpochs, fewest);

        // From the end, so that the last step is a whole one and the first rung has at least what was asked for.
        var rungs = new List<int> { maximumEpochs };
        while (rungs[^1] / reductionFactor >= fewest)
        {
            rungs.Add(rungs[^1] / reductionFactor);
        }

        rungs.Reverse();
        Rungs = rungs;
    }

    /// <inheritdoc/>
    public string Name => "asha-tpe";

    /// <inheritdoc/>
    public IReadOnlyList<int> Rungs { get; }

    /// <inheritdoc/>
    public int ReductionFactor { get; }

    /// <inheritdoc/>
    public TrialSettings Suggest(SearchSpace space, StudyView study, int number, int seed)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(study);
        if (number < space.Starts.Count || number % RandomEvery == RandomEvery - 1)
        {
            return RandomTuner.Draw(space, number, seed);
        }

        // The highest rung that tells enough: what does well after a whole training says more than what does after one epoch.
        for (var rung = Rungs.Count - 1; rung >= 0; rung--)
        {
            if (study.CountAt(rung) >= LeastResults)
            {
                return TreeParzen.Suggest(space, new Selection<TrialRecord, TrialSettings>(study.ReachedBy(rung), trial => trial.Settings!), SeededRandom.OfItem(seed, number));
            }
        }

        return RandomTuner.Draw(space, number, seed);
    }
}
