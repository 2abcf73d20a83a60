using System.Buffers.Binary;
using System.IO.Compression;
using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.Imaging;

/// <summary>Writes PNG: 8-bit grey or RGB, each row with the filter that leaves the smallest differences, no metadata. The same picture gives the same bytes.</summary>
public static class PngEncoder
{
    /// <summary>A grey picture as a PNG file.</summary>
    /// <param name="image">The picture.</param>
    public static byte[] Encode(GreyImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Encode(image.Width, image.Height, image.Pixels, PngColor.Grey);
    }

    /// <summary>A colour picture as a PNG file.</summary>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="rgb">[height, width, 3]: red, green, blue.</param>
    /// <exception cref="ArgumentException">The length disagrees with the size.</exception>
    public static byte[] EncodeRgb(int width, int height, ReadOnlySpan<byte> rgb)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (rgb.Length != 3L * width * height)
        {
            throw new ArgumentException(Invariant($"A colour picture of {width}×{height} needs {3L * width * height} bytes; got {rgb.Length}."), nameof(rgb));
        }

        return Encode(width, height, rgb, PngColor.Rgb);
    }

    /// <summary>Writes a grey picture to a PNG file, beside it first and then renamed, so that no half file is ever seen.</summary>
    /// <param name="path">The file; replaced when it exists.</param>
    /// <param name="image">The picture.</param>
    /// <exception cref="DigitException">The file cannot be written.</exception>
    public static void Save(string path, GreyImage image) => AtomicFile.Write(path, Encode(image));

    /// <summary>Writes a colour picture to a PNG file, beside it first and then renamed.</summary>
    /// <param name="path">The file; replaced when it exists.</param>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="rgb">[height, width, 3]: red, green, blue.</param>
    /// <exception cref="ArgumentException">The length disagrees with the size.</exception>
    /// <exception cref="DigitException">The file cannot be written.</exception>
    public static void SaveRgb(string path, int width, int height, ReadOnlySpan<byte> rgb) => AtomicFile.Write(path, EncodeRgb(width, height, rgb));

    private static byte[] Encode(int width, int height, ReadOnlySpan<byte> pixels, PngColor color)
    {
        using var file = new MemoryStream();
        file.Write(PngChunks.Signature);
        Span<byte> header = stackalloc byte[PngHeader.Length];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = (byte)color;
        WriteChunk(file, "IHDR"u8, header);
        using (var packed = new MemoryStream())
        {
            using (var deflate = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                WriteRows(deflate, height, pixels, color == PngColor.Rgb ? 3 : 1);
            }

            WriteChunk(file, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        }

        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void WriteRows(ZLibStream deflate, int height, ReadOnlySpan<byte> pixels, int distance)
    {
        var length = pixels.Length / height;
        ReadOnlySpan<byte> above = new byte[length];
        var candidate = new byte[1 + length];
        var best = new byte[1 + length];
        for (var y = 0; y < height; y++)
        {
            var row = pixels.Slice(y * length, length);
            var smallest = long.MaxValue;
            for (var filter = 0; filter < PngFilter.Count; filter++)
            {
                candidate[0] = (byte)filter;
                PngFilter.Apply(filter, row, above, distance, candidate.AsSpan(1));
                var size = SumOfDifferences(candidate.AsSpan(1));
                if (size < smallest)
                {
                    smallest = size;
                    (best, candidate) = (candidate, best);
                }
            }

            deflate.Write(best);
            above = row;
        }
    }

    // The heuristic of PNG 1.2, section 9.6: differences as signed bytes, summed by size.
    private static long SumOfDifferences(ReadOnlySpan<byte> stored)
    {
        long sum = 0;
        foreach (var value in stored)
        {
            sum += Math.Abs((int)(sbyte)value);
        }

        return sum;
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        var start = (int)file.Length;
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Compute(file.GetBuffer().AsSpan(start, (int)file.Length - start)));
        file.Write(number);
    }
}
