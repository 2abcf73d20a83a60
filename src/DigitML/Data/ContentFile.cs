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

    private readonly Stream _stream;
    private readonly bool _ownsStream;
    private readonly GZipStream? _gzip;
    private readonly uint _statedLength;
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
    }

    /// <summary>What errors call the file.</summary>
    public string Name { get; }

    /// <summary>Whether the content is unpacked from gzip.</summary>
    public bool IsGzip { get; }

    /// <summary>Bytes as they lie in the file, packed or not.</summary>
    public long StoredLength { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="DigitException">It is not there or cannot be read.</exception>
    public static ContentFile Open(string path)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
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

    /// <summary>Reads until the buffer is full or the content ends.</summary>
    /// <param name="buffer">Filled from its start.</param>
    /// <returns>How many bytes were read; fewer than the buffer holds only at the end.</returns>
    /// <exception cref="DigitException">The gzip is cut short or damaged, or the device fails.</exception>
    public int Read(Span<byte> buffer)
    {
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
}
