using System.Globalization;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Reports;

/// <summary>The tables of results, as reports, model cards and notebooks show them.</summary>
internal static class ResultTables
{
    /// <summary>The evaluation in one sentence, its data named and its interval given.</summary>
    public static string Headline(EvaluationResult evaluation, string examples = "images") => Invariant(
        $"{NameOf(evaluation)}: accuracy {Percent.Format(evaluation.MicroAccuracy)} (95 % interval {evaluation.AccuracyInterval}) on {evaluation.Count:N0} {examples}, log-loss {evaluation.LogLoss:0.0000}.");

    public static string NameOf(EvaluationResult evaluation) =>
        SyntheticDigits.NameOf(evaluation.Dataset, evaluation.IsSynthetic);

    /// <summary>The metrics; beside a baseline, its values and the change.</summary>
    public static Block.Table Headlines(EvaluationResult evaluation, EvaluationResult? baseline = null)
    {
        var rows = new List<IReadOnlyList<string>>
        {
            Shares("Accuracy", result => result.MicroAccuracy),
            Shares("Macro accuracy", result => result.MacroAccuracy),
            Metric("Log-loss, nats", result => result.LogLoss, value => Invariant($"{value:0.0000}"), change => Invariant($"{change:+0.0000;−0.0000;±0.0000}")),
            Shares("Calibration error", result => result.ExpectedCalibrationError),
        };
        if (evaluation.ConfusionMatrix.ClassCount > 3 && (baseline is null || baseline.ConfusionMatrix.ClassCount > 3))
        {
            rows.Insert(2, Shares("Among the 3 most probable", result => result.TopKAccuracy(3)));
        }

        return new Block.Table(baseline is null ? ["Metric", "Value"] : ["Metric", "Value", "Baseline", "Change"], rows);

        string[] Shares(string name, Func<EvaluationResult, double> valueOf) =>
            Metric(name, valueOf, value => Percent.Format(value), change => Percent.Points(change));

        string[] Metric(string name, Func<EvaluationResult, double> valueOf, Func<double, string> format, Func<double, string> formatChange) => baseline is null
            ? Row(name, format(valueOf(evaluation)))
            : Row(name, format(valueOf(evaluation)), format(valueOf(baseline)), formatChange(valueOf(evaluation) - valueOf(baseline)));
    }

    public static Block.Table PerClass(EvaluationResult evaluation) => new(
        ["Class", "Images", "Precision", "Recall", "F1"],
        [.. evaluation.PerClass.Select(metrics => Row(evaluation.ConfusionMatrix.NameOf(metrics.Class), Invariant($"{metrics.Support:N0}"), Percent.Format(metrics.Precision), Percent.Format(metrics.Recall), Percent.Format(metrics.F1)))]);

    /// <summary>True classes down, predicted across; a zero is left blank so that mistakes stand out.</summary>
    public static Block.Table Confusion(ConfusionMatrix matrix)
    {
        var classes = Enumerable.Range(0, matrix.ClassCount).ToArray();
        return new Block.Table(
            ["True \\ predicted", .. classes.Select(matrix.NameOf), "Recall"],
            [.. classes.Select(t => Row([matrix.NameOf(t), .. classes.Select(p => matrix[t, p] == 0 ? "" : Number(matrix[t, p])), Percent.Format(matrix.Recall(t))]))]);
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
            [.. pairs.Select(pair => Row($"{matrix.NameOf(pair.True)} → {matrix.NameOf(pair.Predicted)}", Number(pair.Count), Percent.Format((double)pair.Count / matrix.TrueCount(pair.True))))]);
    }

    /// <summary>What a model is and what its file says of its training.</summary>
    public static Block.Facts Network(Mlp model) => new(
    [
        ("Network", model.Shape),
        ("Parameters", Invariant($"{model.ParameterCount:N0}")),
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
            Percent.Format(epoch.TrainAccuracy),
            Loss(epoch.ValidationLoss),
            Percent.Format(epoch.ValidationAccuracy ?? double.NaN)))]);

    private static string Loss(double? loss) =>
        loss is { } value && double.IsFinite(value) ? Invariant($"{value:0.0000}") : "–";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string[] Row(params string[] cells) => cells;
}
