using DigitML.IO;

namespace DigitML.Evaluation;

/// <summary>What an evaluation keeps beyond its metrics.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Bins of equal width over [0, 1] for the calibration error and its chart.</summary>
    /// <value>15, as Guo et al. 2017. 1 to 1,000.</value>
    public int CalibrationBins { get; init; } = 15;

    /// <summary>How many of the most confidently wrong images are listed.</summary>
    /// <value>25. 0 to 1,000,000.</value>
    public int MostConfidentlyWrong { get; init; } = 25;

    /// <summary>
    /// Whether an image's answer is the mean of the model's answers to thirteen views of it, moved, turned, slanted and scaled a little: thirteen times
    /// the work, and right more often where these leave an image what it is, as they do digits. Rows of tables have no views.
    /// </summary>
    /// <value>false.</value>
    public bool AverageViews { get; init; }

    /// <summary>Throws when an option is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the option, its range and what was given.</exception>
    public void Validate()
    {
        if (CalibrationBins is < 1 or > 1000)
        {
            throw new ArgumentException(Invariant($"{nameof(CalibrationBins)} must be 1 to 1000; got {CalibrationBins}."));
        }

        if (MostConfidentlyWrong is < 0 or > 1_000_000)
        {
            throw new ArgumentException(Invariant($"{nameof(MostConfidentlyWrong)} must be 0 to 1000000; got {MostConfidentlyWrong}."));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(EvaluationOptions), PrintMembers);
}
