using System.Globalization;
using DigitML.Evaluation;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Reports;

/// <summary>The tables of results, as reports, model cards and notebooks show them.</summary>
internal static class ResultTables
{
    /// <summary>The evaluation in one sentence, its data named and its interval given.</summary>
    public static string Headline(EvaluationResult evaluation) => FormattableString.Invariant(
        $"{NameOf(evaluation)}: accuracy {100 * evaluation.MicroAccuracy:0.00} % (95 % interval {evaluation.AccuracyInterval}) on {evaluation.Count:N0} images, log-loss {evaluation.LogLoss:0.0000}.");

    public static string NameOf(EvaluationResult evaluation) =>
        evaluation.IsSynthetic && !evaluation.Dataset.Contains("synthetic", StringComparison.OrdinalIgnoreCase) ? $"{evaluation.Dataset} (synthetic)" : evaluation.Dataset;

    /// <summary>The metrics; beside a baseline, its values and the change.</summary>
    public static Block.Table Headlines(EvaluationResult evaluation, EvaluationResult? baseline = null)
    {
        var rows = new List<IReadOnlyList<string>>
        {
            Shares("Accuracy", result => result.MicroAccuracy),
            Shares("Macro accuracy", result => result.MacroAccuracy),
            Metric("Log-loss, nats", result => result.LogLoss, value => FormattableString.Invariant($"{value:0.0000}"), change => FormattableString.Invariant($"{change:+0.0000;−0.0000;±0.0000}")),
            Shares("Calibration error", result => result.ExpectedCalibrationError),
        };
        if (evaluation.ConfusionMatrix.ClassCount > 3 && (baseline is null || baseline.ConfusionMatrix.ClassCount > 3))
        {
            rows.Insert(2, Shares("Among the 3 most probable", result => result.TopKAccuracy(3)));
        }

        return new Block.Table(baseline is null ? ["Metric", "Value"] : ["Metric", "Value", "Baseline", "Change"], rows);

        string[] Shares(string name, Func<EvaluationResult, double> valueOf) =>
            Metric(name, valueOf, value => Percent(value), change => FormattableString.Invariant($"{100 * change:+0.00;−0.00;±0.00} points"));

        string[] Metric(string name, Func<EvaluationResult, double> valueOf, Func<double, string> format, Func<double, string> formatChange) => baseline is null
            ? Row(name, format(valueOf(evaluation)))
            : Row(name, format(valueOf(evaluation)), format(valueOf(baseline)), formatChange(valueOf(evaluation) - valueOf(baseline)));
    }

    public static Block.Table PerClass(EvaluationResult evaluation) => new(
        ["Class", "Images", "Precision", "Recall", "F1"],
        [.. evaluation.PerClass.Select(metrics => Row(Number(metrics.Class), FormattableString.Invariant($"{metrics.Support:N0}"), Percent(metrics.Precision), Percent(metrics.Recall), Percent(metrics.F1)))]);

    /// <summary>True classes down, predicted across; a zero is left blank so that mistakes stand out.</summary>
    public static Block.Table Confusion(ConfusionMatrix matrix)
    {
        var classes = Enumerable.Range(0, matrix.ClassCount).ToArray();
        return new Block.Table(
            ["True \\ predicted", .. classes.Select(Number), "Recall"],
            [.. classes.Select(t => Row([Number(t), .. classes.Select(p => matrix[t, p] == 0 ? "" : Number(matrix[t, p])), Percent(matrix.Recall(t))]))]);
    }

    /// <summary>The pairs of classes most often taken for each other, most first.</summary>
    public static Block.Table WorstConfusions(ConfusionMatrix matrix, int count = 10)
    {
        var n = matrix.ClassCount;
        var pairs = Enumerable.Range(0, n * n)
            .Select(i => (True: i / n, Predicted: i % n, Count: matrix[i / n, i % n]))
            .Where(pair => pair.True != pair.Predicted && pair.Count > 0)
            .OrderByDescending(pair => pair.Count)
            .Take(count);
        return new Block.Table(
            ["True → predicted", "Images", "Share of the true class"],
            [.. pairs.Select(pair => Row($"{pair.True} → {pair.Predicted}", Number(pair.Count), Percent((double)pair.Count / matrix.TrueCount(pair.True))))]);
    }

    /// <summary>A network's sizes from its input to its classes: 784-128-32-10.</summary>
    public static string Shape(Mlp model) => string.Join('-', model.Layers.Select(layer => layer.Outputs).Prepend(model.InputCount));

    /// <summary>What a model is and what its file says of its training.</summary>
    public static Block.Facts Network(Mlp model) => new(
    [
        ("Network", Shape(model)),
        ("Parameters", FormattableString.Invariant($"{model.ParameterCount:N0}")),
        ("Trained on", model.Metadata.GetValueOrDefault("dataset", "not known")),
        ("Seed", model.Metadata.GetValueOrDefault("seed", "not known")),
        ("Hash (SHA-256)", model.Hash),
    ]);

    /// <summary>An epoch a row.</summary>
    public static Block.Table Epochs(TrainingHistory history) => new(
        ["Epoch", "Training loss", "Training accuracy", "Validation loss", "Validation accuracy"],
        [.. history.Epochs.Select(epoch => Row(
            Number(epoch.Epoch) + (epoch.Epoch == history.BestEpoch ? " (kept)" : ""),
            Loss(epoch.TrainLoss),
            Percent(epoch.TrainAccuracy),
            Loss(epoch.ValidationLoss),
            Percent(epoch.ValidationAccuracy)))]);

    public static string Percent(double? share) =>
        share is { } value && !double.IsNaN(value) ? FormattableString.Invariant($"{100 * value:0.00} %") : "–";

    private static string Loss(double? loss) =>
        loss is { } value && double.IsFinite(value) ? FormattableString.Invariant($"{value:0.0000}") : "–";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string[] Row(params string[] cells) => cells;
}
