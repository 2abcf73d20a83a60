using DigitML.IO;

namespace DigitML.Data;

/// <summary>Reads a CSV file that names picture files and their classes: <c>file,label</c>.</summary>
internal static class PictureList
{
    private static readonly string[] s_fileColumns = ["file", "filename", "file_name", "filepath", "path", "image", "image_path", "img", "picture"];
    private static readonly string[] s_labelColumns = ["label", "labels", "class", "target", "digit", "category", "y"];
    private static readonly string[] s_partColumns = ["split", "set", "part", "subset"];

    /// <summary>Whether a text file begins as such a list does: a column's first value is a file that is there.</summary>
    /// <param name="start">The file's first lines.</param>
    /// <param name="folder">Relative paths count from it.</param>
    public static bool IsOne(string start, string folder) => Plan(start, folder) is not null;

    /// <summary>Reads the list.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="file">What errors call it.</param>
    /// <param name="folder">Relative paths count from it.</param>
    /// <exception cref="DigitException">A row has no file or class, or a file is not below the folder.</exception>
    public static LabelledFiles Read(string text, string file, string folder)
    {
        var plan = Plan(text, folder) ?? throw new DigitException($"{file}: expected a list of file,label.");
        var files = new List<LabelledFile>();
        var root = Path.GetFullPath(folder);
        using var rows = plan.Dialect.Rows(new StringReader(text));
        var isFirst = plan.HasHeader;
        foreach (var row in rows)
        {
            if (isFirst || (row.ColCount == 1 && row[0].Span.IsEmpty))
            {
                isFirst = false;
                continue;
            }

            var line = row.LineNumberToExcl - 1;
            if (row.ColCount <= Math.Max(plan.File, plan.Label))
            {
                throw new DigitException(Invariant($"{file}, line {line}: expected a file and its label but found {row.ColCount} columns."));
            }

            var (name, label) = (row[plan.File].ToString(), row[plan.Label].ToString());
            if (name.Length == 0 || label.Length == 0)
            {
                throw new DigitException(Invariant($"{file}, line {line}: expected a file and its label but found '{CsvColumns.Shown(name)}' and '{CsvColumns.Shown(label)}'."));
            }

            var part = plan.Part is { } column && column < row.ColCount ? PartOf(row[column].Span) : DataPart.Train;
            files.Add(new LabelledFile(Path.GetFullPath(name, root), name, label, part));
            ImageFolder.CheckCount(files.Count, file);
        }

        return LabelledFiles.Of(files);
    }

    private static DataPart PartOf(ReadOnlySpan<char> text) =>
        text.StartsWith("test", StringComparison.OrdinalIgnoreCase) ? DataPart.Test
        : text.StartsWith("val", StringComparison.OrdinalIgnoreCase) || text.Equals("dev", StringComparison.OrdinalIgnoreCase) ? DataPart.Validation
        : DataPart.Train;

    private static ListPlan? Plan(string start, string folder)
    {
        foreach (var separator in new[] { ',', ';', '\t' })
        {
            using var rows = new CsvDialect(separator, '.').Rows(new StringReader(start));
            var first = new List<string[]>();
            foreach (var row in rows)
            {
                if (row.ColCount > 1 && row.ColCount <= 64)
                {
                    var cells = new string[row.ColCount];
                    for (var i = 0; i < cells.Length; i++)
                    {
                        cells[i] = row[i].ToString();
                    }

                    first.Add(cells);
                }

                if (first.Count == 2 || row.ColCount > 64)
                {
                    break;
                }
            }

            if (first.Count == 0)
            {
                continue;
            }

            var header = first[0];
            int Named(string[] names) => Array.FindIndex(header, cell => names.Contains(cell.Trim().ToLowerInvariant()));
            var (file, label, part) = (Named(s_fileColumns), Named(s_labelColumns), Named(s_partColumns));
            if (file >= 0 && label >= 0 && first.Count > 1 && file < first[1].Length && File.Exists(Path.GetFullPath(first[1][file], Path.GetFullPath(folder))))
            {
                return new ListPlan(new CsvDialect(separator, '.'), true, file, label, part < 0 ? null : part);
            }

            // Without a heading: two columns, one of which is a file.
            if (header.Length == 2 && Array.FindIndex(header, cell => cell.Length > 0 && File.Exists(Path.GetFullPath(cell, Path.GetFullPath(folder)))) is >= 0 and var place)
            {
                return new ListPlan(new CsvDialect(separator, '.'), false, place, 1 - place, null);
            }
        }

        return null;
    }

    private sealed record ListPlan(CsvDialect Dialect, bool HasHeader, int File, int Label, int? Part);
}
