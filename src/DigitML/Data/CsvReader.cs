using DigitML.IO;

namespace DigitML.Data;

/// <summary>
/// Reads pictures from CSV, the format of Kaggle's digit recogniser: <c>label,pixel0,…,pixel783</c>, or the pixels alone.
/// A first line that does not begin with a number is a heading. Gzipped or not, recognised by content.
/// </summary>
/// <remarks>Lines are read one by one; only pixels and labels are kept.</remarks>
public static class CsvReader
{
    private const int ClassCount = 10;

    /// <summary>Reads a CSV file.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    /// <param name="name">What figures about them call the pictures; null for the file's name.</param>
    /// <param name="width">Pixels a row, 1 to 4,096.</param>
    /// <param name="height">Rows a picture, 1 to 4,096.</param>
    /// <exception cref="DigitException">A line is not what it should be; the message names line and column.</exception>
    public static LabelledImages Read(string path, string? name = null, int width = 28, int height = 28)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var content = ContentFile.Open(path);
        return Read(content, name ?? Path.GetFileName(path), width, height);
    }

    /// <summary>Reads CSV from a stream's position to its end.</summary>
    /// <param name="stream">Seekable; gzipped or not; left open.</param>
    /// <param name="name">What errors, and figures about them, call the pictures.</param>
    /// <param name="width">Pixels a row, 1 to 4,096.</param>
    /// <param name="height">Rows a picture, 1 to 4,096.</param>
    /// <exception cref="DigitException">A line is not what it should be; the message names line and column.</exception>
    /// <exception cref="ArgumentException">The stream cannot seek, or a size is out of its range.</exception>
    public static LabelledImages Read(Stream stream, string name, int width = 28, int height = 28)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new ContentFile(stream, name);
        return Read(content, name, width, height);
    }

    private static LabelledImages Read(ContentFile content, string name, int width, int height)
    {
        const int LargestSide = 4096;
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, LargestSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, LargestSide);
        var lines = new CsvLines(content);
        var pictures = new CsvPictures(content.Name, width * height, ClassCount);
        while (lines.Next(out var line))
        {
            pictures.Add(line, lines.Number);
        }

        return pictures.Count > 0
            ? new LabelledImages(name, width, height, pictures.Pixels, pictures.Labels)
            : throw new DigitException($"{content.Name}: expected lines of pixels but found none.");
    }
}
