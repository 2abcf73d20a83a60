using System.Text.RegularExpressions;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>What each column of a CSV file is: the class, a feature or pixel, or one that only counts the rows.</summary>
internal sealed partial class CsvColumns
{
    // So many classes at most make a column of whole numbers look like classes where nothing else says so.
    private const int MostLikelyClasses = 50;
    private const int HighestDigit = 9;

    private static readonly string[] s_labelNames = ["label", "labels", "class", "target", "digit"];
    private static readonly string[] s_indexNames = ["", "unnamed: 0", "index", "id", "row", "rownames", "imageid"];

    private readonly string _file;
    private readonly CsvOptions _options;
    private readonly IReadOnlyList<string[]> _rows;
    private readonly CsvDialect _dialect;
    private readonly string[] _names;
    private readonly string _how;

    private CsvColumns(string file, CsvOptions options, IReadOnlyList<string[]> rows, CsvDialect dialect)
    {
        (_file, _options, _dialect) = (file, options, dialect);
        HasHeader = options.HasHeader ?? (options.FeatureColumns.Count > 0 && CsvSlots.AreIn(rows[0], options.FeatureColumns) ? true : FindHeader(rows));
        _names = HasHeader ? rows[0] : [];
        _rows = HasHeader ? [.. rows.Skip(1)] : rows;
        Count = rows[0].Length;
        var ignored = options.IgnoredColumns.Select(Place).ToHashSet();
        IsTable = options.IsTable;
        Slots = IsTable == true ? CsvSlots.Find(file, options.FeatureColumns, HasHeader ? _names : [.. Enumerable.Range(1, Count).Select(place => Invariant($"{place}"))]) : null;
        (Label, _how) = Slots is null ? FindLabel(ignored) : FindLabelBeside(Slots, ignored);
        if (Label is { } label && options.IgnoredColumns.Count > 0 && ignored.Contains(label))
        {
            throw new DigitException($"{file}: column {NameOf(label)} is both the label and left out.");
        }

        var indexes = new List<int>();
        while (Slots is null && FindIndex(ignored) is { } index)
        {
            ignored.Add(index);
            indexes.Add(index);
        }

        Indexes = indexes;

        if (Slots is not null)
        {
            ignored.UnionWith(Enumerable.Range(0, Count).Where(column => column != Label).Except(Slots.Select(slot => slot.Column)));
        }

        Features = Slots is not null ? [.. Slots.Select(slot => slot.Column).Distinct()] : [.. Enumerable.Range(0, Count).Where(column => column != Label && !ignored.Contains(column))];
        Ignored = [.. ignored.Except(indexes).Order()];
        IsTable ??= !ArePixels();

        // A word in one row of ten or fewer is a slip, which is told with its line.
        LabelsAreNumbers = Label is { } place && 10 * _rows.Count(row => place < row.Length && IsText(row[place])) <= _rows.Count;
    }

    /// <summary>Columns in all.</summary>
    public int Count { get; }

    /// <summary>Whether the first row names the columns.</summary>
    public bool HasHeader { get; }

    /// <summary>The column of the classes, from 0; null when there is none.</summary>
    public int? Label { get; }

    /// <summary>The columns that only count or name the rows, from 0.</summary>
    public IReadOnlyList<int> Indexes { get; }

    /// <summary>The columns of the features or pixels, from 0.</summary>
    public int[] Features { get; }

    /// <summary>The columns that are left out because the user said so, or because they are none of the features that are wanted.</summary>
    public int[] Ignored { get; }

    /// <summary>Whether the features are a table's rather than a picture's pixels.</summary>
    public bool? IsTable { get; private set; }

    /// <summary>Whether the classes are numbers, as far as was looked.</summary>
    public bool LabelsAreNumbers { get; }

    /// <summary>Where each feature that is wanted comes from, and for one of a column's words which word; null when all columns are wanted, or none is here by its name.</summary>
    public (int Column, string? Word)[]? Slots { get; }

    /// <summary>Whether the features of a model are wanted.</summary>
    public bool IsForModel => _options.FeatureColumns.Count > 0;

    /// <summary>A feature's column as names of features call it: by its heading, else by its place from 1.</summary>
    public string FeatureName(int column) => HasHeader ? _names[column] : Invariant($"{column + 1}");

    /// <summary>Whether a table's column holds words: a word here and there is a slip, which is told with its line.</summary>
    public bool HoldsWords(int column)
    {
        var (words, numbers) = (0, 0);
        foreach (var row in _rows.Where(row => column < row.Length && !CsvDialect.IsMissing(row[column])))
        {
            _ = IsText(row[column]) ? words++ : numbers++;
        }

        return words > numbers;
    }

    /// <summary>Decides.</summary>
    /// <param name="file">What errors call the file.</param>
    /// <param name="options">What is known already.</param>
    /// <param name="rows">The first rows' cells; at least one row.</param>
    /// <param name="dialect">How numbers are written.</param>
    /// <exception cref="DigitException">Two readings are as good as each other; names the option that decides.</exception>
    public static CsvColumns Find(string file, CsvOptions options, IReadOnlyList<string[]> rows, CsvDialect dialect) => new(file, options, rows, dialect);

    /// <summary>A column as errors call it.</summary>
    public string NameOf(int column) => HasHeader && _names[column].Length > 0 ? $"'{Shown(_names[column])}'" : Invariant($"{column + 1}");

    /// <summary>What was decided, in a few words.</summary>
    public string Describe() => string.Join(", ", new[]
    {
        HasHeader ? "with a heading" : "without a heading",
        Label is { } label ? $"label in {(label == Count - 1 ? "the last column" : Invariant($"column {label + 1}"))}{(HasHeader && _names[label].Length > 0 ? $" '{Shown(_names[label])}'" : "")}{_how}" : "no label",
        Indexes.Count > 0 ? $"column {string.Join(" and ", Indexes.Select(NameOf))} only {(Indexes.Count == 1 ? "counts" : "count")} the rows" : "",
        Ignored.Length > 0 ? $"left out: {string.Join(", ", Ignored.Select(NameOf))}" : "",
    }.Where(part => part.Length > 0));

    /// <summary>A file's words in a message: one line of bounded length.</summary>
    public static string Shown(string text)
    {
        const int Longest = 30;
        var line = string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
        return line.Length > Longest ? $"{line[..Longest]}…" : line;
    }

    [GeneratedRegex(@"^(pixel|px)[ _.-]?\d+(x\d+)?$|^\d+x\d+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PixelName { get; }

    private bool FindHeader(IReadOnlyList<string[]> rows)
    {
        var first = rows[0];
        if (rows.Count == 1)
        {
            return first.Any(IsText);
        }

        var textOverNumbers = false;
        var numbersBelow = false;
        for (var column = 0; column < first.Length; column++)
        {
            var below = rows.Skip(1).Take(50).Where(row => column < row.Length && !CsvDialect.IsMissing(row[column])).ToArray();
            var areNumbers = below.Length > 0 && below.All(row => _dialect.TryNumber(row[column], out _));
            numbersBelow |= areNumbers;
            textOverNumbers |= areNumbers && IsText(first[column]);
        }

        if (textOverNumbers)
        {
            return true;
        }

        if (!numbersBelow)
        {
            throw new DigitException($"{_file}: no column holds numbers below the first line, so whether that line names the columns cannot be told. Say --header yes or --header no.");
        }

        // pandas names the columns of an array 0, 1, 2, …
        return first.Length >= 5 && CountsUp(first, skip: first[0].Length == 0 ? 1 : 0) && !CountsUp(rows[1], skip: 0);
    }

    private bool IsText(string cell) => !CsvDialect.IsMissing(cell) && !_dialect.TryNumber(cell, out _);

    private bool CountsUp(string[] cells, int skip)
    {
        var start = -1;
        for (var i = skip; i < cells.Length; i++)
        {
            if (!_dialect.TryNumber(cells[i], out var number) || number != (i == skip ? number : start + i - skip) || (i == skip && number is not (0 or 1)))
            {
                return false;
            }

            start = i == skip ? (int)number : start;
        }

        return true;
    }

    private int Place(string column)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            if (_names[i].Equals(column, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return int.TryParse(column, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var place) && place >= 1 && place <= Count
            ? place - 1
            : throw new DigitException(HasHeader
                ? Invariant($"{_file}: has no column '{Shown(column)}'; its {Count} columns are {string.Join(", ", _names.Take(6).Select(name => $"'{Shown(name)}'"))}{(Count > 6 ? ", …" : "")}.")
                : Invariant($"{_file}: has no column '{Shown(column)}'; it has {Count} columns and no heading, so give a place from 1 to {Count}."));
    }

    private (int? Label, string How) FindLabel(HashSet<int> ignored)
    {
        if (_options.LabelColumn is { } stated)
        {
            return stated.Equals("none", StringComparison.OrdinalIgnoreCase) && !_names.Contains("none") ? (null, "") : (Place(stated), ", as stated");
        }

        var open = Enumerable.Range(0, Count).Where(column => !ignored.Contains(column)).ToArray();
        if (HasHeader)
        {
            var named = open.Where(column => s_labelNames.Contains(_names[column].Trim().ToLowerInvariant())).ToArray();
            if (named.Length == 0)
            {
                named = [.. open.Where(column => _names[column].Trim().Equals("y", StringComparison.OrdinalIgnoreCase))];
            }

            if (named.Length > 1)
            {
                throw new DigitException($"{_file}: columns {string.Join(" and ", named.Select(NameOf))} could each be the label. Say which: --label-column NAME.");
            }

            if (named.Length == 1)
            {
                return (named[0], "");
            }
        }

        var pixels = _options.Width * _options.Height;
        if (IsTable != true && (open.Length == pixels || (open.Length == pixels + 1 && IsIndex(open[0]))))
        {
            return (null, "");
        }

        // Of a picture only the columns at the ends can be the label; a word among its pixels is a mistake, which is told with its line.
        var likely = IsTable != true && (open.Length == pixels + 1 || open.Length == pixels + 2) ? [open[0], open[1], open[^1]] : open;
        var texts = likely.Distinct().Where(column => 2 * _rows.Count(row => column < row.Length && IsText(row[column])) > _rows.Count).ToArray();
        if (texts.Length == 1)
        {
            return (texts[0], ", the one with words");
        }

        if (texts.Length > 1)
        {
            throw new DigitException($"{_file}: columns {string.Join(", ", texts.Take(4).Select(NameOf))} hold words, and each could be the label. Say which it is: --label-column NAME.");
        }

        var counted = IsTable != true && open.Length == pixels + 2 && IsCounting(open[0]) ? open[0] : -1;
        return FirstOrLast([.. open.Where(column => column != counted)], isPicture: IsTable != true && open.Length - (counted < 0 ? 0 : 1) == pixels + 1);
    }

    /// <summary>Beside known features the label is what is called so, or the only other column that looks like classes.</summary>
    private (int? Label, string How) FindLabelBeside((int Column, string? Word)[] slots, HashSet<int> ignored)
    {
        if (_options.LabelColumn is not null)
        {
            return FindLabel(ignored);
        }

        var open = Enumerable.Range(0, Count).Except(slots.Select(slot => slot.Column)).Where(column => !ignored.Contains(column)).ToArray();
        var named = HasHeader ? open.Where(column => s_labelNames.Contains(_names[column].Trim().ToLowerInvariant())).ToArray() : [];
        var likely = named.Length > 0 ? named : [.. open.Where(column => HoldsWords(column) || (ClassesIn(column, out _) > 0 && !IsIndex(column)))];
        return likely.Length == 1 ? (likely[0], "") : (null, "");
    }

    /// <summary>Of numbers alone the first or the last column is the label, whichever looks like classes.</summary>
    private (int? Label, string How) FirstOrLast(int[] open, bool isPicture)
    {
        if (open.Length < 2)
        {
            return (null, "");
        }

        var (first, last) = (ClassesIn(open[0], out var firstHighest), ClassesIn(open[^1], out var lastHighest));
        if (isPicture && (first > 1) != (last > 1))
        {
            // A pixel at the border is ground in nearly every picture, so the column that changes is the label.
            return (first > 1 ? open[0] : open[^1], "");
        }

        if (isPicture && first == 1 && last == 1)
        {
            // One class alone: what is not 0 is no ground; else as Kaggle has it.
            return (firstHighest == 0 && lastHighest != 0 ? open[^1] : open[0], "");
        }

        if (isPicture && first > 0 && last > 0 && (firstHighest <= HighestDigit) != (lastHighest <= HighestDigit))
        {
            return (firstHighest <= HighestDigit ? open[0] : open[^1], "");
        }

        return (first > 0, last > 0) switch
        {
            (true, true) => throw new DigitException(Invariant($"{_file}: the first column and the last could each be the label. Say which: --label-column {open[0] + 1} or --label-column {open[^1] + 1}.")),
            (true, false) => (open[0], ""),
            (false, true) => (open[^1], ""),
            _ => (null, ""),
        };
    }

    private float ValueOf(int column) => _dialect.TryNumber(_rows[0][column], out var value) ? value : float.NaN;

    /// <summary>How many classes a column of numbers seems to hold; 0 when it does not look like classes.</summary>
    private int ClassesIn(int column, out float highest)
    {
        highest = 0;
        var others = 0;
        var seen = new HashSet<float>();
        foreach (var row in _rows)
        {
            if (column >= row.Length || !_dialect.TryNumber(row[column], out var value))
            {
                // A slip in a row or two does not make it another column; the slip is told with its line.
                others++;
                continue;
            }

            if (value != MathF.Floor(value) || value is < 0 or > 255)
            {
                return 0;
            }

            seen.Add(value);
            highest = Math.Max(highest, value);
        }

        return 2 * others <= _rows.Count && seen.Count <= Math.Max(10, Math.Min(MostLikelyClasses, _rows.Count / 2)) ? seen.Count : 0;
    }

    /// <summary>A column that counts the rows, or is called as such columns are, beside the pixels of a picture or before a table's features.</summary>
    private int? FindIndex(HashSet<int> ignored)
    {
        foreach (var column in Enumerable.Range(0, Math.Min(Count, 3)))
        {
            if (ignored.Contains(column) || column == Label)
            {
                continue;
            }

            var isCounting = IsCounting(column);
            var isNamed = HasHeader && s_indexNames.Contains(_names[column].Trim().ToLowerInvariant());
            var rest = Count - ignored.Count - 1 - (Label is null ? 0 : 1);
            var isOneTooMany = IsTable != true && rest == _options.Width * _options.Height;
            if ((isNamed && (isCounting || isOneTooMany || AreDistinct(column))) || (isCounting && (isOneTooMany || (column == 0 && IsIndex(column)))))
            {
                return column;
            }
        }

        return null;
    }

    /// <summary>Whether a column counts the rows beyond what digits do, or counts them and is called as such columns are.</summary>
    private bool IsIndex(int column) =>
        IsCounting(column) && (_rows.Count > HighestDigit + 1 || (HasHeader && s_indexNames.Contains(_names[column].Trim().ToLowerInvariant())));

    private bool IsCounting(int column)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            if (column >= _rows[i].Length || !_dialect.TryNumber(_rows[i][column], out var value) || value != (i == 0 ? value : ValueOf(column) + i) || (i == 0 && value is not (0 or 1)))
            {
                return false;
            }
        }

        return _rows.Count > 1;
    }

    private bool AreDistinct(int column) => _rows.Where(row => column < row.Length).Select(row => row[column]).Distinct().Count() == _rows.Count;

    private bool ArePixels()
    {
        if (Features.Length == _options.Width * _options.Height)
        {
            return true;
        }

        var side = (int)Math.Sqrt(Features.Length);
        return side >= 8 && side * side == Features.Length && HasHeader && Features.All(column => PixelName.IsMatch(_names[column].Trim()));
    }
}
