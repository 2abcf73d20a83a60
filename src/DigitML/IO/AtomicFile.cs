namespace DigitML.IO;

/// <summary>
/// Writes files so that a reader, or a crash at any moment, finds either the old file or the new one whole:
/// the content goes to a new file beside the target, is flushed to the disk and then renamed over it.
/// </summary>
internal static class AtomicFile
{
    /// <summary>What finds the new files that a crash left beside their targets; only where nobody else writes just now.</summary>
    public const string TemporaryPattern = ".????????????????????????????????.tmp";

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; its folder must exist. A link is followed and stays a link.</param>
    /// <param name="content">All of the new content.</param>
    /// <exception cref="DigitException">The file cannot be written; the old one, if any, is as it was.</exception>
    public static void Write(string path, ReadOnlyMemory<byte> content) => Write(path, stream => stream.Write(content.Span));

    /// <summary>Writes a file piece by piece.</summary>
    /// <param name="path">The file; its folder must exist. A link is followed and stays a link.</param>
    /// <param name="write">
    /// Writes the new content, once, from the start. What it throws passes through, failures of input and output
    /// aside, which become a <see cref="DigitException"/>; either way the old file is as it was.
    /// </param>
    /// <exception cref="DigitException">The file cannot be written; the old one, if any, is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string? temporary = null;
        try
        {
            var file = new FileInfo(path);
            var target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
            var folder = Path.GetDirectoryName(target);
            if (folder is null || Directory.Exists(target))
            {
                throw new DigitException($"{path}: expected the name of a file to write but this is a folder; name a file in it.");
            }

            if (!Directory.Exists(folder))
            {
                throw new DigitException($"{path}: cannot be written because the folder {folder} does not exist; create it first.");
            }

            // In the target's own folder, since a rename is atomic within one file system only.
            var name = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
            using (var stream = new FileStream(name, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                temporary = name;
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
            temporary = null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DigitException($"{path}: cannot be written: {error.Message}", error);
        }
        finally
        {
            if (temporary is not null)
            {
                Delete(temporary);
            }
        }
    }

    private static void Delete(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The failure that brought us here says more than this one would.
        }
    }
}

/// <summary>Makes the folders that results are written to.</summary>
internal static class OutputDirectory
{
    /// <summary>Makes a folder, with those above it, unless it is there.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DigitException">It cannot be made.</exception>
    public static void Create(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DigitException($"{folder}: the folder cannot be made: {error.Message}", error);
        }
    }
}
