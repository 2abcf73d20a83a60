using DigitML.IO;

namespace DigitML.Data;

/// <summary>
/// Reads pictures and tables from CSV as programs write it: Kaggle's digit recogniser (<c>label,pixel0,…,pixel783</c>), OpenML, pandas, R,
/// spreadsheets. Separator, decimal sign, heading, encoding, the column of the labels and the range of the pixels are found out unless they
/// are said. Gzipped or not, recognised by content.
/// </summary>
/// <remarks>Rows are read one by one; only numbers and labels are kept.</remarks>
public static class CsvReader
{
    /// <summary>Reads pictures from a CSV file.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    /// <param name="name">What figures about them call the pictures; null for the file's name.</param>
    /// <param name="width">Pixels a row, 1 to 4,096.</param>
    /// <param name="height">Rows a picture, 1 to 4,096.</param>
    /// <exception cref="DigitException">A line is not what it should be; the message names line and column, or the option that decides.</exception>
    public static LabelledImages Read(string path, string? name = null, int width = 28, int height = 28) =>
        Read(path, new CsvOptions { Width = width, Height = height }, name);

    /// <summary>Reads pictures from a CSV file, in a way that is said.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    /// <param name="options">What is known of the file.</param>
    /// <param name="name">What figures about them call the pictures; null for the file's name.</param>
    /// <exception cref="DigitException">A line is not what it should be; the message names line and column, or the option that decides.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static LabelledImages Read(string path, CsvOptions options, string? name = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(options);
        using var content = ContentFile.Open(path);
        return Pictures(content, name ?? PipeFile.NameOf(path), options);
    }

    /// <summary>Reads pictures in CSV from a stream's position to its end.</summary>
    /// <param name="stream">Seekable; gzipped or not; left open.</param>
    /// <param name="name">What errors, and figures about them, call the pictures.</param>
    /// <param name="width">Pixels a row, 1 to 4,096.</param>
    /// <param name="height">Rows a picture, 1 to 4,096.</param>
    /// <exception cref="DigitException">A line is not what it should be; the message names line and column, or the option that decides.</exception>
    /// <exception cref="ArgumentException">The stream cannot seek, or a size is out of its range.</exception>
    public static LabelledImages Read(Stream stream, string name, int width = 28, int height = 28)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new ContentFile(stream, name);
        return Pictures(content, name, new CsvOptions { Width = width, Height = height });
    }

    /// <summary>Reads a table from a CSV file: a row an example, columns of numbers, and one of classes, which may be words.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    /// <param name="options">What is known of the file; null for nothing.</param>
    /// <param name="name">What figures about them call the rows; null for the file's name.</param>
    /// <returns>The rows, with names of features and classes. Missing values are the mean of their column.</returns>
    /// <exception cref="DigitException">A line is not what it should be; the message names line and column, or the option that decides.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static LabelledFeatures ReadTable(string path, CsvOptions? options = null, string? name = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var content = ContentFile.Open(path);
        DataFile.CheckKind(content.Peek(512), path);
        return CsvTable.Read(content, name ?? PipeFile.NameOf(path), (options ?? new CsvOptions()) with { IsTable = true }).Table!;
    }

    private static LabelledImages Pictures(ContentFile content, string name, CsvOptions options)
    {
        DataFile.CheckKind(content.Peek(512), content.Name);
        return CsvTable.Read(content, name, options with { IsTable = false }).Images!;
    }
}
