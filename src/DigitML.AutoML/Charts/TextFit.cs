using System.Text.RegularExpressions;

namespace DigitML.AutoML.Charts;

/// <summary>Brings names into little room.</summary>
internal static partial class TextFit
{
    /// <summary>A text of at most so many characters, cut with an ellipsis.</summary>
    public static string Cut(string text, int most) => text.Length <= most ? text : $"{text[..(most - 1)]}…";

    /// <summary>A name on one line, or parted between its words on two; what does not fit is cut.</summary>
    /// <param name="name">A setting's name: <c>learningRate</c>, <c>num_leaves</c>.</param>
    /// <param name="most">Characters of a line.</param>
    public static string[] TwoLines(string name, int most)
    {
        if (name.Length <= most)
        {
            return [name];
        }

        var words = Words().Split(name);
        var first = words[0];
        var taken = 1;
        while (taken < words.Length && first.Length + words[taken].Length <= most)
        {
            first += words[taken++];
        }

        var second = string.Concat(words[taken..]);
        return second.Length == 0 ? [Cut(first, most)] : [Cut(first, most), Cut(second, most)];
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[-_ .])")]
    private static partial Regex Words();
}
