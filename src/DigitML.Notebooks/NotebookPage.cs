using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DigitML.IO;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace DigitML.Notebooks;

/// <summary>Renders a notebook as one page that needs neither server nor script.</summary>
public static class NotebookPage
{
    private static readonly string[] Preference = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain"];

    /// <summary>HTML is shown as text, and no extension that could set attributes is in use.</summary>
    private static readonly MarkdownPipeline _markdown = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UsePreciseSourceLocation().Build();

    private const string Style = """
        body { font: 16px/1.55 Helvetica, Arial, sans-serif; color: #1f2933; max-width: 900px; margin: 32px auto; padding: 0 16px }
        pre { font: 13px/1.45 Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 }
        .code { background: #f5f7f9; border-left: 4px solid #0072b2; padding: 10px 14px; margin: 18px 0 6px } .out { margin: 6px 0 6px 18px; overflow-x: auto }
        .err pre { color: #a33d00 } table { border-collapse: collapse; margin: 10px 0 } th, td { padding: 3px 10px; border-bottom: 1px solid #e3e7eb; text-align: right }
        th:first-child, td:first-child { text-align: left } svg, img { max-width: 100%; height: auto } figure { margin: 8px 0 } code { font-size: 90%; background: #f5f7f9 } h1 { font-size: 27px } h2 { font-size: 21px }
        .k { color: #0b4fa0 } .s { color: #8a3300 } .n { color: #7a2a86 } .c { color: #4c6355; font-style: italic } .d { color: #5f5a00 }
        @media (prefers-color-scheme: dark) {
          :root { color-scheme: dark } body { background: #0f1318; color: #e8ecf1 } .code, code { background: #181d24 } th, td { border-color: #303843 } .err pre { color: #ffb48f } a { color: #8fb3ff }
          .k { color: #8fb8ff } .s { color: #ffb48f } .n { color: #e3a6f0 } .c { color: #9db8a6 } .d { color: #d9d27a } svg { background: #fff; border-radius: 8px }
        }
        @media (max-width: 700px) { body { margin: 16px auto } h1 { font-size: 23px } table { font-size: 13px } th, td { padding: 3px 6px } }
        """;

    /// <summary>The page, with the outputs that the notebook holds.</summary>
    /// <param name="notebook">Run before, so that there is something to see. Its HTML outputs are taken over as they are.</param>
    public static string Write(Notebook notebook)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        var body = new StringBuilder();
        foreach (var cell in notebook.Cells)
        {
            if (cell.Type == "markdown")
            {
                body.Append(Markdown(cell.Source));
            }
            else if (cell.IsCode)
            {
                body.Append(CultureInfo.InvariantCulture, $"""<div class="code"><pre>{CodeColours.Write(cell.Source)}</pre></div>""").Append('\n');
                foreach (var output in cell.Outputs)
                {
                    body.Append(Output(output)).Append('\n');
                }
            }
        }

        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Encode(Path.GetFileNameWithoutExtension(notebook.Name))}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            {body}</body>
            </html>

            """.ReplaceLineEndings("\n");
    }

    /// <summary>Writes the page to a file; a crash leaves the old one.</summary>
    /// <param name="notebook">As for <see cref="Write"/>.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="DigitException">The file cannot be written.</exception>
    public static void Save(Notebook notebook, string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(Write(notebook)));

    /// <summary>Markdown as HTML. A link or picture is of the web or a file beside; anything else, such as a script, stays text.</summary>
    internal static string Markdown(string text)
    {
        var document = Markdig.Markdown.Parse(text, _markdown);
        foreach (var (link, url) in document.Descendants<LinkInline>().Select(link => ((Inline)link, link.Url))
            .Concat(document.Descendants<AutolinkInline>().Select(link => ((Inline)link, (string?)link.Url))).ToArray())
        {
            if (url is not null && url.Contains(':', StringComparison.Ordinal) && !url.StartsWith("https://", StringComparison.Ordinal) && !url.StartsWith("http://", StringComparison.Ordinal))
            {
                link.ReplaceBy(new LiteralInline(text[link.Span.Start..(link.Span.End + 1)]), copyChildren: false);
            }
        }

        return document.ToHtml(_markdown).ReplaceLineEndings("\n");
    }

    private static string Output(JsonObject output)
    {
        if (output["output_type"]?.GetValue<string>() == "stream")
        {
            return $"""<div class="out{(output["name"]?.GetValue<string>() == "stderr" ? " err" : "")}"><pre>{Encode(NotebookCell.Text(output["text"]) ?? "")}</pre></div>""";
        }

        if (output["data"] is not JsonObject data || Preference.FirstOrDefault(data.ContainsKey) is not { } mimeType)
        {
            return "";
        }

        var text = NotebookCell.Text(data[mimeType]) ?? "";
        var shown = mimeType switch
        {
            "text/html" or "image/svg+xml" => text,
            "image/png" or "image/jpeg" => $"""<img alt="output" src="data:{mimeType};base64,{Encode(text.ReplaceLineEndings(""))}">""",
            "text/markdown" => Markdown(text),
            _ => $"<pre>{Encode(text)}</pre>",
        };
        return $"""<div class="out">{shown}</div>""";
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
