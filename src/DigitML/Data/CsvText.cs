using System.Text;

namespace DigitML.Data;

/// <summary>The text of a CSV file before it is taken for rows: its first part, from which its dialect is told, and what stands before the table.</summary>
internal static class CsvText
{
    private const int SampleCharacters = 1 << 22;

    /// <summary>The first characters, as many as the text has up to a bound; whether they are all is told by <paramref name="isWhole"/>.</summary>
    public static string Sample(TextReader text, out bool isWhole)
    {
        var buffer = new char[1 << 16];
        var sample = new StringBuilder();
        int read;
        do
        {
            read = text.ReadBlock(buffer);
            sample.Append(buffer, 0, read);
        }
        while (read == buffer.Length && sample.Length < SampleCharacters);
        isWhole = read < buffer.Length;
        return sample.ToString();
    }

    /// <summary>Takes off what stands before the table: Excel's <c>sep=;</c>, and comments, unless a comment is the heading.</summary>
    public static string WithoutFirstLines(string sample, out int skipped, ref CsvOptions options)
    {
        skipped = 0;
        var at = 0;
        while (at < sample.Length)
        {
            var end = sample.IndexOf('\n', at);
            var next = end < 0 ? sample.Length : end + 1;
            var line = sample.AsSpan(at, next - at).Trim();
            if (line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && line.Length == 5)
            {
                options = options with { Separator = options.Separator ?? (line[4] is ',' or ';' or '|' or ' ' ? line[4] : '\t') };
            }
            else if (!line.IsEmpty && line[0] != '#')
            {
                break;
            }
            else if (!line.IsEmpty && IsHeading(line, sample, next))
            {
                // numpy writes headings as comments.
                return sample[(at + sample.AsSpan(at).IndexOf('#') + 1)..];
            }

            at = next;
            skipped++;
        }

        return sample[at..];
    }

    private static bool IsHeading(ReadOnlySpan<char> comment, string sample, int next)
    {
        var end = sample.IndexOf('\n', next);
        var below = sample.AsSpan(next, (end < 0 ? sample.Length : end) - next);
        foreach (var separator in ",;\t|")
        {
            if (below.Contains(separator))
            {
                return comment.Count(separator) == below.Count(separator);
            }
        }

        return false;
    }

    /// <summary>Text that was read already, and then the rest.</summary>
    public sealed class Joined(string start, TextReader rest) : TextReader
    {
        private int _position;

        public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

        public override int Read(Span<char> buffer)
        {
            if (_position == start.Length)
            {
                return rest.Read(buffer);
            }

            var taken = Math.Min(buffer.Length, start.Length - _position);
            start.AsSpan(_position, taken).CopyTo(buffer);
            _position += taken;
            return taken;
        }
    }
}
