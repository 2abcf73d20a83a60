namespace DigitML.Data;

/// <summary>
/// Rows in blocks, so that a table can grow without being copied: bytes where every value is a whole number from 0 to 255, else floats.
/// </summary>
internal sealed class FeatureBlocks
{
    private readonly ReadOnlyMemory<float>[] _floats;
    private readonly ReadOnlyMemory<byte>[] _bytes;
    private readonly int _shift;
    private readonly int _mask;

    /// <summary>One block.</summary>
    public FeatureBlocks(int rowLength, ReadOnlyMemory<float> values)
        : this(rowLength, values.Length / rowLength, 31, [values], [])
    {
    }

    /// <summary>Blocks of 2^<paramref name="shift"/> rows, the last with what is left; one of the two kinds is empty.</summary>
    public FeatureBlocks(int rowLength, int count, int shift, ReadOnlyMemory<float>[] floats, ReadOnlyMemory<byte>[] bytes)
    {
        (RowLength, Count, _shift, _floats, _bytes) = (rowLength, count, shift, floats, bytes);
        _mask = shift == 31 ? int.MaxValue : (1 << shift) - 1;
    }

    public int RowLength { get; }

    public int Count { get; }

    public bool AreBytes => _bytes.Length > 0;

    public ReadOnlySpan<float> Floats(int row) => _floats[row >> _shift].Span.Slice((row & _mask) * RowLength, RowLength);

    public ReadOnlySpan<byte> Bytes(int row) => _bytes[row >> _shift].Span.Slice((row & _mask) * RowLength, RowLength);

    public void CopyRow(int row, Span<float> target)
    {
        if (!AreBytes)
        {
            Floats(row).CopyTo(target);
            return;
        }

        var bytes = Bytes(row);
        for (var i = 0; i < bytes.Length; i++)
        {
            target[i] = bytes[i];
        }
    }
}
