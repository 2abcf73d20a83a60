using System.Buffers.Binary;
using System.IO.Compression;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>
/// A file's content from front to back: what its gzip holds, which is recognised by content and not by name, or else the file itself.
/// </summary>
/// <remarks>
/// <see cref="GZipStream"/> takes the end of a file that was cut for the end of its data, so the length that a gzip
/// file states in its last four bytes (RFC 1952, section 2.3.1) is held against what came out.
/// </remarks>
internal sealed class ContentFile : IDisposable
{
    /// <summary>
    /// Deflate's highest ratio (zlib's documentation gives 1032:1), which bounds what a gzipped file of known length can hold.
    /// </summary>
    public const int HighestGzipRatio = 1032;

    private const int SmallestGzip = 18;
    private const long MostInMemory = 1L << 30;

    private readonly Stream _stream;
    private readonly bool _ownsStream;
    private readonly GZipStream? _gzip;
    private readonly uint _statedLength;
    private readonly long _start;
    private byte[] _peeked = [];
    private int _peekedTaken;
    private long _length;

    /// <summary>Starts at a stream's position.</summary>
    /// <param name="stream">Seekable; stays open.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    public ContentFile(Stream stream, string name)
        : this(stream, name, ownsStream: false)
    {
    }

    private ContentFile(Stream stream, string name, bool ownsStream)
    {
        if (!stream.CanSeek)
        {
            throw new ArgumentException($"{name}: the stream must be seekable, because its length is checked before anything is allocated. Copy it to a MemoryStream first.", nameof(stream));
        }

        _stream = stream;
        _ownsStream = ownsStream;
        Name = name;
        StoredLength = stream.Length - stream.Position;
        var start = stream.Position;
        Span<byte> bytes = stackalloc byte[4];
        var magic = bytes[..2];
        IsGzip = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic is [0x1f, 0x8b];
        if (IsGzip)
        {
            if (StoredLength < SmallestGzip)
            {
                throw CutShort(Invariant($"{StoredLength} bytes are too few"));
            }

            stream.Position = start + StoredLength - bytes.Length;
            stream.ReadExactly(bytes);
            _statedLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            _gzip = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
        }

        stream.Position = start;
        _start = start;
    }

    /// <summary>What errors call the file.</summary>
    public string Name { get; }

    /// <summary>Whether the content is unpacked from gzip.</summary>
    public bool IsGzip { get; }

    /// <summary>Bytes as they lie in the file, packed or not.</summary>
    public long StoredLength { get; }

    /// <summary>No content of this file is longer than so many bytes.</summary>
    public long LongestContent => IsGzip ? StoredLength * HighestGzipRatio : StoredLength;

    /// <summary>Opens a file; a pipe is read into memory first.</summary>
    /// <exception cref="DigitException">It is not there or cannot be read, or is a pipe of more than <see cref="PipeFile.MaximumBytes"/>.</exception>
    public static ContentFile Open(string path)
    {
        Stream? stream = null;
        try
        {
            stream = PipeFile.Open(path);
            return new ContentFile(stream, path, ownsStream: true);
        }
        catch (Exception error)
        {
            stream?.Dispose();
            throw error switch
            {
                FileNotFoundException or DirectoryNotFoundException => new DigitException($"{path}: no such file.", error),
                UnauthorizedAccessException when Directory.Exists(path) => new DigitException($"{path}: is a folder where a file was expected.", error),
                UnauthorizedAccessException or IOException or NotSupportedException => new DigitException($"{path}: cannot be read: {error.Message}", error),
                _ => error,
            };
        }
    }

    /// <summary>Looks at the content's first bytes; what is read afterwards begins with them all the same.</summary>
    /// <param name="count">How many; fewer come where the content is shorter.</param>
    /// <exception cref="DigitException">The gzip is cut short or damaged, or the device fails.</exception>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_peeked.Length == 0 && _length == 0)
        {
            var start = new byte[count];
            var read = Read(start);
            _peeked = start[..read];
        }

        return _peeked;
    }

    /// <summary>The whole content as a stream that can seek, in memory where the file itself is none.</summary>
    /// <exception cref="DigitException">The content is larger than fits into memory, cut short or damaged.</exception>
    public Stream Seekable()
    {
        if (_gzip is null)
        {
            _stream.Position = _start;
            return _start == 0 ? _stream : new MemoryStream(ReadAll(), writable: false);
        }

        return new MemoryStream(ReadAll(), writable: false);
    }

    /// <summary>The rest of the content as a stream; closing it closes nothing.</summary>
    public Stream AsStream() => new ContentStream(this);

    private byte[] ReadAll()
    {
        var whole = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = Read(buffer)) > 0)
        {
            if (whole.Length + read > MostInMemory)
            {
                throw new DigitException(Invariant($"{Name}: expected at most {MostInMemory} bytes but there are more. Split the file."));
            }

            whole.Write(buffer, 0, read);
        }

        return whole.ToArray();
    }

    /// <summary>Reads until the buffer is full or the content ends.</summary>
    /// <param name="buffer">Filled from its start.</param>
    /// <returns>How many bytes were read; fewer than the buffer holds only at the end.</returns>
    /// <exception cref="DigitException">The gzip is cut short or damaged, or the device fails.</exception>
    public int Read(Span<byte> buffer)
    {
        if (_peekedTaken < _peeked.Length)
        {
            var taken = Math.Min(buffer.Length, _peeked.Length - _peekedTaken);
            _peeked.AsSpan(_peekedTaken, taken).CopyTo(buffer);
            _peekedTaken += taken;
            return taken == buffer.Length ? taken : taken + Read(buffer[taken..]);
        }

        try
        {
            var read = (_gzip ?? _stream).ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            _length += read;
            return read == buffer.Length || _gzip is null || (uint)_length == _statedLength
                ? read
                : throw CutShort(Invariant($"it states {_statedLength} bytes but {_length} came out"));
        }
        catch (InvalidDataException error)
        {
            throw CutShort(error.Message.TrimEnd('.'), error);
        }
        catch (IOException error)
        {
            throw new DigitException($"{Name}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Closes the file if this opened it.</summary>
    public void Dispose()
    {
        _gzip?.Dispose();
        if (_ownsStream)
        {
            _stream.Dispose();
        }
    }

    private DigitException CutShort(string what, Exception? cause = null)
    {
        var message = $"{Name}: the gzip data are cut short or damaged ({what}). Get the file again.";
        return cause is null ? new DigitException(message) : new DigitException(message, cause);
    }

    /// <summary>The content from where it stands.</summary>
    private sealed class ContentStream(ContentFile content) : ReadOnlyStream
    {
        private bool _isOver;

        public override int Read(Span<byte> buffer)
        {
            // After a read that came short the content is over, and asking again could mistake the end for a cut.
            if (_isOver || buffer.IsEmpty)
            {
                return 0;
            }

            var read = content.Read(buffer);
            _isOver = read < buffer.Length;
            return read;
        }
    }
}
