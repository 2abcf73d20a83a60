using System.Globalization;

namespace DigitML.Data;

/// <summary>Orders names of classes: numbers by size and before words, words by their characters.</summary>
internal sealed class ClassNameComparer : IComparer<string>
{
    public static ClassNameComparer Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var isFirst = long.TryParse(x, NumberStyles.None, CultureInfo.InvariantCulture, out var first);
        var isSecond = long.TryParse(y, NumberStyles.None, CultureInfo.InvariantCulture, out var second);
        return (isFirst, isSecond) switch
        {
            (true, true) when first != second => first.CompareTo(second),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(x, y),
        };
    }
}
