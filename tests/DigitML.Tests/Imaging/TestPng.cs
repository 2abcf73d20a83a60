using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace DigitML.Tests.Imaging;

/// <summary>Writes PNG files of every kind, plainly, from samples; and says what grey a reader must find in them.</summary>
internal sealed class TestPng
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    public required int ColorType { get; init; }

    public required int Depth { get; init; }

    public bool Interlaced { get; init; }

    public byte[] Palette { get; init; } = [];

    public byte[] Transparency { get; init; } = [];

    /// <summary>[height, width, samples], each 0 to 2^depth − 1.</summary>
    public required int[] Samples { get; init; }

    public int SamplesPerPixel => ColorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public static TestPng Random(int width, int height, int colorType, int depth, bool interlaced, bool transparency, int seed)
    {
        var random = new Random(seed);
        var samplesPerPixel = colorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        var colors = colorType == 3 ? Math.Min(1 << depth, 200) : 0;
        var palette = new byte[3 * colors];
        random.NextBytes(palette);
        var samples = new int[width * height * samplesPerPixel];
        for (var i = 0; i < samples.Length; i++)
        {
            // Smooth here and rough there, so that every filter is worth choosing somewhere.
            var smooth = ((i / samplesPerPixel % width) + (i / samplesPerPixel / width)) * 3;
            samples[i] = colors > 0 ? random.Next(colors) : (random.Next(3) == 0 ? random.Next(1 << depth) : smooth & ((1 << depth) - 1));
        }

        byte[] trns = [];
        if (transparency && colorType == 3)
        {
            trns = new byte[(colors + 1) / 2];
            random.NextBytes(trns);
        }
        else if (transparency && colorType is 0 or 2)
        {
            trns = new byte[2 * samplesPerPixel];
            for (var s = 0; s < samplesPerPixel; s++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(trns.AsSpan(2 * s), (ushort)samples[s]);
            }
        }

        return new TestPng
        {
            Width = width,
            Height = height,
            ColorType = colorType,
            Depth = depth,
            Interlaced = interlaced,
            Palette = palette,
            Transparency = trns,
            Samples = samples,
        };
    }

    public static byte[] Chunk(string type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), PlainCrc(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    public static uint PlainCrc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1;
            }
        }

        return ~crc;
    }

    public static byte[] Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] Header(int width, int height, int depth, int colorType, int interlace = 0)
    {
        var data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), height);
        data[8] = (byte)depth;
        data[9] = (byte)colorType;
        data[12] = (byte)interlace;
        return Chunk("IHDR", data);
    }

    public static byte[] Zip(ReadOnlySpan<byte> data)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(data);
        }

        return packed.ToArray();
    }

    /// <param name="dataChunks">Into how many IDAT chunks the packed pixels are cut.</param>
    /// <param name="between">Whole chunks that stand before the first IDAT.</param>
    public byte[] Encode(int dataChunks = 1, byte[]? between = null) => Wrap(Zip(Rows()), dataChunks, between);

    /// <summary>The filtered rows of all passes, as they are before packing.</summary>
    public byte[] Rows()
    {
        var raw = new List<byte>();
        if (Interlaced)
        {
            int[][] passes = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];
            foreach (var pass in passes)
            {
                AddPass(raw, pass[0], pass[1], pass[2], pass[3]);
            }
        }
        else
        {
            AddPass(raw, 0, 0, 1, 1);
        }

        return [.. raw];
    }

    /// <summary>A file around rows that are packed already.</summary>
    public byte[] Wrap(byte[] packed, int dataChunks = 1, byte[]? between = null)
    {
        var file = new List<byte>();
        file.AddRange(Signature);
        file.AddRange(Header(Width, Height, Depth, ColorType, Interlaced ? 1 : 0));
        if (Palette.Length > 0)
        {
            file.AddRange(Chunk("PLTE", Palette));
        }

        if (Transparency.Length > 0)
        {
            file.AddRange(Chunk("tRNS", Transparency));
        }

        file.AddRange(between ?? []);
        for (var i = 0; i < dataChunks; i++)
        {
            var start = packed.Length * i / dataChunks;
            file.AddRange(Chunk("IDAT", packed.AsSpan(start, (packed.Length * (i + 1) / dataChunks) - start)));
        }

        file.AddRange(Chunk("IEND", []));
        return [.. file];
    }

    /// <summary>The grey that the rule promises: each channel over white, to 8 bits, then BT.601.</summary>
    public byte[] ExpectedGrey()
    {
        var maximum = (1 << Depth) - 1;
        var grey = new byte[Width * Height];
        for (var i = 0; i < grey.Length; i++)
        {
            var pixel = Samples.AsSpan(i * SamplesPerPixel, SamplesPerPixel);
            double red, green, blue, alpha = 1;
            if (ColorType == 3)
            {
                (red, green, blue) = (Palette[3 * pixel[0]] / 255.0, Palette[(3 * pixel[0]) + 1] / 255.0, Palette[(3 * pixel[0]) + 2] / 255.0);
                alpha = pixel[0] < Transparency.Length ? Transparency[pixel[0]] / 255.0 : 1;
            }
            else
            {
                red = pixel[0] / (double)maximum;
                green = ColorType is 2 or 6 ? pixel[1] / (double)maximum : red;
                blue = ColorType is 2 or 6 ? pixel[2] / (double)maximum : red;
                if (ColorType is 4 or 6)
                {
                    alpha = pixel[^1] / (double)maximum;
                }
                else if (Transparency.Length > 0 && IsKey(pixel))
                {
                    alpha = 0;
                }
            }

            int To8(double value)
            {
                var over = (value * alpha) + (1 - alpha);
                return (int)Math.Floor((Math.Round(over * maximum) / maximum * 255) + 0.5);
            }

            int From8(double value) => (int)Math.Floor((((value * alpha) + (1 - alpha)) * 255) + 0.5);
            Func<double, int> convert = ColorType == 3 || Depth < 8 ? From8 : To8;
            grey[i] = Grey(convert(red), convert(green), convert(blue));
        }

        return grey;
    }

    public static byte Grey(int red, int green, int blue) => (byte)Math.Floor((((19595 * red) + (38470 * green) + (7471 * blue)) / 65536.0) + 0.5);

    private bool IsKey(ReadOnlySpan<int> pixel)
    {
        for (var s = 0; s < pixel.Length; s++)
        {
            if (pixel[s] != BinaryPrimitives.ReadUInt16BigEndian(Transparency.AsSpan(2 * s)))
            {
                return false;
            }
        }

        return true;
    }

    private void AddPass(List<byte> raw, int left, int top, int stepX, int stepY)
    {
        var above = Array.Empty<byte>();
        var number = 0;
        for (var y = top; y < Height; y += stepY)
        {
            var bits = new List<int>();
            for (var x = left; x < Width; x += stepX)
            {
                for (var s = 0; s < SamplesPerPixel; s++)
                {
                    var sample = Samples[(((y * Width) + x) * SamplesPerPixel) + s];
                    for (var bit = Depth - 1; bit >= 0; bit--)
                    {
                        bits.Add((sample >> bit) & 1);
                    }
                }
            }

            if (bits.Count == 0)
            {
                return;
            }

            var row = new byte[(bits.Count + 7) / 8];
            for (var i = 0; i < bits.Count; i++)
            {
                row[i / 8] |= (byte)(bits[i] << (7 - (i % 8)));
            }

            // Every filter in turn.
            var filter = number++ % 5;
            raw.Add((byte)filter);
            var distance = Math.Max(1, SamplesPerPixel * Depth / 8);
            for (var i = 0; i < row.Length; i++)
            {
                int a = i >= distance ? row[i - distance] : 0;
                int b = above.Length > 0 ? above[i] : 0;
                int c = above.Length > 0 && i >= distance ? above[i - distance] : 0;
                var p = a + b - c;
                int pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
                var paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
                raw.Add((byte)(row[i] - filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => paeth }));
            }

            above = row;
        }
    }
}
