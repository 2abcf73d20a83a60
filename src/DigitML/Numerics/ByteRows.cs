namespace DigitML.Numerics;

/// <summary>A batch's values as bytes, row after row, and of rows that are mostly 0 the groups of four that are not.</summary>
internal sealed unsafe class ByteRows
{
    private readonly ByteBuffer<byte> _bytes;
    private readonly ByteBuffer<int> _places;
    private readonly ByteBuffer<uint> _groups;
    private readonly int[] _counts;
    private readonly int _capacity;
    private readonly int _width;

    /// <summary>Allocates.</summary>
    /// <param name="rows">Rows at most.</param>
    /// <param name="width">Bytes of a row.</param>
    /// <param name="listed">Whether rows will be listed.</param>
    public ByteRows(int rows, int width, bool listed)
    {
        _width = width;

        // A line more than whole panels take, so that rows do not meet in the same sets of a cache.
        Stride = Panels.Padded(width) + 64;
        _bytes = new ByteBuffer<byte>(checked((rows + Kernels.TileRows - 1) / Kernels.TileRows * Kernels.TileRows * Stride));
        _capacity = listed ? Panels.Padded((width / ByteLayer.GroupInputs) + 2) : 0;
        _places = new ByteBuffer<int>(checked(rows * _capacity));
        _groups = new ByteBuffer<uint>(checked(rows * _capacity));
        _counts = new int[rows];
    }

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>Where a row begins; behind it are bytes that no weight meets.</summary>
    public byte* Row(int row) => _bytes.Pointer + ((nint)row * Stride);

    /// <summary>The groups of a row that are not all 0, as listing left them.</summary>
    public ByteList ListOf(int row) => new(_places.Pointer + ((nint)row * _capacity), _groups.Pointer + ((nint)row * _capacity), _counts[row]);

    /// <summary>Lists a row that lies in memory elsewhere.</summary>
    /// <param name="row">The row.</param>
    /// <param name="bytes">[width].</param>
    public void List(int row, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* source = bytes)
        {
            List(row, source);
        }
    }

    /// <summary>Lists a row of this batch.</summary>
    public void List(int row) => List(row, Row(row));

    private void List(int row, byte* source)
    {
        var places = _places.Pointer + ((nint)row * _capacity);
        var groups = _groups.Pointer + ((nint)row * _capacity);
        var (count, whole) = (0, _width / ByteLayer.GroupInputs);
        for (var group = 0; group < whole; group++)
        {
            // Written in any case and kept by the count, as a branch would be foreseen half the time.
            var inputs = ((uint*)source)[group];
            places[count] = group * ByteLayer.GroupBytes;
            groups[count] = inputs;
            count += inputs != 0 ? 1 : 0;
        }

        if (_width % ByteLayer.GroupInputs != 0)
        {
            var last = 0u;
            for (var input = _width - 1; input >= whole * ByteLayer.GroupInputs; input--)
            {
                last = (last << 8) | source[input];
            }

            places[count] = whole * ByteLayer.GroupBytes;
            groups[count++] = BitConverter.IsLittleEndian ? last : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(last);
        }

        _counts[row] = count;
    }
}

/// <summary>What is not zero of one row: groups of four inputs, ascending.</summary>
internal readonly unsafe ref struct ByteList(int* places, uint* groups, int count)
{
    /// <summary>[<see cref="Count"/>] where a panel's weights for the group begin, in bytes.</summary>
    public readonly int* Places = places;

    /// <summary>[<see cref="Count"/>] the four inputs.</summary>
    public readonly uint* Groups = groups;

    /// <summary>How many.</summary>
    public readonly int Count = count;
}
