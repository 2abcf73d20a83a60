using System.Globalization;

namespace DigitML.IO;

/// <summary>Shares and their changes as people read them, the same in every culture.</summary>
internal static class Percent
{
    /// <summary>
    /// A measured share as a percentage, rounded: 0.97435 is <c>97.44 %</c>. What is not all is not written as 100 %: 0.99999 is <c>99.99 %</c>.
    /// </summary>
    /// <param name="share">0 to 1 for a part of a whole; NaN where there is none.</param>
    /// <param name="decimals">Decimals that are always written, at least 0.</param>
    /// <param name="most">Decimals that are written where they are not 0, when that is more than <paramref name="decimals"/>.</param>
    /// <param name="none">What NaN is written as.</param>
    public static string Format(double share, int decimals = 2, int most = 0, string none = "–") =>
        double.IsNaN(share) ? none : Number(share, decimals, most) + " %";

    /// <summary>The number of <see cref="Format"/>, without its sign.</summary>
    /// <param name="share">0 to 1 for a part of a whole.</param>
    /// <param name="decimals">Decimals that are always written, at least 0.</param>
    /// <param name="most">Decimals that are written where they are not 0, when that is more than <paramref name="decimals"/>.</param>
    public static string Number(double share, int decimals = 2, int most = 0)
    {
        var nearlyAll = 100 - Math.Pow(10, -Math.Max(decimals, most));
        return (share < 1 ? Math.Min(100 * share, Math.Max(nearlyAll, 0)) : 100 * share).ToString("0." + Places(decimals, most), CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// How sure a network is of one answer: one decimal, and neither certainty nor impossibility where there is none: 0.99961 is
    /// <c>&gt;99.9 %</c>. Its last tenths of a percent are not to be trusted.
    /// </summary>
    /// <param name="probability">0 to 1; NaN where there is none.</param>
    public static string Sureness(double probability) => probability switch
    {
        > 0.999 => ">99.9 %",
        < 0.001 => "<0.1 %",
        _ => Format(probability, 1),
    };

    /// <summary>A change of a share in points, with its sign: <c>+0.12 points</c>.</summary>
    /// <param name="change">The later share less the earlier one.</param>
    /// <param name="most">Decimals that are written where they are not 0, when that is more than two.</param>
    public static string Points(double change, int most = 0)
    {
        var places = Places(2, most);
        return (100 * change).ToString($"+0.{places};−0.{places};±0.00", CultureInfo.InvariantCulture) + " points";
    }

    private static string Places(int decimals, int most) => new string('0', decimals) + new string('#', Math.Max(0, most - decimals));
}
