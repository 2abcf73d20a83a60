using DigitML.IO;

namespace DigitML.Evaluation;

/// <summary>An evaluation beside an earlier one, image by image where both saw the same.</summary>
public sealed record EvaluationComparison
{
    private EvaluationComparison(EvaluationResult baseline, EvaluationResult current)
    {
        Baseline = baseline;
        Current = current;
    }

    /// <summary>The earlier evaluation.</summary>
    public EvaluationResult Baseline { get; }

    /// <summary>The new one.</summary>
    public EvaluationResult Current { get; }

    /// <summary>The new accuracy less the earlier one, −1 to 1; above 0 is better than before.</summary>
    public double AccuracyChange => Current.MicroAccuracy - Baseline.MicroAccuracy;

    /// <summary>Whether both are known to have seen the same images, by their hashes.</summary>
    public bool SameImages => Baseline.DataHash is not null && Baseline.DataHash == Current.DataHash && Baseline.Count == Current.Count;

    /// <summary>Images that only the earlier model classified correctly; null unless both saw the same and list their mistakes.</summary>
    public int? OnlyBaselineCorrect { get; private init; }

    /// <summary>Images that only the new model classified correctly; null unless both saw the same and list their mistakes.</summary>
    public int? OnlyCurrentCorrect { get; private init; }

    /// <summary>
    /// The probability that models which are equally good differ on these images by at least as much, 0 to 1: two-sided
    /// exact test of McNemar, "Note on the sampling error of the difference between correlated proportions or
    /// percentages", Psychometrika 12 (1947). Small means that the change is more than chance. Null as the counts are.
    /// </summary>
    public double? PValue { get; private init; }

    /// <summary>Compares two evaluations.</summary>
    /// <param name="baseline">The earlier one.</param>
    /// <param name="current">The new one.</param>
    public static EvaluationComparison Between(EvaluationResult baseline, EvaluationResult current)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(current);
        var comparison = new EvaluationComparison(baseline, current);
        if (!comparison.SameImages || baseline.MisclassifiedIndices is not { } before || current.MisclassifiedIndices is not { } now)
        {
            return comparison;
        }

        var onlyBaseline = now.Except(before).Count();
        var onlyCurrent = before.Except(now).Count();
        return comparison with { OnlyBaselineCorrect = onlyBaseline, OnlyCurrentCorrect = onlyCurrent, PValue = McNemar(onlyBaseline, onlyCurrent) };
    }

    /// <summary>Twice the binomial tail at one half, at most 1.</summary>
    internal static double McNemar(int onlyFirst, int onlySecond)
    {
        var n = onlyFirst + onlySecond;
        // In logarithms, since 2⁻ⁿ of thousands of images is 0 in doubles.
        var logTerm = -n * Math.Log(2);
        var sum = 0.0;
        for (var k = 0; k <= Math.Min(onlyFirst, onlySecond); k++)
        {
            sum += Math.Exp(logTerm);
            logTerm += Math.Log(n - k) - Math.Log(k + 1);
        }

        return Math.Min(1, 2 * sum);
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(EvaluationComparison), PrintMembers);
}
