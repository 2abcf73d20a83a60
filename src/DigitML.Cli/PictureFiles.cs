using DigitML.IO;

namespace DigitML.Cli;

/// <summary>Which files a path given to <c>predict</c> means.</summary>
internal static class PictureFiles
{
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".webp", ".gif", ".tif", ".tiff", ".heic", ".heif", ".avif", ".bmp", ".dib", ".pnm", ".pbm", ".pgm", ".ppm", ".pam"];

    private const int MostKinds = 8;

    private const int LongestEnding = 12;

    /// <summary>Whether a path holds many digits at once, as IDX or CSV, rather than a picture.</summary>
    /// <param name="path">A file; one that is not there is no data file.</param>
    public static bool IsData(string path)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is ".csv" or ".tsv")
        {
            return true;
        }

        if (!File.Exists(path))
        {
            return false;
        }

        Span<byte> start = stackalloc byte[4];
        try
        {
            using var stream = File.OpenRead(path);
            return stream.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4
                && ((start[0] == 0 && start[1] == 0 && start[2] is >= 0x08 and <= 0x0E) || (start[0] == 0x1F && start[1] == 0x8B) || start.SequenceEqual("PAR1"u8) || start.SequenceEqual("PK\u0003\u0004"u8) || (start[0] == 0x93 && start[1..].SequenceEqual("NUM"u8)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Reading it as a picture says what is wrong.
            return false;
        }
    }

    /// <summary>The picture files of a path: itself, or what a folder and its folders hold, in the order of their names.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <param name="leftOut">One line on what else the folder holds, without its name; null when there is nothing else. Hidden files are not counted.</param>
    /// <exception cref="DigitException">The folder has no pictures, or cannot be listed.</exception>
    public static IReadOnlyList<string> Expand(string path, out string? leftOut)
    {
        leftOut = null;
        if (!Directory.Exists(path))
        {
            return [path];
        }

        try
        {
            var files = Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
                .ToLookup(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase));
            leftOut = Describe(files[false].ToList());
            return files[true].Any()
                ? [.. files[true].Order(StringComparer.Ordinal)]
                : throw new DigitException($"{path}: expected pictures in this folder but found no file ending in {string.Join(", ", Endings)}{(leftOut is null ? "" : $"; {leftOut}")}.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DigitException($"{path}: cannot be listed ({error.Message}).", error);
        }
    }

    /// <summary>How many files of which kinds there are: <c>left out 3 files that are not read as pictures: 2 .txt, 1 .pdf</c>.</summary>
    private static string? Describe(List<string> files)
    {
        if (files.Count == 0)
        {
            return null;
        }

        var kinds = files.GroupBy(KindOf)
            .Select(kind => (Name: kind.Key, Count: kind.Count()))
            .OrderByDescending(kind => kind.Count)
            .ThenBy(kind => kind.Name, StringComparer.Ordinal)
            .ToList();
        var named = kinds.Take(MostKinds).Select(kind => FormattableString.Invariant($"{kind.Count} {kind.Name}"));
        var others = kinds.Skip(MostKinds).Sum(kind => kind.Count);
        return FormattableString.Invariant(
            $"left out {files.Count} {(files.Count == 1 ? "file that is" : "files that are")} not read as pictures: {string.Join(", ", named)}{(others == 0 ? "" : FormattableString.Invariant($", {others} of other kinds"))}");
    }

    /// <summary>A file's ending; anything that does not look like one is none.</summary>
    private static string KindOf(string file)
    {
        var ending = Path.GetExtension(file);
        return ending.Length is > 1 and <= LongestEnding && ending.AsSpan(1).ToString().All(char.IsAsciiLetterOrDigit) ? ending.ToLowerInvariant() : "without an ending";
    }
}
