using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DigitML.Evaluation;
using DigitML.Reports;
using DigitML.Tests.Charts;
using DigitML.Tests.IO;
using Plotly.NET;

namespace DigitML.Plotly.Tests;

/// <summary>Plotly.NET must take figures as they are, and plotly.js itself, the one that comes with it, judges them in a browser.</summary>
public partial class PlotlyFigureTests
{
    private static EvaluationReport Report(string dataset = "tiny")
    {
        var images = SampleFigures.Images(name: dataset);
        var evaluation = SampleFigures.Model().Evaluate(images);
        return new EvaluationReport { Evaluation = evaluation, Images = images, History = SampleFigures.History(dataset: dataset) };
    }

    [Fact]
    public void GenericChart_EveryKind_HasTheFiguresTracesAndLayout()
    {
        // Numbers and dates in a name are what a parser likes to read into texts.
        foreach (var (name, figure) in SampleFigures.All().Concat(SampleFigures.All("2025-11-25T10:00:00Z")))
        {
            var expected = JsonNode.Parse(figure.ToJson())!;

            var chart = JsonNode.Parse(GenericChart.toFigureJson(figure.ToGenericChart()))!;

            Assert.True(JsonNode.DeepEquals(expected["data"], chart["data"]), $"{name}: {chart["data"]}");
            Assert.True(JsonNode.DeepEquals(expected["layout"], chart["layout"]), $"{name}: {chart["layout"]}");
            Assert.NotEmpty(chart["data"]!.AsArray());
        }
    }

    [Fact]
    public void GenericChart_SavedByPlotlyNet_BringsItsScriptUnlessAskedOtherwise()
    {
        var figure = SampleFigures.All()[0].Figure;

        var page = GenericChart.toEmbeddedHTML(figure.ToGenericChart());
        Assert.Contains(PlotlyScript.Text, page);
        Assert.Contains("<title>Learning curves</title>", page);
        Assert.DoesNotContain("<script src", page);

        var small = GenericChart.toEmbeddedHTML(figure.ToGenericChart(PlotlyScript.Cdn));
        Assert.Contains($"plotly.js-dist-min@{PlotlyScript.Version}/plotly.min.js", small);
        Assert.InRange(small.Length, 1_000, 50_000);
    }

    [Fact]
    public void Script_ThatPlotlyNetBrings_IsWhatItsHashSays()
    {
        Assert.Contains($"plotly.js v{PlotlyScript.Version}", PlotlyScript.Text[..200]);
        // Of plotly.js-dist-min 2.28.0 as npm and its mirrors have it; another version of Plotly.NET brings another script.
        Assert.Equal("2.28.0", PlotlyScript.Version);
        Assert.Equal("sha384-53bFwj3AXyrFzPyqXWI5rZuuEa3GbWeuLmgC04XqmiE7CairskQMPvcdXh+OLuir", PlotlyScript.Integrity);
        Assert.DoesNotContain("</script", PlotlyScript.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Html_FromACdn_IsSmallAndPinned()
    {
        var page = SampleFigures.All()[0].Figure.ToHtml(PlotlyScript.Cdn);
        Assert.Contains(PlotlyScript.Integrity, page);
        Assert.InRange(page.Length, 1_000, 50_000);
        Assert.Contains("<script src=\"a&amp;b.js\"></script>", SampleFigures.All()[0].Figure.ToHtml(PlotlyScript.At("a&b.js")));
    }

    [Fact]
    public void Figures_EveryKind_AreValidAndDrawnByPlotly()
    {
        string[] named = ["learning-curves", "confusion", "predictions"];
        var hostile = SampleFigures.All(SampleFigures.Hostile).Where(item => named.Contains(item.Name)).Select(item => (item.Name + "-hostile", item.Figure));
        var figures = SampleFigures.All().Concat(hostile).ToArray();
        using var folder = new TemporaryFolder();
        var page = folder.File("figures.html");
        File.WriteAllText(folder.File("plotly.min.js"), PlotlyScript.Text);
        File.WriteAllText(page, $$"""
            <!doctype html><meta charset="utf-8"><body><script src="plotly.min.js"></script>
            <script>
            window.bad = () => { document.body.dataset.bad = "yes"; };
            const figures = { {{string.Join(",\n", figures.Select(item => $"\"{item.Item1}\": {item.Item2.ToJson()}"))}} };
            const report = document.createElement("pre"); report.id = "report"; document.body.append(report);
            (async () => {
              for (const [name, figure] of Object.entries(figures)) {
                const errors = (Plotly.validate(figure.data, figure.layout) || []).map(error => error.msg).join("; ");
                const place = document.createElement("div"); document.body.append(place);
                let drawn;
                try {
                  await Plotly.newPlot(place, figure.data, figure.layout);
                  const of = selector => place.querySelectorAll(selector).length;
                  drawn = `points ${of(".point")} lines ${of(".scatterlayer path.js-line")} heatmaps ${of(".hm image")} images ${of(".layer-below image, .imagelayer image, .images image, g.layer-below .imagelayer image")} `;
                } catch (error) { drawn = "failed: " + error; }
                place.remove();
                report.append(`${name}|${errors || "valid"}|${drawn}\n`);
              }
              report.append("done");
            })();
            </script>
            """);

        var dom = Chromium.DumpDom(page, out var console);

        Assert.DoesNotContain("data-bad", dom);
        Assert.Empty(console);
        var report = DrawnReport().Match(dom).Groups[1].Value;
        Assert.EndsWith("done", report);
        var lines = report.Split('\n')[..^1].ToDictionary(line => line.Split('|')[0], line => line.Split('|'));
        Assert.Equal(figures.Length, lines.Count);
        Assert.Empty(lines.Values.Where(line => line[1] != "valid").Select(line => $"{line[0]}: {line[1]}"));
        Assert.Contains("points 28 lines 4", lines["learning-curves"][2]);
        // A class that the random model never predicts has no precision.
        var defined = SampleFigures.Model().Evaluate(SampleFigures.Images()).PerClass.Sum(metrics => new[] { metrics.Precision, metrics.Recall, metrics.F1 }.Count(double.IsFinite));
        Assert.Contains($"points {defined} lines 0", lines["per-class"][2]);
        Assert.Contains("heatmaps 1", lines["confusion"][2]);
        Assert.Contains("images 23", lines["gallery"][2]);
        Assert.Contains("images 13", lines["weights"][2]);
        Assert.Contains("points 10", lines["probabilities"][2]);
    }

    [Fact]
    public void Html_WithoutNetwork_OpensFromDiskAndDraws()
    {
        using var folder = new TemporaryFolder();
        var page = folder.File("page.html");
        SampleFigures.All(SampleFigures.Hostile)[0].Figure.SaveHtml(page);

        var dom = Chromium.DumpDom(page, out var console);

        Assert.Empty(console);
        Assert.Contains("js-plotly-plot", dom);
        // Four curves, and two in the legend.
        Assert.Equal(6, Regex.Count(dom, "class=\"js-line\""));
        Assert.DoesNotContain("data-bad", dom);
    }

    [Fact]
    public void Html_WithoutPlotly_ShowsTheSvg()
    {
        using var folder = new TemporaryFolder();
        var page = folder.File("page.html");
        // The pinned script cannot be fetched here: names resolve to nowhere.
        SampleFigures.All()[0].Figure.SaveHtml(page, PlotlyScript.Cdn);

        var dom = Chromium.DumpDom(page);

        Assert.DoesNotContain("js-plotly-plot", dom);
        Assert.Contains("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"880\" height=\"400\"", dom);
    }

    /// <summary>The control for the tests that find the console empty.</summary>
    [Fact]
    public void Console_AFigureThatCannotBeDrawn_IsHeard()
    {
        using var folder = new TemporaryFolder();
        var page = folder.File("page.html");
        File.WriteAllText(page, SampleFigures.All()[0].Figure.ToHtml().Replace("drawFigure({", "drawFigure(missing, {", StringComparison.Ordinal));

        Chromium.DumpDom(page, out var console);

        Assert.Contains("missing is not defined", Assert.Single(console));
    }

    [Fact]
    public void Report_WithInteractiveCharts_OpensOfflineWithOneScript()
    {
        using var folder = new TemporaryFolder();
        var files = Report(SampleFigures.Hostile).Save(folder.File("report"), PlotlyFigure.InReports());
        var page = File.ReadAllText(files[2]);
        Assert.Equal(page.IndexOf(PlotlyScript.Text, StringComparison.Ordinal), page.LastIndexOf("* plotly.js v", StringComparison.Ordinal) - PlotlyScript.Text.IndexOf("* plotly.js v", StringComparison.Ordinal));
        Assert.Empty(Regex.Matches(page.Replace(PlotlyScript.Text, "", StringComparison.Ordinal), "(?:src|href)=\"(?!data:)"));

        var dom = Chromium.DumpDom(files[2], out var console);

        Assert.Empty(console);
        Assert.DoesNotContain("data-bad", dom);
        string[] figures = ["Learning curves", "Per class", "Confusion matrix", "Worst errors", "Calibration"];
        Assert.All(figures, title => Assert.Matches($"<div role=\"figure\" aria-label=\"{title} \\([^\"]*\" class=\"js-plotly-plot\"", dom));
        Assert.Equal(figures.Length, Regex.Count(dom, "class=\"js-plotly-plot\""));
    }

    [Fact]
    public void Report_WithInteractiveCharts_DiffersInItsChartsAlone()
    {
        var report = Report();
        Assert.Equal(report.ToHtml(PlotlyFigure.InReports()), report.ToHtml(PlotlyFigure.InReports()));
        Assert.Equal(Texts(report.ToHtml()), Texts(report.ToHtml(PlotlyFigure.InReports())));

        static string Texts(string page) => Regex.Replace(page, "<script.*?</script>|<div.*?</div>", "", RegexOptions.Singleline).Replace("</div>", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
    }

    [GeneratedRegex("<pre id=\"report\">(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex DrawnReport();
}
