using System.Globalization;
using System.Text;
using DigitML.IO;
using nietras.SeparatedValues;

namespace DigitML.Data;

/// <summary>Reads a CSV file's rows once, after its first lines have told how.</summary>
internal sealed class CsvTable
{
    private const int SampleRows = 300;
    private const int MostColumns = 1 << 20;
    private const int HighestPictureLabel = 255;

    private readonly string _file;
    private readonly string _name;
    private readonly CsvOptions _options;
    private readonly CsvDialect _dialect;
    private readonly CsvColumns _columns;
    private readonly string _encoding;
    private readonly LabelledFeaturesBuilder _rows;
    private readonly List<string> _labels = [];
    private readonly List<float> _numbers = [];
    private readonly HashSet<(int Row, int Feature)> _missing = [];
    private readonly double[] _sums;
    private readonly CsvWords?[] _words;
    private float _lowest = float.PositiveInfinity;
    private float _highest = float.NegativeInfinity;

    private CsvTable(string file, string name, CsvOptions options, string sample, string encoding)
    {
        (_file, _name, _options, _encoding) = (file, name, options, encoding);
        _dialect = CsvDialect.Find(sample, options, file);
        _columns = CsvColumns.Find(file, options, FirstRows(sample), _dialect);
        if (_columns.IsTable == false && _columns.Features.Length != options.Width * options.Height && !IsSquare(_columns.Features.Length))
        {
            throw WrongWidth();
        }

        if (_columns.Features.Length == 0)
        {
            throw new DigitException($"{file}: no column is left to learn from.");
        }

        _rows = new LabelledFeaturesBuilder(name, _columns.Features.Length);
        _sums = new double[_columns.Features.Length];
        _words = Array.ConvertAll(_columns.Features, column => CsvWords.Of(_columns, column));
    }

    private int Pixels => _options.Width * _options.Height;

    /// <summary>Reads a file.</summary>
    /// <param name="content">Read to its end.</param>
    /// <param name="name">What figures about the data call them.</param>
    /// <param name="options">What is known already.</param>
    /// <exception cref="DigitException">A line is not what it should be, or the file can be read in two ways.</exception>
    public static DataContent Read(ContentFile content, string name, CsvOptions options)
    {
        options.Validate();
        using var text = ContentText.Open(content, out var encoding);
        try
        {
            var sample = CsvText.Sample(text, out var isWhole);
            var body = CsvText.WithoutFirstLines(sample, out var skipped, ref options);
            if (body.AsSpan().Trim().IsEmpty)
            {
                throw new DigitException($"{content.Name}: expected lines of pixels but found none.");
            }

            // The last line of the sample may be a part of one.
            var end = isWhole ? body.Length : body.LastIndexOf('\n') + 1;
            var table = new CsvTable(content.Name, name, options, end > 0 ? body[..end] : body, encoding);
            table.ReadRows(new CsvText.Joined(body, text), skipped);
            return table.Finish();
        }
        catch (NotSupportedException error)
        {
            throw new DigitException($"{content.Name}: has a line of more than 16,777,216 characters, or a quote that is never closed. Is it a CSV file?", error);
        }
        catch (DecoderFallbackException error)
        {
            throw new DigitException($"{content.Name}: is no text in {encoding}.", error);
        }
    }

    private List<string[]> FirstRows(string sample)
    {
        using var reader = _dialect.Rows(new StringReader(sample));
        var places = new List<int>();
        var rows = new List<string[]>();
        foreach (var row in reader)
        {
            _dialect.Columns(row, places);
            if (IsEmpty(row, places))
            {
                continue;
            }

            if (places.Count > MostColumns)
            {
                throw new DigitException(Invariant($"{_file}: has {places.Count} columns; at most {MostColumns} are read."));
            }

            var cells = new string[places.Count];
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = row[places[i]].ToString();
            }

            rows.Add(cells);
            if (rows.Count > SampleRows)
            {
                break;
            }
        }

        return rows;
    }

    private static bool IsEmpty(SepReader.Row row, List<int> places) => places.Count == 0 || (row.ColCount == 1 && row[0].Span.IsEmpty);

    private void ReadRows(TextReader text, int skippedLines)
    {
        using var reader = _dialect.Rows(text);
        var places = new List<int>();
        var features = new float[_columns.Features.Length];
        var isFirst = true;
        foreach (var row in reader)
        {
            _dialect.Columns(row, places);
            if (IsEmpty(row, places))
            {
                continue;
            }

            var line = row.LineNumberToExcl - 1 + skippedLines;
            if (places.Count != _columns.Count)
            {
                throw new DigitException(Invariant($"{_file}, line {line}: expected {_columns.Count} columns, as in the first line, but found {places.Count}."));
            }

            if (isFirst && _columns.HasHeader)
            {
                isFirst = false;
                continue;
            }

            isFirst = false;
            if (_columns.Label is { } label)
            {
                AddLabel(row[places[label]].Span, line, label);
            }

            for (var i = 0; i < features.Length; i++)
            {
                var column = _columns.Features[i];
                features[i] = Feature(row[places[column]].Span, line, column, i);
            }

            _rows.Add(features, -1);
        }

        if (_rows.Count == 0)
        {
            throw new DigitException($"{_file}: expected lines of {(_columns.IsTable == true ? "numbers" : "pixels")} but found none.");
        }
    }

    private float Feature(ReadOnlySpan<char> cell, int line, int column, int feature)
    {
        if (_words[feature] is { } words)
        {
            return words.Take(cell, _file);
        }

        if (_dialect.TryNumber(cell, out var value))
        {
            if (_columns.IsTable == false && value > HighestPictureLabel)
            {
                throw Expected("a pixel from 0 to 255", cell, line, column);
            }

            _lowest = Math.Min(_lowest, value);
            _highest = Math.Max(_highest, value);
            _sums[feature] += value;
            return value;
        }

        if (_columns.IsTable == true && CsvDialect.IsMissing(cell))
        {
            _missing.Add((_rows.Count, feature));
            return 0;
        }

        throw _columns.IsTable == true
            ? Expected($"a number{(_columns.HasHeader ? $" in {_columns.NameOf(column)}" : "")}", cell, line, column, " Leave the column out with --ignore-columns, or mend the cell.")
            : Expected("a pixel from 0 to 255", cell, line, column);
    }

    private void AddLabel(ReadOnlySpan<char> cell, int line, int column)
    {
        var isMissing = CsvDialect.IsMissing(cell) && cell is not "-";
        if (!_columns.LabelsAreNumbers)
        {
            _labels.Add(isMissing && !cell.Equals("none", StringComparison.OrdinalIgnoreCase) ? throw Expected("a class", cell, line, column) : string.Intern(cell.ToString()));
            return;
        }

        if (!_dialect.TryNumber(cell, out var value) || value != MathF.Floor(value) || (_columns.IsTable == false && value is < 0 or > HighestPictureLabel))
        {
            throw Expected(_columns.IsTable == true ? "a class: a whole number, or words in every row" : Invariant($"a label from 0 to {HighestPictureLabel}"), cell, line, column);
        }

        _numbers.Add(value);
    }

    private DigitException Expected(string what, ReadOnlySpan<char> cell, int line, int column, string advice = "") =>
        new(Invariant($"{_file}, line {line}, column {column + 1}: expected {what} but found {(cell.IsEmpty ? "nothing" : $"'{CsvColumns.Shown(cell.ToString())}'")}.{advice}"));

    private DigitException WrongWidth()
    {
        var found = _columns.Count;
        var decimals = _dialect.Separator == ',' && (found == (2 * Pixels) + 1 || found == 2 * Pixels)
            ? " Are its decimals written with commas too? Save it with semicolons between columns, or with quotes."
            : "";
        return new DigitException(Invariant($"{_file}: expected {Pixels + 1} columns (a label and {Pixels} pixels) or {Pixels} (pixels alone) but found {found}.{decimals}"));
    }

    private static bool IsSquare(int count) => (int)Math.Sqrt(count) is var side && side * side == count;

    private DataContent Finish()
    {
        var table = _rows.Build();
        var how = new StringBuilder($"CSV in {_encoding}, {_dialect.SeparatorName} between columns{(_dialect.Decimal == ',' ? ", decimal comma" : "")}, {_columns.Describe()}");
        if (_columns.IsTable == true)
        {
            var (labels, names) = Classes();
            var (filled, missing) = FillMissing(table);
            var (expanded, features) = Expand(filled);
            how.Append(CultureInfo.InvariantCulture, $", {expanded.FeatureCount} features of a table{string.Concat(_words.OfType<CsvWords>().Select(words => $", {words}"))}");
            string[] notes = [.. new[] { missing }.Concat(_words.Select(words => words?.Note(_file, filled.Count))).OfType<string>()];
            return new DataContent(
                new LabelledFeatures(_name, expanded.Blocks, labels, new FeatureDetails { FeatureNames = features, ClassNames = names, Notes = notes }),
                how.ToString())
            { Notes = notes };
        }

        var pixels = ToPixels(table, out var scale);
        how.Append(CultureInfo.InvariantCulture, $", {scale}");
        var side = (int)Math.Sqrt(table.FeatureCount);
        var (width, height) = table.FeatureCount == Pixels ? (_options.Width, _options.Height) : (side, side);
        if (_columns.LabelsAreNumbers || _columns.Label is null)
        {
            return new DataContent(new LabelledImages(_name, width, height, pixels, _numbers.ConvertAll(number => (byte)number).ToArray()), how.ToString());
        }

        var (classes, classNames) = Classes();
        if (classNames.Count > 256)
        {
            throw new DigitException(Invariant($"{_file}: has {classNames.Count} classes; pictures are read of at most 256."));
        }

        return new DataContent(new LabelledImages(_name, width, height, pixels, Array.ConvertAll(classes, label => (byte)label), details: new ImageDetails { ClassNames = classNames }), how.ToString());
    }

    /// <summary>Classes in the order of their names: numbers by size, words by their letters.</summary>
    private (int[] Labels, IReadOnlyList<string> Names) Classes()
    {
        if (_columns.Label is null)
        {
            return ([], []);
        }

        if (_columns.LabelsAreNumbers)
        {
            var distinct = _numbers.Distinct().Order().ToArray();
            var place = distinct.Select((number, i) => (number, i)).ToDictionary(pair => pair.number, pair => pair.i);
            return ([.. _numbers.Select(number => place[number])], CheckClasses([.. distinct.Select(number => number.ToString(CultureInfo.InvariantCulture))]));
        }

        var words = _labels.Distinct().Order(ClassNameComparer.Instance).ToArray();
        var order = words.Select((word, i) => (word, i)).ToDictionary(pair => pair.word, pair => pair.i);
        return ([.. _labels.Select(word => order[word])], CheckClasses(words));
    }

    private string[] CheckClasses(string[] names) =>
        names.Length <= LabelledFeatures.MaximumClasses
            ? names
            : throw new DigitException(Invariant($"{_file}: the label column has {names.Length} different values; at most {LabelledFeatures.MaximumClasses} classes are read. Is it the right column? --label-column NAME says which."));

    private (LabelledFeatures Table, string? Said) FillMissing(LabelledFeatures table)
    {
        if (_missing.Count == 0)
        {
            return (table, null);
        }

        var byFeature = _missing.GroupBy(cell => cell.Feature).OrderBy(group => group.Key).Select(group => (Feature: group.Key, Count: group.Count())).ToArray();
        if (Array.Find(byFeature, column => column.Count == table.Count) is { Count: > 0 } empty)
        {
            throw new DigitException($"{_file}: column {_columns.NameOf(_columns.Features[empty.Feature])} holds no value at all. Leave it out with --ignore-columns.");
        }

        var mean = byFeature.ToDictionary(column => column.Feature, column => (float)(_sums[column.Feature] / (table.Count - column.Count)));
        var row = new float[table.FeatureCount];
        var filled = new LabelledFeaturesBuilder(_name, table.FeatureCount);
        for (var i = 0; i < table.Count; i++)
        {
            table.CopyRow(i, row);
            foreach (var (feature, _) in byFeature)
            {
                if (_missing.Contains((i, feature)))
                {
                    row[feature] = mean[feature];
                }
            }

            filled.Add(row, -1);
        }

        var columns = byFeature.Take(8).Select(column => Invariant($"{_columns.NameOf(_columns.Features[column.Feature])} in {column.Count} of {table.Count} rows"));
        return (filled.Build(), Invariant($"{_file}: values are missing in column {string.Join(", ", columns)}{(byFeature.Length > 8 ? Invariant($" and {byFeature.Length - 8} more") : "")}; the column's mean was put there."));
    }

    /// <summary>Gives each word of a column a feature of its own, and puts features in the order in which they are wanted.</summary>
    private (LabelledFeatures Table, IReadOnlyList<string> Names) Expand(LabelledFeatures table)
    {
        (int Source, string? Word)[] slots = _columns.Slots is { } wanted
            ? Array.ConvertAll(wanted, slot => (Array.IndexOf(_columns.Features, slot.Column), slot.Word))
            : [.. _columns.Features.SelectMany<int, (int, string?)>((_, i) => _words[i] is { } words ? words.Sorted().Select(word => (i, (string?)word)) : [(i, null)])];
        var areNamed = _columns.HasHeader || Array.Exists(_words, words => words is not null);
        string[] names = areNamed ? [.. slots.Select(slot => _columns.FeatureName(_columns.Features[slot.Source]) + (slot.Word is null ? "" : $"={slot.Word}"))] : [];
        if (Array.TrueForAll(_words, words => words is null) && slots.Select(slot => slot.Source).SequenceEqual(Enumerable.Range(0, table.FeatureCount)))
        {
            return (table, names);
        }

        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new DigitException($"{_file}: two features would be called '{CsvColumns.Shown(twice.Key)}', a column and a word of another. Rename the column.");
        }

        if (slots.Length > MostColumns)
        {
            throw new DigitException(Invariant($"{_file}: its words would be {slots.Length} features; at most {MostColumns} are read. Leave columns out with --ignore-columns."));
        }

        var places = Array.ConvertAll(slots, slot => slot.Word is { } word ? _words[slot.Source]!.PlaceOf(word) : 0);
        var (row, target) = (new float[table.FeatureCount], new float[slots.Length]);
        var builder = new LabelledFeaturesBuilder(_name, slots.Length);
        for (var i = 0; i < table.Count; i++)
        {
            table.CopyRow(i, row);
            for (var j = 0; j < target.Length; j++)
            {
                var value = row[slots[j].Source];
                target[j] = places[j] == 0 ? value : value == places[j] ? 1 : 0;
            }

            builder.Add(target, -1);
        }

        return (builder.Build(), names);
    }

    /// <summary>Brings pixel values to 0 to 255, by the range that all of them together have.</summary>
    private byte[] ToPixels(LabelledFeatures table, out string scale)
    {
        var range = PixelRange.Find(_lowest, _highest, table.Blocks.AreBytes, _file);
        scale = range.Name;
        var pixels = new byte[checked(table.Count * table.FeatureCount)];
        var row = new float[table.FeatureCount];
        for (var i = 0; i < table.Count; i++)
        {
            var target = pixels.AsSpan(i * row.Length, row.Length);
            if (range.IsByte && table.Blocks.AreBytes)
            {
                table.Blocks.Bytes(i).CopyTo(target);
                continue;
            }

            table.CopyRow(i, row);
            for (var j = 0; j < row.Length; j++)
            {
                target[j] = range.ToByte(row[j]);
            }
        }

        return pixels;
    }
}
