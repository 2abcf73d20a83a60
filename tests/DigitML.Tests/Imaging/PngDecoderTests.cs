using DigitML.Imaging;
using DigitML.IO;

namespace DigitML.Tests.Imaging;

public class PngDecoderTests
{
    public static TheoryData<int, int, bool, bool> EveryKind()
    {
        var kinds = new TheoryData<int, int, bool, bool>();
        foreach (var (colorType, depths) in new (int, int[])[] { (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]) })
        {
            foreach (var depth in depths)
            {
                foreach (var interlaced in new[] { false, true })
                {
                    kinds.Add(colorType, depth, interlaced, false);
                    if (colorType is 0 or 2 or 3)
                    {
                        kinds.Add(colorType, depth, interlaced, true);
                    }
                }
            }
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void Decode_EveryKindAndManySizes_GivesTheRulesGrey(int colorType, int depth, bool interlaced, bool transparency)
    {
        var seed = 1000 + (colorType * 100) + depth;
        foreach (var (width, height) in new[] { (1, 1), (1, 9), (13, 1), (2, 3), (5, 5), (7, 11), (33, 19), (3, 2), (4, 4), (17, 40) })
        {
            var png = TestPng.Random(width, height, colorType, depth, interlaced, transparency, seed++);
            var decoded = ImageFile.Decode(png.Encode(dataChunks: 1 + (width % 4)));
            Assert.Equal((width, height, "PNG"), (decoded.Image.Width, decoded.Image.Height, decoded.Format));
            Assert.Equal((width, height), (decoded.FullWidth, decoded.FullHeight));

            // Of two values the one may be as good as white: where grey shows nothing, the tests of other channels speak.
            var expected = png.ExpectedGrey();
            if (depth > 1 || !InkChannel.IsFaint(expected, width))
            {
                Assert.Equal(expected, decoded.Image.Pixels);
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void Decode_EveryKind_AgreesExactlyWithImageMagick(int colorType, int depth, bool interlaced, bool transparency)
    {
        ExternalTool.Require(ExternalTool.Convert);
        // Low enough to have no other channel than grey.
        const int Height = 7;
        var png = TestPng.Random(29, Height, colorType, depth, interlaced, transparency, 7000 + (colorType * 100) + depth);
        var file = png.Encode();
        // At 16 bits, because convert's own way down to 8 truncates.
        var rgb = ExternalTool.Run(ExternalTool.Convert, file, "png:-", "-background", "white", "-alpha", "remove", "-alpha", "off", "-depth", "16", "-endian", "MSB", "rgb:-");
        var expected = new byte[29 * Height];
        for (var i = 0; i < expected.Length; i++)
        {
            int Channel(int c) => (int)Math.Round(((rgb[(6 * i) + (2 * c)] << 8) | rgb[(6 * i) + (2 * c) + 1]) / 257.0);
            expected[i] = TestPng.Grey(Channel(0), Channel(1), Channel(2));
        }

        Assert.Equal(expected, ImageFile.Decode(file).Image.Pixels);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 6)]
    public void Decode_CutAtAnyByte_SaysSo(bool interlaced, int colorType)
    {
        var file = TestPng.Random(9, 7, colorType, 8, interlaced, false, 21).Encode(dataChunks: 3);
        for (var length = 1; length < file.Length; length++)
        {
            var error = Assert.Throws<DigitException>(() => ImageFile.Decode(file.AsMemory(0, length), name: "half.png"));
            Assert.StartsWith("half.png: ", error.Message);
            Assert.DoesNotContain('\n', error.Message);
            Assert.True(length < 8 || error.Message.Contains("cut short"), $"{length} bytes: {error.Message}");
        }
    }

    [Fact]
    public void Decode_AnyBitFlipped_IsNoticed()
    {
        var file = TestPng.Random(6, 5, 3, 4, false, true, 22).Encode();
        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            var damaged = (byte[])file.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<DigitException>(() => ImageFile.Decode(damaged));
        }
    }

    [Theory]
    [InlineData(60_000, 60_000, "60000×60000 pixels; expected at most 50,000,000")]
    [InlineData(70_000, 3, "70000×3 pixels; expected at most 50,000,000 pixels and 65,535 a side")]
    [InlineData(0, 5, "0×5 pixels; expected at least 1×1")]
    [InlineData(7_000, 7_000, "cannot hold 7000×7000")]
    public void Decode_HeaderClaimsTooMuch_IsRefusedWithoutAllocating(int width, int height, string message)
    {
        byte[] file = [.. TestPng.Signature, .. TestPng.Header(width, height, 8, 0), .. TestPng.Chunk("IDAT", TestPng.Zip(new byte[50])), .. TestPng.Chunk("IEND", [])];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DigitException>(() => ImageFile.Decode(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData(8, 1, 0, "colour type 1 at 8 bits")]
    [InlineData(4, 2, 0, "colour type 2 at 4 bits")]
    [InlineData(8, 0, 2, "interlace 2")]
    public void Decode_HeaderOfNoKind_SaysWhich(int depth, int colorType, int interlace, string message)
    {
        byte[] file = [.. TestPng.Signature, .. TestPng.Header(3, 2, depth, colorType, interlace), .. TestPng.Chunk("IEND", [])];
        Assert.Contains(message, Assert.Throws<DigitException>(() => ImageFile.Decode(file)).Message);
    }

    [Fact]
    public void Decode_ChunksThatBreakTheRules_SaysWhich()
    {
        byte[] header = [.. TestPng.Signature, .. TestPng.Header(2, 2, 8, 0)];
        var data = TestPng.Chunk("IDAT", TestPng.Zip([0, 1, 2, 0, 3, 4]));
        var end = TestPng.Chunk("IEND", []);
        byte[] palette = [.. TestPng.Signature, .. TestPng.Header(2, 2, 8, 3)];

        Fails("no IDAT chunk", header, end);
        Fails("begins with the chunk IDAT; expected IHDR", TestPng.Signature, data, end);
        Fails("chunk tEXt between its IDAT chunks", header, TestPng.Chunk("IDAT", []), TestPng.Chunk("tEXt", []), data, end);
        Fails("has the chunk CgBI, which a reader must understand", header, TestPng.Chunk("CgBI", []), data, end);
        Fails("colour type 3 but no palette", palette, data, end);
        Fails("palette has 4 bytes", palette, TestPng.Chunk("PLTE", [1, 2, 3, 4]), data, end);
        Fails("beyond the end of the palette", palette, TestPng.Chunk("PLTE", [1, 2, 3]), data, end);
        Fails("tRNS has 3 bytes; expected 2", header, TestPng.Chunk("tRNS", [1, 2, 3]), data, end);
        Fails("cannot be unpacked at row 0", header, TestPng.Chunk("IDAT", [1, 2, 3, 4, 5, 6]), end);
        Fails("cannot be unpacked at row 0", header, TestPng.Chunk("IDAT", [0x78, 0x20, 1, 2, 3, 4, 5, 6]), end); // asks for a preset dictionary
        Fails("filter 5; expected 0 to 4", header, TestPng.Chunk("IDAT", TestPng.Zip([5, 1, 2, 0, 3, 4])), end);
        Fails("inside the pixels of row 1", header, TestPng.Chunk("IDAT", TestPng.Zip([0, 1, 2])), end);
        Fails("chunk PLTE is a second one", palette, TestPng.Chunk("PLTE", [1, 2, 3]), TestPng.Chunk("PLTE", [1, 2, 3]), data, end);

        static void Fails(string message, params byte[][] parts)
        {
            Assert.Contains(message, Assert.Throws<DigitException>(() => ImageFile.Decode(parts.SelectMany(part => part).ToArray())).Message);
        }
    }

    [Fact]
    public void Decode_JunkAfterTheEnd_IsLeftAlone()
    {
        var png = TestPng.Random(5, 4, 0, 8, false, false, 23);
        Assert.Equal(png.ExpectedGrey(), ImageFile.Decode((byte[])[.. png.Encode(), 1, 2, 3]).Image.Pixels);
    }

    [Theory]
    [InlineData(1, new byte[] { 1, 2, 3, 4, 5, 6 }, 3)]
    [InlineData(2, new byte[] { 3, 2, 1, 6, 5, 4 }, 3)]
    [InlineData(3, new byte[] { 6, 5, 4, 3, 2, 1 }, 3)]
    [InlineData(4, new byte[] { 4, 5, 6, 1, 2, 3 }, 3)]
    [InlineData(5, new byte[] { 1, 4, 2, 5, 3, 6 }, 2)]
    [InlineData(6, new byte[] { 4, 1, 5, 2, 6, 3 }, 2)]
    [InlineData(7, new byte[] { 6, 3, 5, 2, 4, 1 }, 2)]
    [InlineData(8, new byte[] { 3, 6, 2, 5, 1, 4 }, 2)]
    [InlineData(9, new byte[] { 1, 2, 3, 4, 5, 6 }, 3)]
    public void Decode_OrientationInExif_TurnsThePictureUpright(byte orientation, byte[] expected, int width)
    {
        var png = new TestPng { Width = 3, Height = 2, ColorType = 0, Depth = 8, Samples = [1, 2, 3, 4, 5, 6] };
        byte[] tiff = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        var decoded = ImageFile.Decode(png.Encode(between: TestPng.Chunk("eXIf", tiff)));
        Assert.Equal(width, decoded.Image.Width);
        Assert.Equal(width, decoded.FullWidth);
        Assert.Equal(expected, decoded.Image.Pixels);
    }

    [Fact]
    public void Crc32_EveryLengthUpTo40_MatchesTheDefinition()
    {
        var data = new byte[40];
        new Random(24).NextBytes(data);
        for (var length = 0; length <= data.Length; length++)
        {
            Assert.Equal(TestPng.PlainCrc(data.AsSpan(0, length)), Crc32.Compute(data.AsSpan(0, length)));
        }
    }
}
