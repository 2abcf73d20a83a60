using System.Buffers.Binary;

namespace DigitML.Keras.Hdf5;

/// <summary>Reads little-endian numbers from a part of a file one after the other, and never past its end.</summary>
/// <param name="bytes">The part.</param>
/// <param name="what">What the part is, for errors.</param>
internal ref struct Hdf5Cursor(ReadOnlySpan<byte> bytes, string what)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly string _what = what;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; } = 0;

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => _bytes.Length - Position;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A number of 1, 2, 4 or 8 bytes.</summary>
    public ulong Number(int bytes) => bytes switch
    {
        1 => Byte(),
        2 => UInt16(),
        4 => UInt32(),
        _ => UInt64(),
    };

    public void Skip(int count) => Take(count);

    /// <summary>Goes on to a multiple of 8 from the part's start, or to its end.</summary>
    public void Align() => Skip(Math.Min(Remaining, -Position & 7));

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Remaining)
        {
            throw KerasFormatException.Damaged(_what);
        }

        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>Throws unless the next bytes are these.</summary>
    public void Expect(ReadOnlySpan<byte> signature)
    {
        if (!Take(signature.Length).SequenceEqual(signature))
        {
            throw KerasFormatException.Damaged(_what);
        }
    }
}
