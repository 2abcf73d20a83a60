using System.Security.Cryptography;
using System.Text.RegularExpressions;
using DigitML.Charts;
using DigitML.Evaluation;
using DigitML.Tests.IO;

namespace DigitML.Tests.Charts;

/// <summary>plotly.js itself judges the figures, in a browser.</summary>
public partial class PlotlyTests
{
    [Fact]
    public void Figures_EveryKind_AreValidAndDrawnByPlotly()
    {
        var plotly = Chromium.PlotlyOrSkip();
        string[] named = ["learning-curves", "confusion", "predictions"];
        var hostile = SampleFigures.All(SampleFigures.Hostile).Where(item => named.Contains(item.Name)).Select(item => (item.Name + "-hostile", item.Figure));
        var figures = SampleFigures.All().Concat(hostile).ToArray();
        using var folder = new TemporaryFolder();
        var page = folder.File("figures.html");
        File.WriteAllText(page, $$"""
            <!doctype html><meta charset="utf-8"><body><script src="{{new Uri(plotly).AbsoluteUri}}"></script>
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

        var dom = Chromium.DumpDom(page);

        Assert.DoesNotContain("data-bad", dom);
        var report = Report().Match(dom).Groups[1].Value;
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
    public void Page_WithPlotlyEmbedded_OpensFromDiskAndDraws()
    {
        var plotly = Chromium.PlotlyOrSkip();
        using var folder = new TemporaryFolder();
        var page = folder.File("page.html");
        File.WriteAllText(page, SampleFigures.All()[0].Figure.ToHtml(PlotlyScript.Embedded(plotly)));

        var dom = Chromium.DumpDom(page);

        Assert.Contains("js-plotly-plot", dom);
        // Four curves, and two in the legend.
        Assert.Equal(6, Regex.Count(dom, "class=\"js-line\""));
    }

    [Fact]
    public void Page_WithoutPlotly_ShowsTheSvg()
    {
        using var folder = new TemporaryFolder();
        var page = folder.File("page.html");
        // The pinned script cannot be fetched here: names resolve to nowhere.
        File.WriteAllText(page, SampleFigures.All()[0].Figure.ToHtml());

        var dom = Chromium.DumpDom(page);

        Assert.DoesNotContain("js-plotly-plot", dom);
        Assert.Contains("aria-label=\"Learning curves", dom);
    }

    [Fact]
    public void Script_ThePinnedVersion_HasThePinnedHash()
    {
        var plotly = Chromium.PlotlyOrSkip();
        var script = File.ReadAllBytes(plotly);
        Assert.Contains($"plotly.js v{PlotlyScript.Version}", System.Text.Encoding.UTF8.GetString(script.AsSpan(0, 200)));
        Assert.Equal(PlotlyScript.Integrity, "sha384-" + Convert.ToBase64String(SHA384.HashData(script)));
        Assert.Contains(PlotlyScript.Integrity, SampleFigures.All()[0].Figure.ToHtml());
    }

    [GeneratedRegex("<pre id=\"report\">(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Report();
}
