using System.Globalization;

namespace DigitML.Benchmarks.Reporting;

/// <summary>Figures as the tables show them: three digits that mean something.</summary>
internal static class Figure
{
    /// <summary>A number with three significant digits, or all digits before the point, in groups of three.</summary>
    public static string Of(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        var decimals = Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 9);
        return value.ToString($"N{decimals}", CultureInfo.InvariantCulture);
    }

    /// <summary>Seconds, in the unit that suits them.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        >= 1 => $"{Of(seconds)} s",
        >= 1e-3 => $"{Of(seconds * 1e3)} ms",
        >= 1e-6 => $"{Of(seconds * 1e6)} µs",
        _ => $"{Of(seconds * 1e9)} ns",
    };

    /// <summary>A share of 1 in per cent.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:F1} %");

    /// <summary>A factor.</summary>
    public static string Times(double factor) => string.Create(CultureInfo.InvariantCulture, $"{factor:F2}×");

    /// <summary>A count, in groups of three.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
