namespace DigitML.Charts.Drawing;

/// <summary>Axes with round ends and ticks, around the numbers that they shall hold.</summary>
internal static class Axes
{
    /// <summary>An axis of shares from a round place below the lowest to a round one above the highest, within 0 and 1.</summary>
    public static Axis Shares(string title, IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (Math.Max(0, finite.Min()), Math.Min(1, finite.Max()));
        var step = Ticks.Step(Math.Max(high - low, 0.002), 5);
        // A little room beyond 1 keeps points there whole.
        var start = Math.Max(0, Math.Floor(low / step - 0.1) * step);
        var end = Math.Min(1 + step * 0.1, Math.Ceiling(high / step + 0.1) * step);
        return new Axis(title, start, end) { Ticks = Ticks.Every(step, start, Math.Min(1, end), Ticks.Share), HasGrid = true };
    }

    /// <summary>An axis from 0 to a round place above the highest number.</summary>
    public static Axis FromZero(string? title, IEnumerable<double> values, Func<double, string> format)
    {
        var high = values.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var step = Ticks.Step(high > 0 ? high : 1, 5);
        var end = Math.Max(1, Math.Ceiling(high / step)) * step;
        return new Axis(title, 0, end) { Ticks = Ticks.Every(step, 0, end, format), HasGrid = true };
    }

    /// <summary>An axis of numbers from a round place below the lowest to a round one above the highest, not below 0.</summary>
    public static Axis Around(string title, IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (finite.Min(), finite.Max());
        var step = Ticks.Step(Math.Max(high - low, Math.Max(1e-4, 0.02 * Math.Abs(high))), 5);
        var start = Math.Max(0, Math.Floor(low / step - 0.1) * step);
        var end = Math.Ceiling(high / step + 0.1) * step;
        return new Axis(title, start, end) { Ticks = Ticks.Every(step, start, end, Ticks.Number), HasGrid = true };
    }
}
