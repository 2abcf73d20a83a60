using System.Globalization;

namespace DigitML.IO;

/// <summary>Shares and their changes as people read them, the same in every culture.</summary>
internal static class Percent
{
    /// <summary>A share as a percentage: 0.97435 is <c>97.44 %</c>.</summary>
    /// <param name="share">0 to 1 for a part of a whole; NaN where there is none.</param>
    /// <param name="decimals">Decimals that are always written, at least 0.</param>
    /// <param name="most">Decimals that are written where they are not 0, when that is more than <paramref name="decimals"/>.</param>
    /// <param name="none">What NaN is written as.</param>
    public static string Format(double share, int decimals = 2, int most = 0, string none = "–") =>
        double.IsNaN(share) ? none : (100 * share).ToString("0." + Places(decimals, most), CultureInfo.InvariantCulture) + " %";

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
