using System.Buffers.Binary;
using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>How a PNG stores its samples (PNG 1.2, section 4.1.1).</summary>
internal enum PngColor : byte
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    Rgba = 6,
}

/// <summary>A PNG's IHDR chunk, checked.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Depth">Bits a sample: 1, 2, 4, 8 or 16.</param>
/// <param name="Color">How samples make a pixel.</param>
/// <param name="Interlaced">Whether the rows come in Adam7's seven passes.</param>
internal readonly record struct PngHeader(int Width, int Height, int Depth, PngColor Color, bool Interlaced)
{
    /// <summary>Bytes of the chunk's data.</summary>
    public const int Length = 13;

    /// <summary>Samples a pixel.</summary>
    public int Samples => Color switch
    {
        PngColor.Rgb => 3,
        PngColor.GreyAlpha => 2,
        PngColor.Rgba => 4,
        _ => 1,
    };

    /// <summary>Distance in bytes to the sample that filters look back to.</summary>
    public int FilterDistance => Math.Max(1, Samples * Depth / 8);

    /// <summary>Packed bytes of a row of <paramref name="width"/> pixels, without its filter byte.</summary>
    public int RowBytes(int width) => (int)((((long)width * Samples * Depth) + 7) / 8);

    /// <summary>Reads the chunk.</summary>
    /// <param name="data">The chunk's data.</param>
    /// <param name="limits">Checked against the claimed size.</param>
    /// <exception cref="DigitException">A field is out of its range, or the picture too large.</exception>
    public static PngHeader Read(ReadOnlySpan<byte> data, ImageLimits limits)
    {
        if (data.Length != Length)
        {
            throw ImageErrors.Damaged("PNG", $"header has {data.Length} bytes; expected {Length}");
        }

        limits.Check("PNG", BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
        var depth = data[8];
        var color = (PngColor)data[9];
        var known = color switch
        {
            PngColor.Grey => depth is 1 or 2 or 4 or 8 or 16,
            PngColor.Palette => depth is 1 or 2 or 4 or 8,
            PngColor.Rgb or PngColor.GreyAlpha or PngColor.Rgba => depth is 8 or 16,
            _ => false,
        };
        if (!known)
        {
            throw ImageErrors.Damaged("PNG", $"header has colour type {data[9]} at {depth} bits; expected 0, 2, 3, 4 or 6 at a depth that the type allows");
        }

        if (data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw ImageErrors.Damaged("PNG", $"header has compression {data[10]}, filter {data[11]} and interlace {data[12]}; expected 0, 0 and 0 or 1");
        }

        return new PngHeader(BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]), depth, color, data[12] == 1);
    }
}
