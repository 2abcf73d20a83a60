using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace DigitML.Notebooks;

/// <summary>Renders the Markdown that notebooks use: headings, paragraphs, lists, fenced code, code, emphasis, links and pictures. HTML is shown as text.</summary>
internal static partial class MarkdownText
{
    public static string ToHtml(string markdown)
    {
        var html = new StringBuilder();
        var paragraph = new List<string>();
        var list = "";
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                EndBlocks();
                var end = Array.FindIndex(lines, i + 1, fence => fence.StartsWith("```", StringComparison.Ordinal));
                end = end < 0 ? lines.Length : end;
                html.Append("<pre>").Append(WebUtility.HtmlEncode(string.Join('\n', lines[(i + 1)..end]))).Append("</pre>\n");
                i = end;
            }
            else if (Heading().Match(line) is { Success: true } heading)
            {
                EndBlocks();
                html.Append($"<h{heading.Groups[1].Length}>{Inline(heading.Groups[2].Value)}</h{heading.Groups[1].Length}>\n");
            }
            else if (Item().Match(line) is { Success: true } item)
            {
                EndParagraph();
                var kind = char.IsDigit(item.Groups[1].Value[0]) ? "ol" : "ul";
                if (list != kind)
                {
                    EndList();
                    html.Append($"<{kind}>\n");
                    list = kind;
                }

                html.Append($"<li>{Inline(item.Groups[2].Value)}</li>\n");
            }
            else if (string.IsNullOrWhiteSpace(line))
            {
                EndBlocks();
            }
            else
            {
                EndList();
                paragraph.Add(line.Trim());
            }
        }

        EndBlocks();
        return html.ToString();

        void EndBlocks()
        {
            EndParagraph();
            EndList();
        }

        void EndParagraph()
        {
            if (paragraph.Count > 0)
            {
                html.Append($"<p>{Inline(string.Join('\n', paragraph))}</p>\n");
                paragraph.Clear();
            }
        }

        void EndList()
        {
            if (list.Length > 0)
            {
                html.Append($"</{list}>\n");
                list = "";
            }
        }
    }

    private static string Inline(string text)
    {
        // Code is set apart first, so that nothing inside it is taken for markup.
        var parts = Code().Split(text);
        for (var i = 0; i < parts.Length; i++)
        {
            var encoded = WebUtility.HtmlEncode(parts[i]);
            parts[i] = i % 2 == 1
                ? $"<code>{encoded}</code>"
                : Emphasis().Replace(Strong().Replace(Link().Replace(encoded, Anchor), "<b>$1</b>"), "<i>$1</i>");
        }

        return string.Concat(parts);
    }

    /// <summary>A link to the web or to a file beside; anything else, such as a script, stays text.</summary>
    private static string Anchor(Match link)
    {
        var target = link.Groups[3].Value;
        if (target.Contains(':', StringComparison.Ordinal) && !target.StartsWith("https://", StringComparison.Ordinal) && !target.StartsWith("http://", StringComparison.Ordinal))
        {
            return link.Value;
        }

        return link.Groups[1].Length > 0 ? $"""<img src="{target}" alt="{link.Groups[2].Value}">""" : $"""<a href="{target}">{link.Groups[2].Value}</a>""";
    }

    [GeneratedRegex("^(#{1,6}) +(.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^ *([-*]|\d+\.) +(.+)$")]
    private static partial Regex Item();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"(!?)\[([^\]]*)\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\*\*(.+?)\*\*")]
    private static partial Regex Strong();

    [GeneratedRegex(@"(?<![*\w])\*([^*]+)\*(?![*\w])")]
    private static partial Regex Emphasis();
}
