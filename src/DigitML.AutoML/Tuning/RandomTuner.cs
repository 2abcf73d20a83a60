using DigitML.AutoML.Spaces;
using DigitML.Pixels;

namespace DigitML.AutoML.Tuning;

/// <summary>The control: every trial is random and trained to the end (Bergstra and Bengio 2012).</summary>
/// <param name="maximumEpochs">Epochs of a whole training, at least 1.</param>
public sealed class RandomTuner(int maximumEpochs = HalvingTuner.DefaultMaximumEpochs) : ITuner
{
    /// <inheritdoc/>
    public string Name => "random";

    /// <inheritdoc/>
    public IReadOnlyList<int> Rungs { get; } = maximumEpochs >= 1 ? [maximumEpochs] : throw new ArgumentOutOfRangeException(nameof(maximumEpochs), maximumEpochs, "A training has at least 1 epoch.");

    /// <inheritdoc/>
    public double ReductionFactor => 0;

    /// <inheritdoc/>
    public TrialSettings Suggest(SearchSpace space, StudyView study, int number, int seed)
    {
        ArgumentNullException.ThrowIfNull(space);
        return Draw(space, number, seed);
    }

    /// <summary>A random point by the trial's number: a start of the space while there are any.</summary>
    internal static TrialSettings Draw(SearchSpace space, int number, int seed)
    {
        var random = SeededRandom.OfItem(seed, number);
        return number < space.Starts.Count ? space.Fit(space.Starts[number], random) : space.Sample(random);
    }
}
