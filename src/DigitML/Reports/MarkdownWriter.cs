using System.Text;

namespace DigitML.Reports;

/// <summary>Writes blocks as GitHub's Markdown: tables and text only, since a step summary strips pictures.</summary>
internal static class MarkdownWriter
{
    public static string Write(IEnumerable<Block> blocks)
    {
        var text = new StringBuilder();
        foreach (var block in blocks)
        {
            switch (block)
            {
                case Block.Heading heading:
                    text.Append('#', heading.Level).Append(' ').Append(Escape(heading.Text)).Append("\n\n");
                    break;
                case Block.Paragraph paragraph:
                    text.Append(Escape(paragraph.Text)).Append("\n\n");
                    break;
                case Block.Verdict verdict:
                    text.Append(verdict.IsGood ? "✅ " : "❌ ").Append(Escape(verdict.Text)).Append("\n\n");
                    break;
                case Block.Table table:
                    Row(text, table.Header);
                    text.Append("|:--").Append(string.Concat(Enumerable.Range(1, table.Header.Count - 1).Select(column => table.HasTextLast && column == table.Header.Count - 1 ? "|:--" : "|--:"))).Append("|\n");
                    foreach (var row in table.Rows)
                    {
                        Row(text, row);
                    }

                    text.Append('\n');
                    break;
                case Block.Facts facts:
                    text.Append("| | |\n|:--|:--|\n");
                    foreach (var (name, value) in facts.Items)
                    {
                        text.Append("| ").Append(Escape(name)).Append(" | ").Append(Code(value)).Append(" |\n");
                    }

                    text.Append('\n');
                    break;
                case Block.Chart:
                    break;
                default:
                    throw new InvalidOperationException($"No Markdown for {block.GetType().Name}.");
            }
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>Text that Markdown shows letter by letter, on one line.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            _ = c switch
            {
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '&' => result.Append("&amp;"),
                '|' or '*' or '_' or '`' or '[' or ']' or '\\' or '#' or '~' => result.Append('\\').Append(c),
                // A name with an @ must not call somebody.
                '@' => result.Append("&#64;"),
                _ => result.Append(c),
            };
        }

        return result.ToString();
    }

    private static string Code(string text) => $"<code>{Escape(text)}</code>";

    private static void Row(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(Escape)).Append(" |\n");
}
