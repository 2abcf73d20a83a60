using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>The data of a PNG's IDAT chunks, one after another, as the stream that inflating wants.</summary>
internal sealed class PngDataStream : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _rest;
    private ReadOnlyMemory<byte> _chunk;

    /// <summary>Starts at the first IDAT chunk.</summary>
    public PngDataStream(PngChunks chunks) => _rest = chunks.Data;

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
}
