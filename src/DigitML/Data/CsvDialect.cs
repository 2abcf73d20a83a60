using System.Globalization;
using DigitML.IO;
using nietras.SeparatedValues;

namespace DigitML.Data;

/// <summary>How a CSV file is written: what stands between columns and before fractions.</summary>
/// <param name="Separator">A blank stands for any run of blanks.</param>
/// <param name="Decimal">What stands before a number's fraction.</param>
internal readonly record struct CsvDialect(char Separator, char Decimal)
{
    private const int Examined = 200;
    private static readonly char[] s_separators = [',', ';', '\t', '|', ' '];

    /// <summary>What is written where a value is missing, lower case.</summary>
    private static readonly string[] s_missing = ["", "na", "n/a", "nan", "null", "none", "?", "-"];

    /// <summary>The separator in words.</summary>
    public string SeparatorName => NameOf(Separator);

    /// <summary>Finds out how the first lines of a file are written.</summary>
    /// <param name="sample">Whole lines.</param>
    /// <param name="options">What is known already.</param>
    /// <param name="file">What errors call the file.</param>
    /// <exception cref="DigitException">There are no columns, or two ways of reading are as good as each other.</exception>
    public static CsvDialect Find(string sample, CsvOptions options, string file)
    {
        var best = default(Reading);
        foreach (var separator in options.Separator is { } known ? [known] : s_separators)
        {
            var reading = Reading.Of(sample, separator);
            if (reading.Score > best.Score)
            {
                best = reading;
            }
        }

        if (best.Rows == 0)
        {
            throw options.Separator is { } separator
                ? new DigitException($"{file}: expected columns with a {NameOf(separator)} between them but found none.")
                : new DigitException($"{file}: expected columns with a comma, a semicolon, a tab, a bar or blanks between them but found none. Is it a CSV file?");
        }

        if (options.DecimalSeparator is { } stated)
        {
            return new CsvDialect(best.Separator, stated);
        }

        return best is { Points: > 0, Commas: > 0 }
            ? throw new DigitException($"{file}: has numbers with a decimal point and numbers with a decimal comma. Say which it is: --decimal point or --decimal comma.")
            : new CsvDialect(best.Separator, best.Commas > 0 ? ',' : '.');
    }

    /// <summary>Starts reading rows.</summary>
    public SepReader Rows(TextReader text) => Rows(text, Separator);

    /// <summary>A row's cells, without the empty ones that runs of blanks make.</summary>
    /// <param name="row">The row.</param>
    /// <param name="columns">Receives the place of each cell in the row.</param>
    public void Columns(SepReader.Row row, List<int> columns)
    {
        columns.Clear();
        for (var i = 0; i < row.ColCount; i++)
        {
            if (Separator != ' ' || !row[i].Span.IsEmpty)
            {
                columns.Add(i);
            }
        }
    }

    /// <summary>Reads a number.</summary>
    /// <param name="cell">Without blanks around it.</param>
    /// <param name="value">The number; finite.</param>
    public bool TryNumber(ReadOnlySpan<char> cell, out float value)
    {
        // Whole numbers up to 999, which nearly all are.
        if (cell.Length is > 0 and <= 3)
        {
            var whole = 0;
            var i = 0;
            for (; i < cell.Length && char.IsAsciiDigit(cell[i]); i++)
            {
                whole = (10 * whole) + (cell[i] - '0');
            }

            if (i == cell.Length)
            {
                value = whole;
                return true;
            }
        }

        const int Longest = 64;
        if (Decimal == ',' && cell.Length <= Longest && cell.Contains(','))
        {
            if (cell.Contains('.'))
            {
                value = 0;
                return false;
            }

            Span<char> copy = stackalloc char[cell.Length];
            cell.Replace(copy, ',', '.');
            return Parse(copy, out value);
        }

        return Parse(cell, out value);
    }

    /// <summary>Whether a cell says that its value is missing.</summary>
    public static bool IsMissing(ReadOnlySpan<char> cell)
    {
        if (cell.Length > 4)
        {
            return false;
        }

        foreach (var word in s_missing)
        {
            if (cell.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static string NameOf(char separator) => separator switch
    {
        ',' => "comma",
        ';' => "semicolon",
        '\t' => "tab",
        '|' => "bar",
        _ => "blank",
    };

    private static bool Parse(ReadOnlySpan<char> cell, out float value) =>
        float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);

    private static SepReader Rows(TextReader text, char separator) =>
        Sep.New(separator).Reader(reader => reader with
        {
            HasHeader = false,
            DisableColCountCheck = true,
            Unescape = true,
            Trim = SepTrim.All,
            CultureInfo = CultureInfo.InvariantCulture,
        }).From(text);

    /// <summary>What a sample looks like with one separator.</summary>
    private readonly record struct Reading(char Separator, int Rows, double Score, int Points, int Commas)
    {
        public static Reading Of(string sample, char separator)
        {
            using var reader = CsvDialect.Rows(new StringReader(sample), separator);
            var asRead = new CsvDialect(separator, '.');
            var columns = new List<int>();
            var widths = new Dictionary<int, int>();
            var (rows, cells, numbers, points, commas) = (0, 0, 0, 0, 0);
            foreach (var row in reader)
            {
                asRead.Columns(row, columns);
                if (columns.Count == 0 || (row.ColCount == 1 && row[0].Span.IsEmpty))
                {
                    continue;
                }

                widths[columns.Count] = widths.GetValueOrDefault(columns.Count) + 1;
                if (rows++ == 1)
                {
                    // The first row is perhaps a heading, which says little about the numbers where there are others.
                    (cells, numbers, points, commas) = (0, 0, 0, 0);
                }

                foreach (var column in columns)
                {
                    var cell = row[column].Span;
                    cells++;
                    if (Parse(cell, out _) || IsMissing(cell))
                    {
                        numbers++;
                        points += cell.Contains('.') ? 1 : 0;
                    }
                    else if (new CsvDialect(separator, ',').TryNumber(cell, out _))
                    {
                        numbers++;
                        commas++;
                    }
                }

                if (rows > Examined)
                {
                    break;
                }
            }

            if (rows == 0 || widths.Keys.Max() < 2)
            {
                return default;
            }

            var (width, count) = widths.MaxBy(pair => (pair.Value, pair.Key));
            if (width < 2)
            {
                return default;
            }

            // How alike the rows are counts first, then how many cells are numbers; a wider table wins a tie.
            var alike = (double)count / rows;
            var numeric = cells == 0 ? 1 : (double)numbers / cells;
            return new Reading(separator, rows, (alike * (0.05 + numeric)) + (1e-9 * width), points, commas);
        }
    }
}
