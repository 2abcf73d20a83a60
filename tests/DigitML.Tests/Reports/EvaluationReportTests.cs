using System.Text.RegularExpressions;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Reports;
using DigitML.Tests.Charts;
using DigitML.Tests.IO;
using DigitML.Tests.Models;

namespace DigitML.Tests.Reports;

public class EvaluationReportTests
{
    private static EvaluationReport Report(string dataset = "tiny")
    {
        var images = SampleFigures.Images(name: dataset);
        var model = SampleFigures.Model();
        var evaluation = model.Evaluate(images);
        return new EvaluationReport
        {
            Evaluation = evaluation,
            Baseline = evaluation,
            GateChecks = new EvaluationGate { MinimumAccuracy = 0.99 }.Check(evaluation, evaluation),
            Model = model,
            Images = images,
            History = SampleFigures.History(),
            Commit = "0123abc",
            Command = "digitml evaluate --report out | cat",
        };
    }

    [Fact]
    public void Markdown_AReport_HasItsTablesAndTextAndNoPicture()
    {
        var report = Report();
        var text = report.ToMarkdown();

        Assert.False(report.IsGateMet);
        Assert.StartsWith("# Evaluation on tiny (synthetic)\n\ntiny (synthetic): accuracy ", text);
        Assert.Contains("❌ Minimum accuracy: The accuracy on tiny is ", text);
        Assert.Contains("✅ Change against the baseline: ", text);
        Assert.Contains("±0.00 points, no loss.", text);
        Assert.Contains("| Class | Images | Precision | Recall | F1 |\n|:--|--:|--:|--:|--:|\n| 0 | 7 |", text);
        Assert.Contains("| True \\\\ predicted | 0 | 1 |", text);
        Assert.Contains("| Data hash (SHA-256) | <code>" + report.Evaluation.DataHash, text);
        Assert.Contains("| Commit | <code>0123abc</code> |", text);
        Assert.Contains("<code>digitml evaluate --report out \\| cat</code>", text);
        Assert.DoesNotContain("data:", text);
        Assert.DoesNotContain("<svg", text);
        Assert.InRange(text.Length, 1_000, 20_000);
    }

    [Fact]
    public void Markdown_ABaseline_StandsBesideEveryMetric()
    {
        var report = Report();
        Assert.Contains("| Metric | Value | Baseline | Change |\n|:--|--:|--:|--:|\n| Accuracy | ", report.ToMarkdown());
        Assert.Contains(" | ±0.00 points |\n", report.ToMarkdown());

        var alone = (report with { Baseline = null, GateChecks = [] }).ToMarkdown();
        Assert.Contains("| Metric | Value |\n|:--|--:|\n", alone);
        Assert.DoesNotContain("aseline", alone);
    }

    [Fact]
    public void Card_AModelThatRefuses_SaysBelowWhatScore()
    {
        var report = Report();
        Assert.Contains("The network always answers with a digit", new ModelCard(report).ToMarkdown());

        var strict = TestNetworks.Create(23, PixelNormalization.UnitRange, new() { [TemperatureScaling.RejectionMetadataKey] = "0.42" }, 99, 13, 10);
        Assert.Contains("refuses as no digit what scores below 0.42", new ModelCard(report with { Model = strict }).ToMarkdown());
    }

    [Fact]
    public void Report_ANameFullOfMarkup_StaysText()
    {
        var report = Report("<script>alert(1)</script> | @everyone **x**");
        Assert.DoesNotContain("<script", report.ToMarkdown());
        Assert.DoesNotContain("@everyone", report.ToMarkdown());
        Assert.Contains("\\| &#64;everyone \\*\\*x\\*\\*", report.ToMarkdown());
        Assert.DoesNotContain("<script", report.ToHtml());
    }

    [Fact]
    public void Html_WithoutNetwork_DrawsEveryFigureFromDisk()
    {
        using var folder = new TemporaryFolder();
        var files = Report().Save(folder.File("report"));
        Assert.Equal(["evaluation.json", "report.md", "report.html"], files.Select(Path.GetFileName));

        var page = File.ReadAllText(files[2]);
        Assert.DoesNotContain("<script", page);
        Assert.Empty(Regex.Matches(page, "(?:src|href)=\"(?!data:)"));
        var dom = Chromium.DumpDom(files[2]);

        string[] figures = ["Learning curves", "Per class", "Confusion matrix", "Worst errors", "Calibration"];
        Assert.All(figures, title => Assert.Contains($"aria-label=\"{title} (", dom));
        Assert.Equal(figures.Length, Regex.Count(dom, "<svg "));
        Assert.Contains("Not met.", dom);
        AssertDrawn(folder, page, figures.Length);
    }

    [Fact]
    public void Html_WithChartsOfAnotherKind_HoldsTheirHeadOnceAndEachFigure()
    {
        // A script may hold what elsewhere ends a line; it must stay as it is.
        var page = Report().ToHtml(new ReportCharts("<script>'\u2028\f'</script>\n", figure => $"<b>{figure.Title}</b>"));

        Assert.Equal(2, page.Split("<script>'\u2028\f'</script>\n</head>").Length);
        string[] figures = ["Learning curves", "Per class", "Confusion matrix", "Worst errors", "Calibration"];
        Assert.All(figures, title => Assert.Contains($"<div class=\"chart\" tabindex=\"0\" role=\"group\" aria-label=\"{title}\"><b>{title}</b></div>", page));
        Assert.DoesNotContain("<svg", page);
    }

    /// <summary>Asks a copy of the page, with a script added, how large each figure stands on it and what its marks fill.</summary>
    private static void AssertDrawn(TemporaryFolder folder, string page, int figures)
    {
        const string script = """
            <script>
            const drawn = [...document.querySelectorAll("svg")].map(svg => {
              const place = svg.getBoundingClientRect();
              const marks = [...svg.querySelectorAll("path, circle, image, text")].filter(mark => mark.getBoundingClientRect().width > 0).length;
              return `${place.width > 400 && place.height > 150}/${svg.getBBox().width > 400}/${marks > 20}`;
            });
            document.title = "drawn " + drawn.join(" ");
            </script>
            """;
        var copy = folder.File("measured.html");
        File.WriteAllText(copy, page.Replace("</body>", script + "</body>", StringComparison.Ordinal));
        Assert.Contains($"<title>drawn {string.Join(' ', Enumerable.Repeat("true/true/true", figures))}</title>", Chromium.DumpDom(copy));
    }

    [Fact]
    public void Report_TwiceTheSame_IsTheSameBytes()
    {
        Assert.Equal(Report().ToMarkdown(), Report().ToMarkdown());
        Assert.Equal(Report().ToHtml(), Report().ToHtml());
    }

    [Fact]
    public void Card_AModel_HasItsIndexAndItsParts()
    {
        var card = new ModelCard(Report("MNIST test")).ToMarkdown();

        Assert.StartsWith("---\nlicense: mit\n", card);
        Assert.Contains("model-index:\n- name: digitml-digits\n  results:\n  - task:\n      type: image-classification\n", card);
        Assert.Contains("      type: ylecun/mnist\n      split: test\n    metrics:\n    - type: accuracy\n      value: 0.", card);
        Assert.All(new[] { "Intended use", "Data", "Procedure", "Results", "Limits", "Where this comes from" }, part => Assert.Contains($"\n## {part}\n", card));
        Assert.Contains("MNIST test (synthetic)", card);
    }

    [Fact]
    public void Artifacts_AModel_ShipWithTheirCharts()
    {
        using var folder = new TemporaryFolder();
        var files = ReleaseArtifacts.Save(Report(), folder.File("artifacts"));

        Assert.Equal(
            ["README.md", "charts/calibration.svg", "charts/confusion-matrix.svg", "charts/learning-curves.svg", "charts/per-class.svg", "charts/weights.svg", "charts/worst-errors.svg", "digits.onnx", "evaluation.json", "history.json", "report.md"],
            files.Select(file => Path.GetRelativePath(folder.File("artifacts"), file).Replace('\\', '/')).Order(StringComparer.Ordinal));
        Assert.Equal(Report().Evaluation.Count, EvaluationResult.Load(Path.Combine(folder.File("artifacts"), "evaluation.json")).Count);
    }

    [Fact]
    public void Save_WhereAFileIs_SaysSo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("taken"), "");
        Assert.Contains("the folder cannot be made", Assert.Throws<DigitException>(() => Report().Save(folder.File("taken"))).Message);
    }

    [Fact]
    public void Card_WithoutAModel_IsTheCallersMistake() =>
        Assert.StartsWith("A model card needs a report with its model", Assert.Throws<ArgumentException>(() => new ModelCard(Report() with { Model = null })).Message);
}
