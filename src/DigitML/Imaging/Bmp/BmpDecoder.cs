using System.Buffers.Binary;

namespace DigitML.Imaging;

/// <summary>
/// BMP: OS/2's and Windows's headers, palettes of 1 to 8 bits, 16, 24 and 32 bits with or without masks, RLE8 and RLE4,
/// rows from either end. Alpha counts where a mask names it, and is laid over white.
/// </summary>
internal sealed class BmpDecoder : IImageDecoder
{
    // Marks the values that a palette has no colour for.
    private const short Missing = -1;

    /// <inheritdoc/>
    public string Format => "BMP";

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith("BM"u8);

    /// <inheritdoc/>
    public DecodedImage Decode(ReadOnlyMemory<byte> file, DecodeOptions options)
    {
        var span = file.Span;
        if (!Recognises(span))
        {
            throw ImageErrors.Damaged(Format, "does not begin with its signature");
        }

        var header = BmpHeader.Read(span, options.Limits);
        var runLength = header.Packing is BmpPacking.RunLength8 or BmpPacking.RunLength4;
        var needed = runLength ? 0 : (header.Stride * (header.Height - 1)) + header.RowBytes;
        if (span.Length - (long)header.PixelOffset < needed || header.PixelOffset > span.Length)
        {
            throw ImageErrors.CutShort(Format, FormattableString.Invariant(
                $"after {span.Length:N0} bytes; {header.Width}×{header.Height} pixels of {header.Depth} bits from byte {header.PixelOffset:N0} on need {header.PixelOffset + needed:N0}"));
        }

        var data = span[header.PixelOffset..];
        var stored = new byte[header.Width * header.Height];
        if (header.Depth > 8)
        {
            ReadColors(data, header, stored);
        }
        else
        {
            ReadIndices(data, header, PaletteGrey(span, header), stored);
        }

        if (!header.TopDown)
        {
            TurnOver(stored, header.Width);
        }

        return new DecodedImage(new GreyImage(header.Width, header.Height, stored), Format, header.Width, header.Height);
    }

    private static short[] PaletteGrey(ReadOnlySpan<byte> file, in BmpHeader header)
    {
        var grey = new short[256];
        grey.AsSpan(header.PaletteColors).Fill(Missing);
        for (var i = 0; i < header.PaletteColors; i++)
        {
            var offset = header.PaletteOffset + (i * header.PaletteEntryBytes);
            if (offset + 3 > file.Length)
            {
                throw ImageErrors.CutShort("BMP", "inside its palette");
            }

            grey[i] = Luma.FromRgb(file[offset + 2], file[offset + 1], file[offset]);
        }

        return grey;
    }

    private static void ReadIndices(ReadOnlySpan<byte> data, in BmpHeader header, short[] palette, Span<byte> pixels)
    {
        if (header.Packing == BmpPacking.None)
        {
            var mask = (1 << header.Depth) - 1;
            for (var y = 0; y < header.Height; y++)
            {
                var row = data[(int)(y * header.Stride)..];
                var target = pixels.Slice(y * header.Width, header.Width);
                for (var x = 0; x < target.Length; x++)
                {
                    var bit = (long)x * header.Depth;
                    target[x] = (byte)((row[(int)(bit >> 3)] >> (8 - header.Depth - (int)(bit & 7))) & mask);
                }
            }
        }
        else
        {
            BmpRunLength.Unpack(data, header, pixels);
        }

        var any = 0;
        foreach (ref var pixel in pixels)
        {
            var grey = palette[pixel];
            any = Math.Min(any, grey);
            pixel = (byte)grey;
        }

        if (any < 0)
        {
            throw ImageErrors.Damaged("BMP", $"pixel names a colour beyond the palette's {header.PaletteColors}");
        }
    }

    private static void ReadColors(ReadOnlySpan<byte> data, in BmpHeader header, Span<byte> pixels)
    {
        if (header.Packing == BmpPacking.None && header.Depth >= 24)
        {
            var bytes = header.Depth / 8;
            for (var y = 0; y < header.Height; y++)
            {
                var row = data.Slice((int)(y * header.Stride), (int)header.RowBytes);
                var target = pixels.Slice(y * header.Width, header.Width);
                for (var x = 0; x < target.Length; x++)
                {
                    var pixel = row.Slice(x * bytes, 3);
                    target[x] = Luma.FromRgb(pixel[2], pixel[1], pixel[0]);
                }
            }

            return;
        }

        var red = new BmpChannel(header.Red, header.Depth);
        var green = new BmpChannel(header.Green, header.Depth);
        var blue = new BmpChannel(header.Blue, header.Depth);
        var alpha = new BmpChannel(header.Alpha, header.Depth);
        var transparent = alpha.IsPresent && AnyAlpha(data, header, alpha);
        for (var i = 0; i < pixels.Length; i++)
        {
            var pixel = Pixel(data, header, i);
            var opacity = transparent ? alpha.Of(pixel) : 255;
            pixels[i] = Luma.FromRgb(Luma.OverWhite(red.Of(pixel), opacity, 255), Luma.OverWhite(green.Of(pixel), opacity, 255), Luma.OverWhite(blue.Of(pixel), opacity, 255));
        }
    }

    // Writers that declare alpha and leave it at 0 everywhere mean an opaque picture, not an empty one.
    private static bool AnyAlpha(ReadOnlySpan<byte> data, in BmpHeader header, BmpChannel alpha)
    {
        for (var i = 0; i < header.Width * header.Height; i++)
        {
            if (alpha.Of(Pixel(data, header, i)) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static uint Pixel(ReadOnlySpan<byte> data, in BmpHeader header, int index)
    {
        var (y, x) = Math.DivRem(index, header.Width);
        var at = (int)(y * header.Stride) + (x * header.Depth / 8);
        return header.Depth == 16 ? BinaryPrimitives.ReadUInt16LittleEndian(data[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(data[at..]);
    }

    private static void TurnOver(Span<byte> pixels, int width)
    {
        var row = new byte[width];
        for (int top = 0, bottom = pixels.Length - width; top < bottom; top += width, bottom -= width)
        {
            pixels.Slice(top, width).CopyTo(row);
            pixels.Slice(bottom, width).CopyTo(pixels[top..]);
            row.CopyTo(pixels[bottom..]);
        }
    }
}
