namespace DigitML.IO;

/// <summary>Reads files from outside whole, up to a limit that is checked before anything is allocated for them.</summary>
internal static class BoundedFile
{
    private const int LargestBlock = 81_920;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">The most bytes it may have.</param>
    /// <param name="what">What it should be, as its error calls it: <c>a model</c>.</param>
    /// <exception cref="DigitException">The file is not there, cannot be read or is larger than the limit.</exception>
    public static byte[] Read(string path, int limit, string what)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            using var stream = PipeFile.Open(path, limit, what);
            return Read(stream, limit, what, path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DigitException($"{path}: expected {what} but there is no such file.", error);
        }
        catch (UnauthorizedAccessException error) when (Directory.Exists(path))
        {
            throw new DigitException($"{path}: expected {what} but this is a folder.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DigitException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">Read from where it stands; stays open.</param>
    /// <param name="limit">The most bytes it may hold.</param>
    /// <param name="what">What it should be, as its error calls it.</param>
    /// <param name="name">What errors call the stream.</param>
    /// <param name="head">What was read of it before.</param>
    /// <exception cref="DigitException">The stream holds more than the limit.</exception>
    public static byte[] Read(Stream stream, int limit, string what, string name, ReadOnlySpan<byte> head = default)
    {
        // A length may be unknown (pipes) or claim less than what comes, so the limit is held while reading too.
        var expected = stream.CanSeek ? stream.Length - stream.Position : 0;
        if (expected + head.Length > limit)
        {
            throw TooLarge(limit, what, name);
        }

        using var content = new MemoryStream((int)Math.Max(0, expected) + head.Length);
        content.Write(head);

        // One byte beyond what is expected shows the end; a folder of small pictures is read without a large buffer for each.
        var buffer = new byte[expected > 0 ? Math.Min(LargestBlock, expected + 1) : LargestBlock];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            if (content.Length + read > limit)
            {
                throw TooLarge(limit, what, name);
            }

            content.Write(buffer.AsSpan(0, read));
        }

        return content.Length == content.Capacity ? content.GetBuffer() : content.ToArray();
    }

    private static DigitException TooLarge(int limit, string what, string name) =>
        new($"{name}: expected {what} of at most {limit} bytes but it is larger.");
}
