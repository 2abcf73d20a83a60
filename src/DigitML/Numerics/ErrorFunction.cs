namespace DigitML.Numerics;

/// <summary>What .NET's <see cref="Math"/> lacks of the functions that activations are made of, in doubles.</summary>
internal static class ErrorFunction
{
    private const double TwoOverSqrtPi = 1.1283791670955126;

    /// <summary>
    /// erf(x) by the series <c>2/√π · exp(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 ⋯ (2n + 1))</c>, whose terms all have one sign, so that nothing cancels;
    /// right to a few units of a double's last place. Beyond ±6 it is ±1 as a double.
    /// </summary>
    public static double Erf(double x)
    {
        if (!(Math.Abs(x) < 6))
        {
            return double.IsNaN(x) ? x : Math.Sign(x);
        }

        var (sum, term) = (x, x);
        for (var n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return TwoOverSqrtPi * Math.Exp(-x * x) * sum;
    }

    /// <summary>The normal distribution Φ(x) = (1 + erf(x / √2)) / 2.</summary>
    public static double Normal(double x) => 0.5 * (1 + Erf(x / Math.Sqrt(2)));

    /// <summary>exp(x) − 1, without the cancellation near 0.</summary>
    public static double ExpLessOne(double x) => Math.Abs(x) > 0.5 ? Math.Exp(x) - 1 : 2 * Math.Exp(x / 2) * Math.Sinh(x / 2);
}
