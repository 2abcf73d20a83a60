using DigitML.IO;

namespace DigitML.Data;

/// <summary>A table's column of words, each of which is a feature that is 1 where the word stands and 0 elsewhere (one-hot encoding).</summary>
internal sealed class CsvWords
{
    /// <summary>Columns of more words than this name the rows rather than tell kinds.</summary>
    private const int MostWords = 255;

    private readonly string _column;
    private readonly bool _isClosed;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _strangers = new(StringComparer.Ordinal);
    private int _missing;

    private CsvWords(string column, IEnumerable<string>? known)
    {
        (_column, _isClosed) = (column, known is not null);
        foreach (var word in known ?? [])
        {
            _places.TryAdd(word, _places.Count + 1);
        }
    }

    /// <summary>A column's words: those that are wanted, else all that will be found; null for a column of numbers.</summary>
    public static CsvWords? Of(CsvColumns columns, int column)
    {
        if (columns.Slots is { } slots)
        {
            string[] known = [.. slots.Where(slot => slot.Column == column).Select(slot => slot.Word).OfType<string>()];
            return known.Length > 0 ? new CsvWords(columns.NameOf(column), known) : null;
        }

        // Where a model's features are taken by their places, none of them is a word's.
        return columns.IsTable == true && !columns.IsForModel && columns.HoldsWords(column) ? new CsvWords(columns.NameOf(column), null) : null;
    }

    /// <summary>A cell's place among the words, from 1; 0 for none of them.</summary>
    /// <exception cref="DigitException">There are too many words.</exception>
    public int Take(ReadOnlySpan<char> cell, string file)
    {
        if (CsvDialect.IsMissing(cell))
        {
            _missing++;
            return 0;
        }

        var lookup = _places.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(cell, out var place))
        {
            return place;
        }

        var word = cell.ToString();
        if (_isClosed)
        {
            // Only told of, and so no more than a message can hold.
            if (_strangers.ContainsKey(word) || _strangers.Count < MostWords)
            {
                _strangers[word] = _strangers.GetValueOrDefault(word) + 1;
            }

            return 0;
        }

        if (_places.Count == MostWords)
        {
            throw new DigitException(Invariant($"{file}: column {_column} holds more than {MostWords} different words, which tell rows apart rather than kinds. Leave it out with --ignore-columns."));
        }

        _places.Add(word, _places.Count + 1);
        return _places.Count;
    }

    /// <summary>A word's place, from 1.</summary>
    public int PlaceOf(string word) => _places[word];

    /// <summary>All words, in the order in which classes stand.</summary>
    public IEnumerable<string> Sorted() => _places.Keys.Order(ClassNameComparer.Instance);

    /// <summary>What the user should know of the column; null for nothing.</summary>
    public string? Note(string file, int rows)
    {
        var strangers = _strangers.Count > 0
            ? Invariant($"column {_column} holds words that the model does not know ({string.Join(", ", _strangers.Take(4).Select(pair => Invariant($"'{CsvColumns.Shown(pair.Key)}' in {pair.Value} of {rows} rows")))}{(_strangers.Count > 4 ? ", …" : "")}), which count as none of those it does")
            : null;
        var missing = _missing > 0 ? Invariant($"values are missing in column {_column} in {_missing} of {rows} rows, which count as none of its words") : null;
        return strangers is null && missing is null ? null : $"{file}: {string.Join("; ", new[] { strangers, missing }.OfType<string>())}.";
    }

    /// <inheritdoc/>
    public override string ToString() => Invariant($"column {_column} as {_places.Count} categories");
}
