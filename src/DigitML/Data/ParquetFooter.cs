using System.Buffers.Binary;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>
/// Looks whether a Parquet file's footer is whole before it is parsed: a structure of Thrift's compact protocol whose lengths stay within it.
/// Parquet.Net goes on for ever at the end of one that is cut.
/// </summary>
/// <remarks>Apache Parquet's format.md (the file ends with the footer, its length and PAR1) and Thrift's thrift-compact-protocol.md.</remarks>
internal ref struct ParquetFooter
{
    private const int Tail = 8;
    private const int LongestFooter = 1 << 28;
    private const int Deepest = 16;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private ParquetFooter(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Checks a file's footer; the stream stands where it stood.</summary>
    /// <param name="stream">The whole file; can seek.</param>
    /// <param name="file">What errors call it.</param>
    /// <exception cref="DigitException">The file does not end as Parquet does, or its footer is damaged.</exception>
    public static void Check(Stream stream, string file)
    {
        var position = stream.Position;
        Span<byte> tail = stackalloc byte[Tail];
        if (stream.Length < Tail + ParquetPictures.Magic.Length)
        {
            throw new DigitException($"{file}: expected a Parquet file but it has {stream.Length} bytes. It is cut short.");
        }

        stream.Position = stream.Length - Tail;
        stream.ReadExactly(tail);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (!tail[4..].SequenceEqual(ParquetPictures.Magic) || length > stream.Length - Tail - ParquetPictures.Magic.Length || length > LongestFooter)
        {
            throw new DigitException($"{file}: does not end as a Parquet file does. It is cut short or damaged; get it again.");
        }

        stream.Position = stream.Length - Tail - length;
        var footer = new byte[length];
        stream.ReadExactly(footer);
        stream.Position = position;
        var walk = new ParquetFooter(footer);
        if (!walk.Struct(0))
        {
            throw new DigitException($"{file}: the footer of the Parquet file is damaged. Get the file again.");
        }
    }

    private bool Struct(int depth)
    {
        if (depth > Deepest)
        {
            return false;
        }

        while (_at < _bytes.Length)
        {
            var head = _bytes[_at++];
            if (head == 0)
            {
                return true;
            }

            // A number of a field that does not follow the one before is written out.
            if (head >> 4 == 0 && !VarInt(out _))
            {
                return false;
            }

            var type = head & 15;
            if (type > 2 && !Value(type, depth))
            {
                return false;
            }
        }

        return false;
    }

    private bool Value(int type, int depth) => type switch
    {
        1 or 2 or 3 => Skip(1),
        4 or 5 or 6 => VarInt(out _),
        7 => Skip(8),
        8 => VarInt(out var length) && length <= int.MaxValue && Skip((int)length),
        9 or 10 => List(depth),
        12 => Struct(depth + 1),
        _ => false,
    };

    private bool List(int depth)
    {
        if (_at >= _bytes.Length)
        {
            return false;
        }

        var head = _bytes[_at++];
        ulong count = (uint)(head >> 4);
        if (count == 15 && !VarInt(out count))
        {
            return false;
        }

        // Every element takes a byte at least.
        if (count > (ulong)(_bytes.Length - _at) || depth > Deepest)
        {
            return false;
        }

        for (ulong i = 0; i < count; i++)
        {
            if (!Value(head & 15, depth + 1))
            {
                return false;
            }
        }

        return true;
    }

    private bool Skip(int count)
    {
        if (count > _bytes.Length - _at)
        {
            return false;
        }

        _at += count;
        return true;
    }

    private bool VarInt(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70 && _at < _bytes.Length; shift += 7)
        {
            var next = _bytes[_at++];
            value |= shift < 64 ? (ulong)(next & 127) << shift : 0;
            if (next < 128)
            {
                return true;
            }
        }

        return false;
    }
}
