using System.Text;
using DigitML.Charts;
using DigitML.IO;

namespace DigitML.Reports;

/// <summary>Writes what ships with a model.</summary>
internal static class ReleaseArtifacts
{
    /// <summary>
    /// Writes <c>digits.onnx</c>, <c>evaluation.json</c>, <c>history.json</c> where there is one, <c>report.md</c>, the model card <c>README.md</c> and, in
    /// <c>charts</c>, the figures as SVG. The same report gives the same bytes.
    /// </summary>
    /// <param name="report">The evaluation, with its model; images and history add their charts.</param>
    /// <param name="folder">Made when it is not there.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="ArgumentException">The report has no model.</exception>
    /// <exception cref="DigitException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Save(EvaluationReport report, string folder)
    {
        var card = new ModelCard(report).ToMarkdown();
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var charts = Path.Combine(folder, "charts");
        OutputDirectory.Create(charts);
        var files = new List<string>();
        Keep(Path.Combine(folder, "digits.onnx"), report.Model!.Save);
        Keep(Path.Combine(folder, "evaluation.json"), report.Evaluation.Save);
        if (report.History is { } history)
        {
            Keep(Path.Combine(folder, "history.json"), history.Save);
        }

        Keep(Path.Combine(folder, "report.md"), path => AtomicFile.Write(path, Encoding.UTF8.GetBytes(report.ToMarkdown())));
        Keep(Path.Combine(folder, "README.md"), path => AtomicFile.Write(path, Encoding.UTF8.GetBytes(card)));
        foreach (var (name, figure) in Figures(report))
        {
            Keep(Path.Combine(charts, name + ".svg"), figure.Save);
        }

        return files;

        void Keep(string path, Action<string> write)
        {
            write(path);
            files.Add(path);
        }
    }

    private static IEnumerable<(string Name, Figure Figure)> Figures(EvaluationReport report)
    {
        yield return ("confusion-matrix", Chart.ConfusionHeatmap(report.Evaluation));
        yield return ("per-class", Chart.PerClass(report.Evaluation));
        yield return ("calibration", Chart.Calibration(report.Evaluation));
        yield return ("weights", Chart.WeightImages(report.Model!, 30));
        if (report.History is not null)
        {
            yield return ("learning-curves", Chart.LearningCurves(report.History));
        }

        if (report.Images is not null && report.Evaluation.MostConfidentlyWrong.Count > 0)
        {
            yield return ("worst-errors", Chart.WorstErrors(report.Evaluation, report.Images));
        }
    }
}
