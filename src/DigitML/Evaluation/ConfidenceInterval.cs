using DigitML.IO;

namespace DigitML.Evaluation;

/// <summary>Where a share that was measured on a sample lies, with 95 % confidence.</summary>
/// <param name="Lower">0 to 1.</param>
/// <param name="Upper"><paramref name="Lower"/> to 1.</param>
public readonly record struct ConfidenceInterval(double Lower, double Upper)
{
    /// <summary>The 97.5 % point of the normal distribution: 2.5 % are left out on either side.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>
    /// The score interval of E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    /// Journal of the American Statistical Association 22 (1927), for a share of independent trials. Unlike the
    /// usual ± z·√(p(1−p)/n) it stays within 0 and 1 and holds near both.
    /// </summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">At least 1.</param>
    public static ConfidenceInterval Wilson(int successes, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        var n = (double)trials;
        var p = successes / n;
        var center = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
        var half = Z / (1 + Z * Z / n) * Math.Sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        // At both ends the bound is exact; rounding would leave it a hair beside.
        return new ConfidenceInterval(successes == 0 ? 0 : center - half, successes == trials ? 1 : center + half);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Percent.Format(Lower)} to {Percent.Format(Upper)}";
}
