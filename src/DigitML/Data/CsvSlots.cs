using DigitML.IO;

namespace DigitML.Data;

/// <summary>Finds the features that a model learnt among a file's columns: a column, or a word of a column of words, which is called <c>colour=red</c>.</summary>
internal static class CsvSlots
{
    /// <summary>Whether a row of cells names all of the features, as a heading does.</summary>
    public static bool AreIn(string[] cells, IReadOnlyList<string> features) => features.Count > 0 && features.All(feature => Find(feature, cells) is not null);

    /// <summary>Where the features lie; null when none are asked for, and when none is here by its name: another spelling rather than other columns.</summary>
    /// <param name="file">What errors call the file.</param>
    /// <param name="features">Their names, in the order that is wanted.</param>
    /// <param name="names">The columns' names.</param>
    /// <exception cref="DigitException">Some are here and others are not; or none is, and words have to be told apart.</exception>
    public static (int Column, string? Word)[]? Find(string file, IReadOnlyList<string> features, string[] names)
    {
        var slots = features.Select(feature => Find(feature, names)).ToArray();
        string[] missing = [.. features.Where((_, i) => slots[i] is null)];
        if (missing.Length == 0)
        {
            return slots.Length == 0 ? null : [.. slots.Select(slot => slot!.Value)];
        }

        // Numbers may be taken by their places; a word's feature belongs to a column that has to be known.
        return missing.Length == slots.Length && !missing.Any(feature => feature.Contains('=', StringComparison.Ordinal))
            ? null
            : throw new DigitException($"{file}: expected the model's columns but found no {ImageFolder.ListOf(missing)}.");
    }

    /// <summary>A feature's column, and its word when it is one of a column's words. A word may hold equals signs, and so may a name.</summary>
    private static (int Column, string? Word)? Find(string feature, string[] names)
    {
        if (Array.IndexOf(names, feature) is >= 0 and var whole)
        {
            return (whole, null);
        }

        for (var at = feature.IndexOf('=', StringComparison.Ordinal); at >= 0; at = feature.IndexOf('=', at + 1))
        {
            if (Array.IndexOf(names, feature[..at]) is >= 0 and var column)
            {
                return (column, feature[(at + 1)..]);
            }
        }

        return null;
    }
}
