using System.Text;

namespace DigitML.Data;

/// <summary>A file's content as text: UTF-8, or UTF-16 and UTF-32 by their byte order marks or, without one, by where their zero bytes lie.</summary>
internal static class ContentText
{
    private const int LookedAt = 64;

    /// <summary>Starts reading at the content's beginning.</summary>
    /// <param name="content">Stays open.</param>
    /// <param name="encoding">What the text is written in, as it is commonly called.</param>
    public static TextReader Open(ContentFile content, out string encoding)
    {
        var found = Find(content.Peek(LookedAt) is { Length: > LookedAt } start ? start[..LookedAt] : content.Peek(LookedAt));
        encoding = found.WebName.ToUpperInvariant();

        // A byte order mark is not part of the first column's name, so the reader takes it off.
        return new StreamReader(content.AsStream(), found, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);
    }

    /// <summary>Whether a file that starts so is text in UTF-16 or UTF-32.</summary>
    public static bool IsWide(ReadOnlySpan<byte> start) => Find(start[..Math.Min(LookedAt, start.Length)]) is not UTF8Encoding;

    private static Encoding Find(ReadOnlySpan<byte> start)
    {
        foreach (var encoding in new[] { Encoding.UTF32, Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            if (start.StartsWith(encoding.Preamble))
            {
                return encoding;
            }
        }

        // Digits and separators have one zero byte each in UTF-16, before or after the other; a few letters have none.
        var (even, odd) = (0, 0);
        for (var i = 0; i < start.Length; i++)
        {
            if (start[i] == 0)
            {
                _ = (i & 1) == 0 ? even++ : odd++;
            }
        }

        var half = start.Length / 2;
        return half >= 2 && even == 0 && 4 * odd >= 3 * half ? Encoding.Unicode
            : half >= 2 && odd == 0 && 4 * even >= 3 * half ? Encoding.BigEndianUnicode
            : Encoding.UTF8;
    }
}
