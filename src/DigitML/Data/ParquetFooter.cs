using System.Buffers.Binary;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>
/// Looks whether a Parquet file's footer and the headers of its pages are whole before they are parsed: structures of Thrift's compact protocol
/// with the fields of the format, whose lengths stay within them. Parquet.Net goes on for ever at the end of one that is cut, and makes room for whatever length one claims.
/// </summary>
/// <remarks>Apache Parquet's format.md (the file ends with the footer, its length and PAR1) and Thrift's thrift-compact-protocol.md.</remarks>
internal ref struct ParquetFooter
{
    private const int Tail = 8;
    private const int LongestFooter = 1 << 28;
    private const int Deepest = 16;
    private const int LeastHeader = 8;
    private const int FirstHeader = 1 << 12;
    private const int LongestHeader = 1 << 26;

    /// <summary>The most bytes that a page may have once unpacked.</summary>
    private const int LongestPage = 1 << 28;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;
    private long _last;
    private Chunk _found;

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
        var walk = new ParquetFooter(footer);
        var chunks = new List<Chunk>();
        if (!walk.Struct(ParquetThrift.File, 0, chunks))
        {
            throw new DigitException($"{file}: the footer of the Parquet file is damaged. Get the file again.");
        }

        // Pages do not overlap, and none is shorter than its header.
        var left = stream.Length / LeastHeader;
        foreach (var chunk in chunks)
        {
            CheckPages(stream, chunk, file, ref left);
        }

        stream.Position = position;
    }

    /// <summary>Goes over the headers of a column's pages, which Parquet.Net takes at their word as it does the footer.</summary>
    private static void CheckPages(Stream stream, Chunk chunk, string file, ref long left)
    {
        var at = chunk.DictionaryAt > 0 ? Math.Min(chunk.DictionaryAt, chunk.DataAt) : chunk.DataAt;
        var buffer = new byte[FirstHeader];
        for (long values = 0; values < chunk.Values;)
        {
            var page = default(Chunk);
            while (at >= ParquetPictures.Magic.Length && at < stream.Length)
            {
                stream.Position = at;
                var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                var walk = new ParquetFooter(buffer.AsSpan(0, read));
                if (walk.Struct(ParquetThrift.Page, 0, null))
                {
                    page = walk._found with { DataAt = at + walk._at };
                    break;
                }

                // Statistics hold values, which may be whole pictures.
                if (read < buffer.Length || buffer.Length >= LongestHeader)
                {
                    break;
                }

                buffer = new byte[buffer.Length * 4];
            }

            if (page.DataAt == 0 || --left < 0 || page.PackedBytes < 0 || page.PackedBytes > stream.Length - page.DataAt || page.Bytes is < 0 or > LongestPage || page.Values < 0)
            {
                throw new DigitException($"{file}: a page of the Parquet file is damaged or larger than {LongestPage >> 20} MiB. Get the file again.");
            }

            at = page.DataAt + page.PackedBytes;
            values += page.Values;
        }
    }

    private bool Struct(ParquetThrift kind, int depth, List<Chunk>? chunks)
    {
        if (depth > Deepest)
        {
            return false;
        }

        var number = 0;
        while (_at < _bytes.Length)
        {
            var head = _bytes[_at++];
            if (head == 0)
            {
                if (kind == ParquetThrift.Column)
                {
                    chunks?.Add(_found);
                    _found = default;
                }

                return true;
            }

            // A number of a field that does not follow the one before is written out.
            number += head >> 4;
            if (head >> 4 == 0)
            {
                if (!VarInt(out var written))
                {
                    return false;
                }

                number = (int)Math.Min(int.MaxValue, ZigZag(written) is var field and >= 0 ? field : int.MaxValue);
            }

            var type = head & 15;
            var expected = kind.Field(number);
            if (!expected.Takes(type) || (type > 2 && !Value(type, expected, depth, chunks)))
            {
                return false;
            }

            if (type is 4 or 5 or 6)
            {
                Note(kind, number);
            }
        }

        return false;
    }

    /// <summary>Keeps the numbers that say where pages are and how large.</summary>
    private void Note(ParquetThrift kind, int number)
    {
        if (kind == ParquetThrift.Column)
        {
            _found = number switch { 5 => _found with { Values = _last }, 9 => _found with { DataAt = _last }, 11 => _found with { DictionaryAt = _last }, _ => _found };
        }
        else if (kind == ParquetThrift.Page)
        {
            _found = number switch { 2 => _found with { Bytes = _last }, 3 => _found with { PackedBytes = _last }, _ => _found };
        }
        else if (kind is ParquetThrift.DataPage or ParquetThrift.DataPage2 && number == 1)
        {
            _found = _found with { Values = _last };
        }
    }

    private bool Value(int type, ParquetField expected, int depth, List<Chunk>? chunks)
    {
        switch (type)
        {
            case 1 or 2 or 3:
                return Skip(1);
            case 4 or 5 or 6:
                var isWhole = VarInt(out var number);
                _last = ZigZag(number);
                return isWhole;
            case 7:
                return Skip(8);
            case 8:
                return VarInt(out var length) && length <= int.MaxValue && Skip((int)length);
            case 9 or 10:
                return List(expected, depth, chunks);
            case 12:
                return Struct(expected.Inside, depth + 1, chunks);
            default:
                return false;
        }
    }

    private static long ZigZag(ulong number) => (long)(number >> 1) ^ -(long)(number & 1);

    private bool List(ParquetField expected, int depth, List<Chunk>? chunks)
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
        var element = expected.Element;
        if (count > (ulong)(_bytes.Length - _at) || depth > Deepest || (count > 0 && !element.Takes(head & 15)))
        {
            return false;
        }

        for (ulong i = 0; i < count; i++)
        {
            if (!Value(head & 15, element, depth + 1, chunks))
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

    /// <summary>What a column's entry in the footer says of its pages, or a page's header of itself.</summary>
    private readonly record struct Chunk(long Values, long DataAt, long DictionaryAt, long Bytes, long PackedBytes);
}
