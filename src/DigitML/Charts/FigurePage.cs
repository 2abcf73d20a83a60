using System.Net;

namespace DigitML.Charts;

/// <summary>Writes a page with one figure.</summary>
internal static class FigurePage
{
    // JSON comes with every <, > and & escaped, so it can neither end the element nor start a comment.
    public static string Write(Figure figure, PlotlyScript script) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{WebUtility.HtmlEncode(figure.Title)}}</title>
        <style>body { margin: 0; background: #fff } #figure { width: {{figure.Width}}px; margin: 0 auto }</style>
        {{script.Tag}}
        </head>
        <body>
        <div id="figure">{{figure.ToSvg()}}</div>
        <script>
        if (window.Plotly) {
          const figure = {{figure.ToJson()}};
          document.getElementById("figure").replaceChildren();
          Plotly.newPlot("figure", figure.data, figure.layout, { displaylogo: false });
        }
        </script>
        </body>
        </html>

        """;
}
