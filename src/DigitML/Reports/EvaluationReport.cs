using System.Text;
using DigitML.Charts;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Reports;

/// <summary>
/// What a run leaves behind for people: the evaluation, its change against a baseline, the gate's verdict and where
/// everything came from. The same content gives the same bytes.
/// </summary>
public sealed record EvaluationReport
{
    /// <summary>What was measured.</summary>
    public required EvaluationResult Evaluation { get; init; }

    /// <summary>The earlier evaluation it is compared with; null for none.</summary>
    public EvaluationResult? Baseline { get; init; }

    /// <summary>What the gate found; empty without one.</summary>
    public IReadOnlyList<GateCheck> GateChecks { get; init; } = [];

    /// <summary>The model, for its weights and what its file says; null leaves both out.</summary>
    public Mlp? Model { get; init; }

    /// <summary>The images that were evaluated, for a picture of the worst errors; null leaves it out.</summary>
    public LabelledImages? Images { get; init; }

    /// <summary>How the model was trained, for its learning curves; null leaves them out.</summary>
    public TrainingHistory? History { get; init; }

    /// <summary>The commit that was measured; null when not known.</summary>
    public string? Commit { get; init; }

    /// <summary>The command that made the report; null when not known.</summary>
    public string? Command { get; init; }

    /// <summary>Whether the gate is met; true without one.</summary>
    public bool IsGateMet => GateChecks.All(check => check.IsMet);

    /// <summary>For a pull request or a step summary: text and tables only.</summary>
    public string ToMarkdown() => MarkdownWriter.Write(Blocks());

    /// <summary>The same with charts: one page that opens from disk, by default without script or network.</summary>
    /// <param name="charts">How charts are drawn; null for <see cref="ReportCharts.Svg"/>.</param>
    public string ToHtml(ReportCharts? charts = null) => HtmlWriter.Page($"Evaluation on {ResultTables.NameOf(Evaluation)}", Blocks(), charts ?? ReportCharts.Svg);

    /// <summary>Writes <c>evaluation.json</c>, <c>report.md</c> and <c>report.html</c>.</summary>
    /// <param name="folder">Made when it is not there.</param>
    /// <param name="charts">How the page draws its charts; null for <see cref="ReportCharts.Svg"/>.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="DigitException">A file cannot be written.</exception>
    public IReadOnlyList<string> Save(string folder, ReportCharts? charts = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        OutputDirectory.Create(folder);
        string[] files = [Path.Combine(folder, "evaluation.json"), Path.Combine(folder, "report.md"), Path.Combine(folder, "report.html")];
        Evaluation.Save(files[0]);
        AtomicFile.Write(files[1], Encoding.UTF8.GetBytes(ToMarkdown()));
        AtomicFile.Write(files[2], Encoding.UTF8.GetBytes(ToHtml(charts)));
        return files;
    }

    private IEnumerable<Block> Blocks()
    {
        yield return new Block.Heading(1, $"Evaluation on {ResultTables.NameOf(Evaluation)}");
        yield return new Block.Paragraph(ResultTables.Headline(Evaluation));
        foreach (var check in GateChecks)
        {
            yield return new Block.Verdict(check.IsMet, $"{check.Name}: {check.Reason}");
        }

        if (Baseline is not null && GateChecks.Count == 0)
        {
            yield return new Block.Paragraph($"Against the baseline ({Percent.Format(Baseline.MicroAccuracy)} on {ResultTables.NameOf(Baseline)}): {Percent.Points(Evaluation.MicroAccuracy - Baseline.MicroAccuracy, most: 4)}.");
        }

        yield return ResultTables.Headlines(Evaluation, Baseline);
        if (History is { Epochs.Count: > 0 })
        {
            yield return new Block.Chart(Chart.LearningCurves(History));
        }

        yield return new Block.Heading(2, "Each class");
        yield return new Block.Chart(Chart.PerClass(Evaluation));
        yield return ResultTables.PerClass(Evaluation);
        yield return new Block.Heading(2, "What was taken for what");
        yield return new Block.Chart(Chart.ConfusionHeatmap(Evaluation));
        yield return ResultTables.Confusion(Evaluation.ConfusionMatrix);
        if (Evaluation.ConfusionMatrix.Correct < Evaluation.Count)
        {
            yield return new Block.Heading(2, "Worst confusions");
            if (Images is not null && Evaluation.MostConfidentlyWrong.Count > 0)
            {
                yield return new Block.Chart(Chart.WorstErrors(Evaluation, Images));
            }

            yield return ResultTables.WorstConfusions(Evaluation.ConfusionMatrix);
        }

        yield return new Block.Heading(2, "How sure it is");
        yield return new Block.Paragraph($"Expected calibration error {Percent.Format(Evaluation.ExpectedCalibrationError)}: how far what the model is sure of lies from how often it is right, on average.");
        yield return new Block.Chart(Chart.Calibration(Evaluation));
        yield return new Block.Heading(2, "Where this comes from");
        yield return new Block.Facts([.. Facts()]);
    }

    private IEnumerable<(string Name, string Value)> Facts()
    {
        yield return ("Data", ResultTables.NameOf(Evaluation));
        if (Evaluation.Views is { } views)
        {
            yield return ("Answers", Invariant($"means over {views} views of each image"));
        }

        yield return ("Data hash (SHA-256)", Evaluation.DataHash ?? "not known");
        yield return ("Model hash (SHA-256)", Evaluation.ModelHash ?? "not known");
        if (Model is not null)
        {
            yield return ("Network", Model.Shape);
            if (Model.Metadata.TryGetValue("dataset", out var trained))
            {
                yield return ("Trained on", trained);
            }
        }

        yield return ("Seed", Model?.Metadata.GetValueOrDefault("seed") ?? "not known");
        yield return ("Commit", Commit ?? "not known");
        yield return ("Command", Command ?? "not known");
    }
}
