using System.Buffers.Binary;
using System.Text;

namespace DigitML.Tests.Imaging.Fuzzing;

/// <summary>The small sound files that each decoder's fuzzing starts from, all made here.</summary>
internal static class FuzzSeeds
{
    /// <summary>The seeds of a format.</summary>
    /// <param name="format">As the decoder names it.</param>
    public static FuzzSeed[] For(string format) => format switch
    {
        "PNG" => [.. Png()],
        "JPEG" => [.. Jpeg()],
        "BMP" => [.. Bmp()],
        "PNM" => [.. Pnm()],
        _ => throw new ArgumentException($"No seeds for {format}.", nameof(format)),
    };

    private static IEnumerable<FuzzSeed> Png()
    {
        var seed = 100;
        foreach (var (colorType, depths) in new (int, int[])[] { (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]) })
        {
            foreach (var depth in depths)
            {
                foreach (var interlaced in new[] { false, true })
                {
                    var png = TestPng.Random(7, 5, colorType, depth, interlaced, true, seed++);
                    byte[] tiff = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)(seed % 9), 0, 0, 0, 0, 0, 0];
                    var file = png.Encode(1 + (seed % 3), seed % 2 == 0 ? [] : TestPng.Chunk("eXIf", tiff));
                    yield return new FuzzSeed(file, PngBoundaries(file))
                    {
                        Inner = png.Rows(),
                        Rebuild = rows => png.Wrap(Store(rows)),
                        Repair = RepairPng,
                    };
                }
            }
        }
    }

    private static IEnumerable<FuzzSeed> Jpeg()
    {
        var seed = 200;
        foreach (var mode in Enum.GetValues<TestJpegMode>())
        {
            foreach (var factors in new (int, int)[][] { [(1, 1)], [(2, 2), (1, 1), (1, 1)], [(1, 1), (1, 1), (1, 1)], [(1, 2), (2, 1), (1, 1)] })
            {
                foreach (var restartInterval in new[] { 0, 1 })
                {
                    var rgb = seed % 3 == 0 ? TestJpeg.Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]) : [];
                    var exif = seed % 2 == 0 ? TestJpeg.ExifSegment(1 + (seed % 8), seed % 4 == 0) : [];
                    var jpeg = new TestJpeg(19, 13, factors, 1 + (seed % 30), seed++) { RestartInterval = restartInterval, Segments = [.. rgb, .. exif] };
                    var file = jpeg.Encode(mode);
                    yield return new FuzzSeed(file, JpegBoundaries(file));
                }
            }
        }
    }

    private static IEnumerable<FuzzSeed> Bmp()
    {
        var random = new Random(300);
        (int Header, int Depth, int Compression, uint[]? Masks)[] kinds =
        [
            (12, 1, 0, null), (12, 4, 0, null), (12, 8, 0, null), (12, 24, 0, null),
            (40, 1, 0, null), (40, 2, 0, null), (40, 4, 0, null), (40, 8, 0, null), (40, 16, 0, null), (40, 24, 0, null), (40, 32, 0, null),
            (40, 16, 3, [0xF800, 0x07E0, 0x001F]), (52, 16, 3, [0x0F00, 0x00F0, 0x000F]), (40, 32, 6, [0xFF, 0xFF00, 0xFF0000, 0xFF000000]),
            (56, 32, 3, [0xFF, 0xFF00, 0xFF0000, 0xFF000000]), (64, 8, 0, null), (108, 32, 3, [0x3FF00000, 0xFFC00, 0x3FF, 0xC0000000]), (124, 4, 0, null),
        ];
        foreach (var (header, depth, compression, masks) in kinds)
        {
            var palette = new byte[depth > 8 ? 0 : Math.Min(20, 1 << depth) * (header == 12 ? 3 : 4)];
            if (header == 12 && depth <= 8)
            {
                palette = new byte[3 << depth];
            }

            var pixels = new byte[((7 * depth) + 31) / 32 * 4 * 5];
            random.NextBytes(palette);
            if (depth > 8)
            {
                random.NextBytes(pixels);
            }

            var file = TestBmp.Build(header, 7, header > 12 && depth % 3 == 0 ? -5 : 5, depth, compression, palette, pixels, masks);
            yield return new FuzzSeed(file, [0, 14, 18, 26, 14 + header, file.Length - pixels.Length, file.Length]);
        }

        foreach (var (depth, compression, hex) in new[] { (8, 1, "03050003010203000000000201010207000100000702"), (4, 2, "0512000000051234500001340000069900000001") })
        {
            var palette = new byte[4 << depth];
            random.NextBytes(palette);
            var pixels = Convert.FromHexString(hex);
            var file = TestBmp.Build(40, 6, 3, depth, compression, palette, pixels);
            yield return new FuzzSeed(file, [0, 14, 18, 26, 54, file.Length - pixels.Length, file.Length]);
        }
    }

    private static IEnumerable<FuzzSeed> Pnm()
    {
        string[] files =
        [
            "P1\n# a comment\n7 3\n010101010101010101010\n", "P2 5 2 255\n1 2 3 4 5 6 77 88 99 255\n", "P2\n3 2\n65535\n0 1 9 500 65535 30000\n",
            "P3 2 2 255 255 0 0  0 255 0  0 0 255  9 9 9\n", "P3 1 2 1000 1 2 3 999 1000 500", "P4 9 2\n\u00AA\u0080\u0055\u0000",
            "P5 5 2 255\nabcdefghij", "P5#x\n2 3 400\n\u0000a\u0001b\u0000c\u0001d\u0000e\u0000f", "P6 2 2 255\nabcdefghijkl", "P6 1 2 65535\nabcdefghijkl",
        ];
        foreach (var text in files)
        {
            var file = Encoding.Latin1.GetBytes(text);

            // Half of the parts within the header, half within the pixels.
            var header = file.Length / 2;
            yield return new FuzzSeed(file, [0, 2, header / 2, header, header + ((file.Length - header) / 3), header + ((file.Length - header) / 2), file.Length]);
        }
    }

    private static int[] PngBoundaries(byte[] file)
    {
        var boundaries = new List<int> { 0 };
        for (var at = 8; at < file.Length; at += 12 + BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at)))
        {
            boundaries.Add(at);
        }

        return [.. boundaries, file.Length];
    }

    private static int[] JpegBoundaries(byte[] file)
    {
        var boundaries = new List<int> { 0 };
        for (var at = 2; at < file.Length - 1; at++)
        {
            if (file[at] == 0xFF && file[at + 1] != 0)
            {
                boundaries.Add(at);
                if (file[at + 1] is < 0xD0 or > 0xD9)
                {
                    at += 1 + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2));
                    boundaries.Add(at + 1);
                }
                else
                {
                    at++;
                }
            }
        }

        return [.. boundaries.Distinct(), file.Length];
    }

    private static void RepairPng(byte[] file)
    {
        for (var at = 8; at <= file.Length - 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
            {
                return;
            }

            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 8 + (int)length), TestPng.PlainCrc(file.AsSpan(at + 4, 4 + (int)length)));
            at += 12 + (int)length;
        }
    }

    // A zlib stream of one stored block, so that changed rows need no packing.
    private static byte[] Store(byte[] rows)
    {
        uint a = 1, b = 0;
        foreach (var value in rows)
        {
            a = (a + value) % 65_521;
            b = (b + a) % 65_521;
        }

        var (low, high) = ((byte)rows.Length, (byte)(rows.Length >> 8));
        return [0x78, 0x01, 0x01, low, high, (byte)~low, (byte)~high, .. rows, (byte)(b >> 8), (byte)b, (byte)(a >> 8), (byte)a];
    }
}
