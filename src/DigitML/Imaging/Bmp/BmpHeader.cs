using System.Buffers.Binary;

namespace DigitML.Imaging;

/// <summary>How a BMP packs its pixels (the field biCompression).</summary>
internal enum BmpPacking : uint
{
    None = 0,
    RunLength8 = 1,
    RunLength4 = 2,
    BitFields = 3,
    Jpeg = 4,
    Png = 5,
    AlphaBitFields = 6,
}

/// <summary>A BMP's two headers, checked: from OS/2's 12 bytes to Windows's 124 (BITMAPV5HEADER).</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="TopDown">Whether the first row stored is the top one.</param>
/// <param name="Depth">Bits a pixel: 1, 2, 4, 8, 16, 24 or 32.</param>
/// <param name="Packing">How rows are packed.</param>
/// <param name="PixelOffset">Where the pixels begin in the file.</param>
/// <param name="PaletteOffset">Where the palette begins.</param>
/// <param name="PaletteEntryBytes">3 for OS/2's first header, 4 since.</param>
/// <param name="PaletteColors">Colours in the palette; 0 above 8 bits.</param>
/// <param name="Red">Which bits of a 16- or 32-bit pixel are red.</param>
/// <param name="Green">Which are green.</param>
/// <param name="Blue">Which are blue.</param>
/// <param name="Alpha">Which are alpha; 0 when there is none.</param>
internal readonly record struct BmpHeader(
    int Width,
    int Height,
    bool TopDown,
    int Depth,
    BmpPacking Packing,
    int PixelOffset,
    int PaletteOffset,
    int PaletteEntryBytes,
    int PaletteColors,
    uint Red,
    uint Green,
    uint Blue,
    uint Alpha)
{
    private const int FileHeaderBytes = 14;
    private const int CoreHeaderBytes = 12;
    private const int InfoHeaderBytes = 40;

    /// <summary>Bytes from one stored row to the next; rows begin at multiples of 4.</summary>
    public long Stride => (((long)Width * Depth) + 31) / 32 * 4;

    /// <summary>Bytes that the pixels of one row fill.</summary>
    public long RowBytes => (((long)Width * Depth) + 7) / 8;

    /// <summary>Reads the headers.</summary>
    /// <exception cref="DigitException">Damaged, cut short, too large or of a kind that is not read.</exception>
    public static BmpHeader Read(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        if (file.Length < FileHeaderBytes + 4)
        {
            throw ImageErrors.CutShort("BMP", "inside its header");
        }

        var pixelOffset = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        var headerBytes = BinaryPrimitives.ReadUInt32LittleEndian(file[FileHeaderBytes..]);
        if (headerBytes is not (CoreHeaderBytes or InfoHeaderBytes or 52 or 56 or 64 or 108 or 124))
        {
            throw ImageErrors.Damaged("BMP", $"has a header of {headerBytes} bytes; expected 12, 40, 52, 56, 64, 108 or 124");
        }

        if (file.Length < FileHeaderBytes + headerBytes)
        {
            throw ImageErrors.CutShort("BMP", "inside its header");
        }

        var info = file[FileHeaderBytes..];
        return headerBytes == CoreHeaderBytes
            ? ReadCore(info, pixelOffset, limits)
            : ReadInfo(info, (int)headerBytes, pixelOffset, file.Length, limits);
    }

    private static BmpHeader ReadCore(ReadOnlySpan<byte> info, uint pixelOffset, ImageLimits limits)
    {
        var width = BinaryPrimitives.ReadUInt16LittleEndian(info[4..]);
        var height = BinaryPrimitives.ReadUInt16LittleEndian(info[6..]);
        var depth = BinaryPrimitives.ReadUInt16LittleEndian(info[10..]);
        limits.Check("BMP", width, height);
        CheckDepth(depth, BmpPacking.None);
        var header = new BmpHeader(width, height, false, depth, BmpPacking.None, 0, FileHeaderBytes + CoreHeaderBytes, 3, depth <= 8 ? 1 << depth : 0, 0, 0, 0, 0);
        return header.WithMasks(default) with { PixelOffset = (int)Math.Min(pixelOffset, int.MaxValue) };
    }

    private static BmpHeader ReadInfo(ReadOnlySpan<byte> info, int headerBytes, uint pixelOffset, int fileBytes, ImageLimits limits)
    {
        var width = BinaryPrimitives.ReadInt32LittleEndian(info[4..]);
        var height = (long)BinaryPrimitives.ReadInt32LittleEndian(info[8..]);
        var depth = BinaryPrimitives.ReadUInt16LittleEndian(info[14..]);
        var packing = (BmpPacking)BinaryPrimitives.ReadUInt32LittleEndian(info[16..]);
        var colors = BinaryPrimitives.ReadUInt32LittleEndian(info[32..]);
        limits.Check("BMP", width, Math.Abs(height));
        if (packing is BmpPacking.Jpeg or BmpPacking.Png)
        {
            throw ImageErrors.NotRead("BMP", $"only a wrapper around a {(packing == BmpPacking.Jpeg ? "JPEG" : "PNG")}");
        }

        CheckDepth(depth, packing);

        // OS/2's second header gives 3 the meaning of fax compression.
        if (headerBytes == 64 && packing is BmpPacking.BitFields)
        {
            throw ImageErrors.NotRead("BMP", "packed by OS/2's Huffman code");
        }

        // The masks are part of the later headers and follow the first one.
        var maskBytes = packing switch
        {
            BmpPacking.BitFields => 12,
            BmpPacking.AlphaBitFields => 16,
            _ => 0,
        };
        var masks = maskBytes > 0 ? info[InfoHeaderBytes..] : default;
        var paletteOffset = FileHeaderBytes + headerBytes;
        if (headerBytes == InfoHeaderBytes)
        {
            paletteOffset += maskBytes;
            masks = masks[..Math.Min(masks.Length, maskBytes)];
        }
        else if (maskBytes > 0)
        {
            masks = masks[..Math.Min(16, headerBytes - InfoHeaderBytes)];
        }

        if (masks.Length < maskBytes && masks.Length != 12)
        {
            throw ImageErrors.CutShort("BMP", "inside its header");
        }

        var paletteColors = 0;
        if (depth <= 8)
        {
            paletteColors = (int)Math.Min(colors == 0 ? uint.MaxValue : colors, 1u << depth);
            if (paletteOffset + (4 * paletteColors) > fileBytes)
            {
                throw ImageErrors.CutShort("BMP", "inside its palette");
            }
        }

        var header = new BmpHeader(width, (int)Math.Abs(height), height < 0, depth, packing, 0, paletteOffset, 4, paletteColors, 0, 0, 0, 0);
        return header.WithMasks(masks) with { PixelOffset = (int)Math.Min(pixelOffset, int.MaxValue) };
    }

    private static void CheckDepth(int depth, BmpPacking packing)
    {
        var fits = packing switch
        {
            BmpPacking.None => depth is 1 or 2 or 4 or 8 or 16 or 24 or 32,
            BmpPacking.RunLength8 => depth == 8,
            BmpPacking.RunLength4 => depth == 4,
            BmpPacking.BitFields or BmpPacking.AlphaBitFields => depth is 16 or 32,
            _ => false,
        };
        if (!fits)
        {
            throw ImageErrors.Damaged("BMP", $"header has {depth} bits a pixel with compression {(uint)packing}; expected a pair that the format allows");
        }
    }

    private BmpHeader WithMasks(ReadOnlySpan<byte> masks)
    {
        if (masks.IsEmpty)
        {
            return Depth == 16 ? this with { Red = 0x7C00, Green = 0x03E0, Blue = 0x001F } : this with { Red = 0xFF_0000, Green = 0xFF00, Blue = 0xFF };
        }

        return this with
        {
            Red = BinaryPrimitives.ReadUInt32LittleEndian(masks),
            Green = BinaryPrimitives.ReadUInt32LittleEndian(masks[4..]),
            Blue = BinaryPrimitives.ReadUInt32LittleEndian(masks[8..]),
            Alpha = masks.Length >= 16 ? BinaryPrimitives.ReadUInt32LittleEndian(masks[12..]) : 0,
        };
    }
}
