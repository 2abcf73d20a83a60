using System.Globalization;
using DigitML.IO;

namespace DigitML.Cli;

/// <summary>Which pictures of a file: <c>0..9</c>, <c>3</c>, <c>0..2,7</c>; both ends of a range count.</summary>
internal static class IndexList
{
    /// <summary>The indices in the order given.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="count">Pictures in the file.</param>
    /// <param name="file">The file, for the error.</param>
    /// <exception cref="DigitException">The text is no list, or names pictures that are not there.</exception>
    public static IEnumerable<int> Parse(string text, int count, string file)
    {
        var ranges = text.Split(',', StringSplitOptions.TrimEntries).Select(part => Range(part, text)).ToArray();
        foreach (var (first, last) in ranges)
        {
            if (last >= count)
            {
                throw new DigitException($"{file}: has pictures 0 to {count - 1}, but --index asks for {last}.");
            }
        }

        return ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1));
    }

    private static (int First, int Last) Range(string part, string text)
    {
        var ends = part.Split("..");
        if (ends.Length <= 2
            && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first <= last)
        {
            return (first, last);
        }

        throw new DigitException($"--index must be numbers from 0 and ranges such as 0..9, with commas between; got '{text}'.");
    }
}
