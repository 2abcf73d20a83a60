using System.Buffers.Binary;
using System.Text;
using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>What the chunks of a PNG say, order and CRCs checked; the pixels stay packed.</summary>
internal sealed class PngChunks
{
    /// <summary>Length, type and CRC.</summary>
    public const int Overhead = 12;

    private const uint Ihdr = 0x4948_4452;
    private const uint Plte = 0x504C_5445;
    private const uint Idat = 0x4944_4154;
    private const uint Iend = 0x4945_4E44;
    private const uint Trns = 0x7452_4E53;
    private const uint Exif = 0x6558_4966;
    private const uint Sbit = 0x7342_4954;

    // Lower case in the first letter: a reader may pass over the chunk.
    private const uint Ancillary = 0x2000_0000;

    private PngChunks(PngHeader header) => Header = header;

    /// <summary>The first eight bytes of every PNG.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The header.</summary>
    public PngHeader Header { get; }

    /// <summary>RGB triples; empty without a palette.</summary>
    public ReadOnlyMemory<byte> Palette { get; private set; }

    /// <summary>The tRNS chunk; empty without one.</summary>
    public ReadOnlyMemory<byte> Transparency { get; private set; }

    /// <summary>The eXIf chunk, a TIFF structure; empty without one.</summary>
    public ReadOnlyMemory<byte> Metadata { get; private set; }

    /// <summary>The bits that the colours had before they were stored, as the sBIT chunk says; 0 without one.</summary>
    public int SignificantBits { get; private set; }

    /// <summary>The file from the first IDAT chunk's length field on.</summary>
    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>Bytes in all IDAT chunks.</summary>
    public long DataBytes { get; private set; }

    /// <summary>Ends the unpacking early.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Walks the chunks from the signature to IEND; what follows is left alone.</summary>
    /// <exception cref="DigitException">Out of order, damaged, cut short or over a limit.</exception>
    public static PngChunks Read(ReadOnlyMemory<byte> file, ImageLimits limits)
    {
        PngChunks? chunks = null;
        var offset = Signature.Length;
        uint before = 0;
        while (true)
        {
            var data = ReadChunk(file, offset, out var type);
            if (chunks is null)
            {
                if (type != Ihdr)
                {
                    throw ImageErrors.Damaged("PNG", $"begins with the chunk {Name(type)}; expected IHDR");
                }

                chunks = new PngChunks(PngHeader.Read(data.Span, limits));
            }
            else if (type == Iend)
            {
                return chunks.Complete();
            }
            else if (type == Idat)
            {
                chunks.AddData(file[offset..], data.Length, before);
            }
            else
            {
                chunks.Add(type, data);
            }

            before = type;
            offset += data.Length + Overhead;
        }
    }

    /// <summary>The data of the IDAT chunk that starts at the beginning; empty when another chunk starts there.</summary>
    public static ReadOnlyMemory<byte> NextData(ref ReadOnlyMemory<byte> rest)
    {
        // Read has walked all chunks to IEND, so lengths and types are known to be there.
        var span = rest.Span;
        if (BinaryPrimitives.ReadUInt32BigEndian(span[4..]) != Idat)
        {
            return default;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(span);
        var data = rest.Slice(8, length);
        rest = rest[(length + Overhead)..];
        return data;
    }

    private static ReadOnlyMemory<byte> ReadChunk(ReadOnlyMemory<byte> file, int offset, out uint type)
    {
        var rest = file.Span[offset..];
        if (rest.Length < Overhead)
        {
            throw ImageErrors.CutShort("PNG", FormattableString.Invariant($"after {file.Length:N0} bytes, before its IEND chunk"));
        }

        type = BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
        var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - Overhead)
        {
            throw ImageErrors.CutShort("PNG", FormattableString.Invariant($"inside the chunk {Name(type)}, which claims {length:N0} bytes where {rest.Length - Overhead:N0} are left"));
        }

        var stored = BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]);
        var computed = Crc32.Compute(rest.Slice(4, 4 + (int)length));
        return stored == computed
            ? file.Slice(offset + 8, (int)length)
            : throw ImageErrors.Damaged("PNG", Invariant($"chunk {Name(type)} at byte {offset} has the CRC {computed:X8}; expected {stored:X8}"));
    }

    private void Add(uint type, ReadOnlyMemory<byte> data)
    {
        switch (type)
        {
            case Plte when Palette.IsEmpty && DataBytes == 0:
                if (data.Length is 0 or > 768 || data.Length % 3 != 0)
                {
                    throw ImageErrors.Damaged("PNG", $"palette has {data.Length} bytes; expected 1 to 256 colours of 3");
                }

                Palette = data;
                break;
            case Trns when Transparency.IsEmpty && DataBytes == 0:
                Transparency = data;
                break;
            case Exif when Metadata.IsEmpty:
                Metadata = data;
                break;
            case Sbit when !data.IsEmpty:
                SignificantBits = data.Span[..Math.Min(data.Length, Header.Color is PngColor.Rgb or PngColor.Rgba ? 3 : 1)].ToArray().Max();
                break;
            case Plte or Trns or Exif:
                throw ImageErrors.Damaged("PNG", $"chunk {Name(type)} is a second one or out of order");
            case var other when (other & Ancillary) == 0:
                throw ImageErrors.Damaged("PNG", $"has the chunk {Name(type)}, which a reader must understand and this one does not");
            default:
                break;
        }
    }

    private void AddData(ReadOnlyMemory<byte> fromHere, int length, uint before)
    {
        if (Data.IsEmpty)
        {
            Data = fromHere;
        }
        else if (before != Idat)
        {
            throw ImageErrors.Damaged("PNG", $"has the chunk {Name(before)} between its IDAT chunks; expected them in one run");
        }

        DataBytes += length;
    }

    private PngChunks Complete()
    {
        if (Data.IsEmpty)
        {
            throw ImageErrors.Damaged("PNG", "has no IDAT chunk, so no pixels");
        }

        if (Header.Color == PngColor.Palette && Palette.IsEmpty)
        {
            throw ImageErrors.Damaged("PNG", "has colour type 3 but no palette");
        }

        return this;
    }

    private static string Name(uint type)
    {
        Span<byte> letters = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(letters, type);
        foreach (var letter in letters)
        {
            if (!char.IsAsciiLetter((char)letter))
            {
                return $"0x{type:X8}";
            }
        }

        return Encoding.ASCII.GetString(letters);
    }
}
