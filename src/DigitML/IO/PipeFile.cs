namespace DigitML.IO;

/// <summary>
/// Opens files by name, those too that can be read only once and do not say how long they are: pipes, named or not, and standard input. Their
/// bytes are read to the end, which is the writer's, into memory.
/// </summary>
/// <remarks>
/// A reader that looks at a file's first bytes and then opens it again would lose them, or wait for ever for a second writer. Within
/// <see cref="Remember"/> a pipe is therefore read once and opened as often as need be.
/// </remarks>
internal static class PipeFile
{
    /// <summary>The most bytes of a pipe that are read where nobody says less.</summary>
    public const int MaximumBytes = 1 << 30;

    private const int HeadBytes = 4096;
    private static readonly string[] s_standardInput = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];
    private static readonly AsyncLocal<Memory?> s_memory = new();

    /// <summary>Keeps what is read from pipes until it is disposed, for the code that runs within; and lets <c>-</c> stand for standard input.</summary>
    /// <param name="standardInput">Opens standard input.</param>
    public static IDisposable Remember(Func<Stream> standardInput) => s_memory.Value = new Memory(standardInput);

    /// <summary>What figures about a file's content call it: its name without the folder, except where that says nothing: <c>/dev/fd/63</c>.</summary>
    /// <param name="path">The file, as it was typed.</param>
    public static string NameOf(string path) => path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal) ? path : Path.GetFileName(path);

    /// <summary>Opens a file, or what was read from a pipe.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">The most bytes that are read of a pipe; a file's length is the caller's to check.</param>
    /// <param name="what">What it should be, as the error about a longer one calls it.</param>
    /// <returns>A stream that can seek and stands at its start.</returns>
    /// <exception cref="DigitException">A pipe holds more than the limit.</exception>
    public static Stream Open(string path, int limit = MaximumBytes, string what = "content") => Open(path, _ => (limit, what));

    /// <summary>Reads a pipe.</summary>
    /// <param name="path">A file of any kind, or none.</param>
    /// <param name="limitOf">From the first bytes: the most there may be, and what errors call them.</param>
    /// <returns>The bytes; null when it is no pipe, or is not there.</returns>
    /// <exception cref="DigitException">A pipe holds more than the limit.</exception>
    public static byte[]? TryRead(string path, Func<ReadOnlyMemory<byte>, (int Limit, string What)> limitOf)
    {
        try
        {
            using var stream = Open(path, limitOf);
            return (stream as PipeContent)?.ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    private static Stream Open(string path, Func<ReadOnlyMemory<byte>, (int Limit, string What)> limitOf)
    {
        var memory = s_memory.Value;
        if (memory?.Find(path) is { } known)
        {
            return new PipeContent(known);
        }

        var stream = memory is not null && s_standardInput.Contains(path, StringComparer.Ordinal)
            ? memory.StandardInput()
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (stream.CanSeek)
        {
            return stream;
        }

        using (stream)
        {
            var head = new byte[HeadBytes];
            var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            var (limit, what) = limitOf(head.AsMemory(0, length));
            var content = BoundedFile.Read(stream, limit, what, path, head.AsSpan(0, length));
            memory?.Keep(path, content);
            return new PipeContent(content);
        }
    }

    private sealed class PipeContent(byte[] bytes) : MemoryStream(bytes, writable: false);

    private sealed class Memory(Func<Stream> standardInput) : IDisposable
    {
        private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);

        public Stream StandardInput() => standardInput();

        public byte[]? Find(string path)
        {
            lock (_contents)
            {
                return _contents.GetValueOrDefault(KeyOf(path));
            }
        }

        public void Keep(string path, byte[] content)
        {
            lock (_contents)
            {
                _contents[KeyOf(path)] = content;
            }
        }

        public void Dispose()
        {
            lock (_contents)
            {
                _contents.Clear();
            }
        }

        private static string KeyOf(string path) => s_standardInput.Contains(path, StringComparer.Ordinal) ? "-" : path;
    }
}
