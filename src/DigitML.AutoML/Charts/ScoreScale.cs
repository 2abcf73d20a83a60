using DigitML.AutoML.Trials;
using DigitML.Charts.Drawing;
using DigitML.IO;

namespace DigitML.AutoML.Charts;

/// <summary>
/// A study's metric in words, and which of its figures charts show: all, unless some are so far behind that the others would lie on one line.
/// What is more than three times as far behind the best as the middle one is counts as being at the edge.
/// </summary>
internal sealed class ScoreScale
{
    private const double Reach = 3;

    private readonly ExperimentMetric _metric;

    /// <summary>Looks at all scores that a chart may show.</summary>
    public ScoreScale(ExperimentMetric metric, IEnumerable<TrialScore> scores)
    {
        _metric = metric;
        double[] sorted = [.. scores.Select(score => score.Goodness(metric)).Where(IsFigure).Order()];
        if (sorted.Length == 0)
        {
            // Nothing to show yet: the whole range.
            (Worst, Best) = metric == ExperimentMetric.LogLoss ? (-1, 0) : (0, 1);
            return;
        }

        Best = sorted[^1];
        var middle = sorted[sorted.Length / 2];
        var edge = middle < Best ? Best - (Reach * (Best - middle)) : sorted[0];
        HiddenCount = sorted.Count(goodness => goodness < edge);
        Worst = sorted[HiddenCount];
    }

    /// <summary>The greatest goodness there is.</summary>
    public double Best { get; }

    /// <summary>The least goodness shown.</summary>
    public double Worst { get; }

    /// <summary>How many lie beyond.</summary>
    public int HiddenCount { get; }

    /// <summary>What the metric is called within a sentence.</summary>
    public string Name => NameOf(_metric);

    /// <summary>What an axis of it is called.</summary>
    public string AxisTitle => _metric == ExperimentMetric.LogLoss ? "Log-loss on validation data, nats" : $"{char.ToUpperInvariant(Name[0])}{Name[1..]} on validation data, %";

    /// <summary>What a metric is called within a sentence.</summary>
    public static string NameOf(ExperimentMetric metric) => metric switch
    {
        ExperimentMetric.MacroAccuracy => "macro accuracy",
        ExperimentMetric.LogLoss => "log-loss",
        _ => "accuracy",
    };

    /// <summary>A figure of the metric as text.</summary>
    public static string Format(ExperimentMetric metric, double figure) =>
        metric == ExperimentMetric.LogLoss ? (double.IsFinite(figure) ? Invariant($"{figure:0.0000}") : "diverged") : Percent.Format(figure);

    /// <summary>A score as text.</summary>
    public string Format(TrialScore score) => Format(_metric, score.Of(_metric));

    /// <summary>A goodness as text.</summary>
    public string FormatGoodness(double goodness) => Format(_metric, FigureOf(goodness));

    /// <summary>Whether a lower figure is a better one.</summary>
    public bool IsLowerBetter => _metric == ExperimentMetric.LogLoss;

    /// <summary>A goodness as the figure that it stands for.</summary>
    public double FigureOf(double goodness) => _metric == ExperimentMetric.LogLoss ? -goodness : goodness;

    /// <summary>Whether a score is a number.</summary>
    public bool IsFinite(TrialScore score) => IsFigure(score.Goodness(_metric));

    /// <summary>Whether a chart shows a score where it is.</summary>
    public bool IsShown(TrialScore score) => score.Goodness(_metric) is var goodness && IsFigure(goodness) && goodness >= Worst;

    /// <summary>The place of a score: 0 at the worst shown and beyond, 1 at the best.</summary>
    public double Share(TrialScore score) => Best > Worst ? Math.Clamp((Math.Max(score.Goodness(_metric), Worst) - Worst) / (Best - Worst), 0, 1) : 1;

    /// <summary>The axis of all that is shown.</summary>
    public Axis ToAxis()
    {
        double[] ends = [FigureOf(Worst), FigureOf(Best)];
        return _metric == ExperimentMetric.LogLoss ? Axes.Around(AxisTitle, ends) : Axes.Shares(AxisTitle, ends);
    }

    /// <summary>What a subtitle says of scores beyond the edge; empty for none.</summary>
    public string Hidden(int count, string what) => count == 0
        ? ""
        : Invariant($" · {count} {what}{(count == 1 ? "" : "s")} {(_metric == ExperimentMetric.LogLoss ? "above" : "below")} {Format(_metric, FigureOf(Worst))} not shown");

    private static bool IsFigure(double goodness) => goodness > double.MinValue;
}
