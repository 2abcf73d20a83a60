using System.Net;
using System.Text;
using DigitML.IO;
using DigitML.Reports;
using Microsoft.FSharp.Collections;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Plotly.NET;
using Figure = DigitML.Charts.Figure;

namespace DigitML.Plotly;

/// <summary>Figures as interactive charts: of Plotly.NET, as pages that open offline, and in reports.</summary>
public static class PlotlyFigure
{
    // Each chart stands in its element as SVG until, and unless, there is a plotly.js to draw it. Where fingers point, a chart has
    // no buttons and neither zooms nor pans, so that they scroll the page over it. Elsewhere four buttons fit above every panel.
    private const string DrawScript = """
        <script>
        function drawFigure(figure) {
          const place = document.currentScript.previousElementSibling;
          if (!window.Plotly) { return; }
          const touch = matchMedia("(hover: none), (pointer: coarse)").matches;
          if (touch) { figure.layout.dragmode = false; }
          place.replaceChildren();
          Plotly.newPlot(place, figure.data, figure.layout, {
            displaylogo: false, displayModeBar: touch ? false : "hover", modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]]
          });
        }
        </script>
        """;

    /// <summary>The figure as a chart of Plotly.NET, for notebooks and for whoever changes it further.</summary>
    /// <param name="figure">Its traces and its layout become the chart's, as <see cref="Figure.ToJson"/> has them.</param>
    /// <param name="script">Where a page that Plotly.NET makes of the chart gets plotly.js from; null for <see cref="PlotlyScript.Embedded"/>.</param>
    public static GenericChart ToGenericChart(this Figure figure, PlotlyScript? script = null)
    {
        ArgumentNullException.ThrowIfNull(figure);
        // A text that looks like a date stays a text.
        using var reader = new JsonTextReader(new StringReader(figure.ToJson())) { DateParseHandling = DateParseHandling.None };
        var json = JObject.Load(reader);
        var traces = json["data"]!.Cast<JObject>().Select(trace => With(new Trace((string)trace["type"]!), trace));
        var config = new Config();
        config.SetProperty("displaylogo", false);
        var display = new DisplayOptions();
        DisplayOptions.setPlotlyReference((script ?? PlotlyScript.Embedded).Reference).Invoke(display);
        DisplayOptions.setDocumentTitle(figure.Title).Invoke(display);
        DisplayOptions.setDocumentDescription(figure.Subtitle).Invoke(display);
        DisplayOptions.setDocumentCharset("utf-8").Invoke(display);
        return GenericChart.NewMultiChart(ListModule.OfSeq(traces), With(new Layout(), (JObject)json["layout"]!), config, display);
    }

    /// <summary>A whole page with the figure. It shows the SVG until, and unless, plotly.js is there to draw it.</summary>
    /// <param name="figure">What the page shows.</param>
    /// <param name="script">Where plotly.js comes from; null for <see cref="PlotlyScript.Embedded"/>, with which the page has 3.6 MB and opens offline.</param>
    public static string ToHtml(this Figure figure, PlotlyScript? script = null)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return HtmlWriter.Page(figure.Title, [new Block.Chart(figure)], InReports(script));
    }

    /// <summary>Writes <see cref="ToHtml"/> to a file.</summary>
    /// <param name="figure">What the page shows.</param>
    /// <param name="path">The file; its folder must exist. It is replaced whole or, on a failure, not at all.</param>
    /// <param name="script">Where plotly.js comes from; null for <see cref="PlotlyScript.Embedded"/>, with which the page has 3.6 MB and opens offline.</param>
    /// <exception cref="DigitException">The file cannot be written.</exception>
    public static void SaveHtml(this Figure figure, string path, PlotlyScript? script = null) =>
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(figure.ToHtml(script)));

    /// <summary>Interactive charts for <see cref="EvaluationReport.Save"/> and <see cref="EvaluationReport.ToHtml"/>; plotly.js is in the page once.</summary>
    /// <param name="script">Where plotly.js comes from; null for <see cref="PlotlyScript.Embedded"/>, with which the page opens offline.</param>
    public static ReportCharts InReports(PlotlyScript? script = null) => new(Head(script), Draw);

    private static T With<T>(T target, JObject members)
        where T : DynamicObj.DynamicObj
    {
        // A trace has its type already.
        foreach (var member in members.Properties().Where(member => member.Name != "type"))
        {
            target.SetProperty(member.Name, member.Value);
        }

        return target;
    }

    private static string Head(PlotlyScript? script) => $"{(script ?? PlotlyScript.Embedded).Tag}\n{DrawScript}\n";

    // JSON comes with every <, > and & escaped, so it can neither end the element nor start a comment.
    private static string Draw(Figure figure) =>
        $"<div role=\"figure\" aria-label=\"{WebUtility.HtmlEncode(figure.ToString())}\">{figure.ToSvg()}</div><script>drawFigure({figure.ToJson()})</script>";
}
