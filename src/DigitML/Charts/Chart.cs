using DigitML.Charts.Drawing;
using DigitML.Evaluation;

namespace DigitML.Charts;

/// <summary>
/// Makes figures of results. Colours can be told apart with any common form of colour blindness, series differ in shape or
/// dash as well, axes name their units, and every figure names its data, saying so when a program drew them.
/// </summary>
public static partial class Chart
{
    /// <summary>Where legends start: below the subtitle, level with it.</summary>
    private const int Edge = SvgWriter.Edge - 4;

    private static string Name(string dataset, bool isSynthetic) =>
        isSynthetic && !dataset.Contains("synthetic", StringComparison.OrdinalIgnoreCase) ? $"{dataset} (synthetic)" : dataset;

    private static string Headline(EvaluationResult evaluation) => FormattableString.Invariant(
        $"{Name(evaluation.Dataset, evaluation.IsSynthetic)} · {evaluation.Count:N0} images · accuracy {100 * evaluation.MicroAccuracy:0.00} % (95 %: {evaluation.AccuracyInterval})");

    private static string Share(double share) =>
        double.IsNaN(share) ? "none" : FormattableString.Invariant($"{100 * share:0.00} %");

    /// <summary>An axis of shares from a round place below the lowest to a round one above the highest, within 0 and 1.</summary>
    private static Axis ShareAxis(string title, IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (Math.Max(0, finite.Min()), Math.Min(1, finite.Max()));
        var step = Ticks.Step(Math.Max(high - low, 0.002), 5);
        // A little room beyond 1 keeps points there whole.
        var start = Math.Max(0, Math.Floor(low / step - 0.1) * step);
        var end = Math.Min(1 + step * 0.1, Math.Ceiling(high / step + 0.1) * step);
        return new Axis(title, start, end) { Ticks = Ticks.Every(step, start, Math.Min(1, end), Ticks.Percent), HasGrid = true };
    }

    /// <summary>An axis from 0 to a round place above the highest number.</summary>
    private static Axis ZeroAxis(string title, IEnumerable<double> values, Func<double, string> format)
    {
        var high = values.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var step = Ticks.Step(high > 0 ? high : 1, 5);
        var end = Math.Max(1, Math.Ceiling(high / step)) * step;
        return new Axis(title, 0, end) { Ticks = Ticks.Every(step, 0, end, format), HasGrid = true };
    }
}
