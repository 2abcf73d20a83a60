namespace DigitML.Imaging;

/// <summary>The data of a PNG's IDAT chunks, one after another, as the stream that inflating wants.</summary>
internal sealed class PngDataStream : Stream
{
    private ReadOnlyMemory<byte> _rest;
    private ReadOnlyMemory<byte> _chunk;

    /// <summary>Starts at the first IDAT chunk.</summary>
    public PngDataStream(PngChunks chunks) => _rest = chunks.Data;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (_chunk.IsEmpty)
        {
            var before = _rest.Length;
            _chunk = PngChunks.NextData(ref _rest);
            if (_rest.Length == before)
            {
                return 0;
            }
        }

        var count = Math.Min(buffer.Length, _chunk.Length);
        _chunk.Span[..count].CopyTo(buffer);
        _chunk = _chunk[count..];
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
