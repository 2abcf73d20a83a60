using System.Buffers.Binary;

namespace DigitML.Imaging.Magick.Tests;

/// <summary>Writes BMP files, plainly, field by field.</summary>
internal static class TestBmp
{
    // A negative height stores rows from the top. A palette is blue, green, red and, but for the 12-byte header, a byte
    // unused. Masks (red, green, blue, perhaps alpha) go inside the header or behind it, as its size demands.
    public static byte[] Build(int headerBytes, int width, int height, int depth, int compression, byte[] palette, byte[] pixels, uint[]? masks = null, int? colors = null)
    {
        var header = new byte[headerBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, headerBytes);
        if (headerBytes == 12)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), (ushort)width);
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), (ushort)height);
            header[8] = 1;
            header[10] = (byte)depth;
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), width);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), height);
            header[12] = 1;
            header[14] = (byte)depth;
            header[16] = (byte)compression;
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(32), colors ?? palette.Length / 4);
        }

        byte[] behind = [];
        if (masks is not null)
        {
            behind = new byte[masks.Length * 4];
            for (var i = 0; i < masks.Length; i++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(behind.AsSpan(4 * i), masks[i]);
            }

            if (headerBytes > 40)
            {
                behind.CopyTo(header, 40);
                behind = [];
            }
        }

        var start = new byte[14];
        start[0] = (byte)'B';
        start[1] = (byte)'M';
        var offset = 14 + headerBytes + behind.Length + palette.Length;
        BinaryPrimitives.WriteInt32LittleEndian(start.AsSpan(2), offset + pixels.Length);
        BinaryPrimitives.WriteInt32LittleEndian(start.AsSpan(10), offset);
        return [.. start, .. header, .. behind, .. palette, .. pixels];
    }

    /// <summary>Packs rows of samples, most significant bits first, each row padded to 4 bytes; the last given row is stored first unless top down.</summary>
    public static byte[] PackRows(int[] samples, int width, int depth, bool topDown)
    {
        var height = samples.Length / width;
        var stride = ((width * depth) + 31) / 32 * 4;
        var packed = new byte[stride * height];
        for (var y = 0; y < height; y++)
        {
            var row = (topDown ? y : height - 1 - y) * stride;
            for (var x = 0; x < width; x++)
            {
                var bit = x * depth;
                packed[row + (bit / 8)] |= (byte)(samples[(y * width) + x] << (8 - depth - (bit % 8)));
            }
        }

        return packed;
    }
}
