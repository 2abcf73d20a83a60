using DigitML.Charts.Drawing;
using DigitML.Evaluation;

namespace DigitML.Charts;

public static partial class Chart
{
    /// <summary>Up to this many classes, cells of a confusion matrix have room for their counts.</summary>
    private const int MostClassesWithText = 12;

    /// <summary>
    /// How often each class was taken for each: the true classes down, 0 on top, the predicted ones across. Cells hold
    /// counts and, on the diagonal, shares of the true class; the colour follows the share's square root, so that rare confusions show.
    /// </summary>
    /// <param name="evaluation">What to draw.</param>
    public static Figure ConfusionHeatmap(EvaluationResult evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        var matrix = evaluation.ConfusionMatrix;
        var n = matrix.ClassCount;
        var cells = Enumerable.Range(0, n * n).Select(i => (True: i / n, Predicted: i % n)).ToArray();
        var shares = cells.Select(cell => matrix.TrueCount(cell.True) is var all and > 0 ? (double)matrix[cell.True, cell.Predicted] / all : 0).ToArray();
        double[] named = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1];
        var heatmap = new Heatmap
        {
            Rows = n,
            Columns = n,
            Values = [.. shares.Select(Math.Sqrt)],
            Texts = n > MostClassesWithText ? null : [.. cells.Select((cell, i) => CellText(cell.True, cell.Predicted, shares[i]))],
            Hover = [.. cells.Select((cell, i) => $"True {cell.True}, taken for {cell.Predicted}\n{Ticks.Count(matrix[cell.True, cell.Predicted])} of {Ticks.Count(matrix.TrueCount(cell.True))} images, {Share(shares[i])}")],
            ScaleTitle = "Share of the true class",
            ScaleTicks = [.. named.Select(share => new Tick(Math.Sqrt(share), Ticks.Percent(share)))],
        };
        var ticks = Ticks.Classes(n);
        return new Figure(
            "Confusion matrix",
            Headline(evaluation),
            680,
            640,
            [new Panel(62, 72, 510, 510, new Axis("Predicted class", -0.5, n - 0.5) { Ticks = ticks }, new Axis("True class", n - 0.5, -0.5) { Ticks = ticks }, [heatmap])]);

        string CellText(int t, int p, double share)
        {
            var count = matrix[t, p];
            if (count == 0)
            {
                return "";
            }

            // Cut, not rounded: 100 % says that nothing was missed.
            return t == p ? FormattableString.Invariant($"{count}\n{Math.Floor(share * 1000) / 10:0.0} %") : Ticks.Number(count);
        }
    }

    /// <summary>Precision, recall and F1 of every class; recall has its 95 % Wilson interval.</summary>
    /// <param name="evaluation">What to draw.</param>
    public static Figure PerClass(EvaluationResult evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        var classes = evaluation.PerClass;
        var intervals = classes.Select(metrics => metrics.Support > 0
            ? ConfidenceInterval.Wilson(evaluation.ConfusionMatrix[metrics.Class, metrics.Class], metrics.Support)
            : new ConfidenceInterval(double.NaN, double.NaN)).ToArray();
        Series[] series =
        [
            Points("Precision", Palette.Vermilion, Symbol.Diamond, -0.22, metrics => metrics.Precision),
            Points("Recall", Palette.Blue, Symbol.Circle, 0, metrics => metrics.Recall) with { Whiskers = [.. intervals.Select(interval => (interval.Lower, interval.Upper))] },
            Points("F1", Palette.Green, Symbol.Square, 0.22, metrics => metrics.F1),
        ];
        var y = ShareAxis("Share, %", series.SelectMany(points => points.Y).Concat(intervals.SelectMany(interval => new[] { interval.Lower, interval.Upper })));
        var x = new Axis("Class", -0.5, classes.Count - 0.5) { Ticks = Ticks.Classes(classes.Count) };
        return new Figure("Per class", Headline(evaluation), 880, 398, [new Panel(76, 92, 782, 244, x, y, series)], legendLeft: Edge);

        Series Points(string name, string color, Symbol symbol, double offset, Func<ClassMetrics, double> valueOf) => new()
        {
            Name = name,
            X = [.. classes.Select(metrics => metrics.Class + offset)],
            Y = [.. classes.Select(valueOf)],
            Color = color,
            HasLine = false,
            Symbol = symbol,
            Hover = [.. classes.Select(metrics => $"Class {metrics.Class}, {Ticks.Count(metrics.Support)} images\n{name} {Share(valueOf(metrics))}")],
        };
    }

    /// <summary>How often the model is right when it says how sure it is, beside a model whose word can be taken; below, how many images each bin holds.</summary>
    /// <param name="evaluation">What to draw.</param>
    public static Figure Calibration(EvaluationResult evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        var bins = evaluation.CalibrationBins.Where(bin => bin.Count > 0).ToArray();
        var shares = Ticks.Every(0.2, 0, 1, Ticks.Percent);
        var intervals = bins.Select(bin => ConfidenceInterval.Wilson((int)Math.Round(bin.Accuracy * bin.Count), bin.Count)).ToArray();
        var diagonal = new Series { Name = "As sure as right", X = [0, 1], Y = [0, 1], Color = Palette.Muted, IsDashed = true, Hover = ["", ""] };
        var model = new Series
        {
            Name = "Model, with 95 % interval",
            X = [.. bins.Select(bin => bin.Confidence)],
            Y = [.. bins.Select(bin => bin.Accuracy)],
            Color = Palette.Blue,
            Symbol = Symbol.Circle,
            Whiskers = [.. intervals.Select(interval => (interval.Lower, interval.Upper))],
            Hover = [.. bins.Select(bin => $"Said {Share(bin.Confidence)}, right {Share(bin.Accuracy)}\n{Ticks.Count(bin.Count)} images")],
        };
        // Nearly all images lie in the last bin; on a scale of powers of ten the others show too.
        var largest = Math.Max(1, bins.Select(bin => Math.Ceiling(Math.Log10(bin.Count))).DefaultIfEmpty(1).Max());
        var counts = new Bars
        {
            Name = "Images",
            Positions = [.. bins.Select(bin => (bin.Lower + bin.Upper) / 2)],
            // A bin of one image is a sliver rather than nothing.
            Values = [.. bins.Select(bin => Math.Max(0.04, Math.Log10(bin.Count)))],
            Colors = [.. bins.Select(_ => Palette.Blue)],
            Thickness = 0.92 / evaluation.CalibrationBins.Count,
            Hover = [.. bins.Select(bin => $"{Share(bin.Lower)} to {Share(bin.Upper)}\n{Ticks.Count(bin.Count)} images")],
        };
        var powers = Enumerable.Range(0, (int)largest + 1).Select(power => new Tick(power, Ticks.Count(Math.Pow(10, power)))).ToArray();
        return new Figure(
            "Calibration",
            FormattableString.Invariant($"{Name(evaluation.Dataset, evaluation.IsSynthetic)} · {evaluation.Count:N0} images · expected calibration error {100 * evaluation.ExpectedCalibrationError:0.00} %"),
            560,
            660,
            [
                new Panel(84, 100, 450, 340, new Axis(null, -0.02, 1.02) { Ticks = shares, HasGrid = true }, new Axis("Classified correctly, %", -0.02, 1.02) { Ticks = shares, HasGrid = true }, [diagonal, model]),
                new Panel(84, 484, 450, 116, new Axis("Probability given to the predicted class, %", -0.02, 1.02) { Ticks = shares }, new Axis("Images", 0, largest) { Ticks = powers, HasGrid = true }, [counts]),
            ],
            legendLeft: Edge);
    }
}
