using System.Globalization;
using System.Net;
using System.Text;
using DigitML.Charts;

namespace DigitML.Reports;

/// <summary>Writes blocks as HTML: whole pages, with charts as the caller wants them, and fragments with charts as SVG, which fit a notebook.</summary>
internal static class HtmlWriter
{
    private const string Style = """
        body { font: 15px/1.5 Helvetica, Arial, sans-serif; color: #1f2933; max-width: 920px; margin: 32px auto; padding: 0 16px }
        h1 { font-size: 26px } h2 { font-size: 19px; margin-top: 36px }
        table { border-collapse: collapse; margin: 12px 0 } th, td { padding: 3px 10px; border-bottom: 1px solid #e3e7eb; text-align: right }
        th { color: #5f6b76; font-weight: 600 } th:first-child, td:first-child, .facts td { text-align: left } .facts td:first-child { white-space: nowrap }
        .verdict { padding: 10px 14px; border-left: 5px solid; background: #f5f7f9 } .good { border-color: #009e73 } .bad { border-color: #d55e00 }
        code { font-size: 13px; overflow-wrap: anywhere } .chart { overflow-x: auto; margin: 12px 0 } .chart > svg { display: block }
        .scroll { overflow-x: auto } .text-last td:last-child, .text-last th:last-child { text-align: left; min-width: 22em; overflow-wrap: anywhere }
        .scroll:focus-visible, .chart:focus-visible { outline: 3px solid #1a4fc4 }
        @media (prefers-color-scheme: dark) {
          :root { color-scheme: dark } body { background: #0f1318; color: #e8ecf1 } th { color: #a6b0bc } th, td { border-color: #303843 } .verdict { background: #181d24 }
          .chart { padding: 8px; background: #fff; border-radius: 8px } .scroll:focus-visible, .chart:focus-visible { outline-color: #8fb3ff }
        }
        @media (max-width: 700px) { body { margin: 16px auto } h1 { font-size: 22px } table { font-size: 13px } th, td { padding: 3px 6px } td { white-space: nowrap } .facts td, .text-last td:last-child { white-space: normal } }
        """;

    /// <summary>A page that opens from disk.</summary>
    public static string Page(string title, IEnumerable<Block> blocks, ReportCharts charts)
    {
        // What charts bring is taken as it is: a script may hold any character that ends a line.
        var start = $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(title)}</title>
            <style>
            {Style}
            </style>

            """.ReplaceLineEndings("\n");
        return $"{start}{charts.Head}</head>\n<body>\n<main>\n{Fragment(blocks, figure => Scroll("chart", figure.Title, charts.Draw(figure)), table => Scroll("scroll", table.Header[0], Table(table)))}</main>\n</body>\n</html>\n";
    }

    /// <summary>The blocks alone.</summary>
    public static string Fragment(IEnumerable<Block> blocks, Func<Figure, string>? draw = null, Func<Block.Table, string>? tabulate = null)
    {
        draw ??= ReportCharts.Svg.Draw;
        tabulate ??= Table;
        var html = new StringBuilder();
        foreach (var block in blocks)
        {
            _ = block switch
            {
                Block.Heading heading => html.Append(CultureInfo.InvariantCulture, $"<h{heading.Level}>{Text(heading.Text)}</h{heading.Level}>"),
                Block.Paragraph paragraph => html.Append(CultureInfo.InvariantCulture, $"<p>{Text(paragraph.Text)}</p>"),
                Block.Verdict verdict => html.Append(CultureInfo.InvariantCulture, $"""<p class="verdict {(verdict.IsGood ? "good" : "bad")}"><b>{(verdict.IsGood ? "Met." : "Not met.")}</b> {Text(verdict.Text)}</p>"""),
                Block.Table table => html.Append(tabulate(table)),
                Block.Facts facts => html.Append("""<table class="facts">""").AppendJoin("", facts.Items.Select(item => $"<tr><td>{Text(item.Name)}</td><td><code>{Text(item.Value)}</code></td></tr>")).Append("</table>"),
                Block.Chart chart => html.Append(draw(chart.Figure)),
                _ => throw new InvalidOperationException($"No HTML for {block.GetType().Name}."),
            };
            html.Append('\n');
        }

        return html.ToString();
    }

    /// <summary>What may be wider than a telephone, and then is moved by hand or by keys.</summary>
    private static string Scroll(string kind, string name, string content) => $"""<div class="{kind}" tabindex="0" role="group" aria-label="{Text(name)}">{content}</div>""";

    private static string Table(Block.Table table) =>
        $"<table{(table.HasTextLast ? " class=\"text-last\"" : "")}><thead><tr>{string.Concat(table.Header.Select(cell => $"<th>{Text(cell)}</th>"))}</tr></thead><tbody>"
        + string.Concat(table.Rows.Select(row => $"<tr>{string.Concat(row.Select(cell => $"<td>{Text(cell)}</td>"))}</tr>"))
        + "</tbody></table>";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
