using System.Buffers.Binary;

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
