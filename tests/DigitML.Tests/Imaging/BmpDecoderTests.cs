using System.Buffers.Binary;
using DigitML.Imaging;

namespace DigitML.Tests.Imaging;

public class BmpDecoderTests
{
    [Theory]
    [InlineData(12, 1, false)]
    [InlineData(12, 4, false)]
    [InlineData(12, 8, false)]
    [InlineData(40, 1, false)]
    [InlineData(40, 1, true)]
    [InlineData(40, 2, false)]
    [InlineData(40, 4, true)]
    [InlineData(40, 8, false)]
    [InlineData(64, 8, false)]
    [InlineData(108, 4, false)]
    [InlineData(124, 8, true)]
    public void Decode_PaletteOfEveryDepthAndHeader_GivesItsGrey(int headerBytes, int depth, bool topDown)
    {
        var random = new Random(51 + headerBytes + depth);
        foreach (var (width, height) in new[] { (1, 1), (13, 7), (33, 2), (5, 19) })
        {
            var entry = headerBytes == 12 ? 3 : 4;
            var palette = new byte[entry << depth];
            random.NextBytes(palette);
            var samples = Enumerable.Range(0, width * height).Select(_ => random.Next(1 << depth)).ToArray();
            var file = TestBmp.Build(headerBytes, width, topDown ? -height : height, depth, 0, palette, TestBmp.PackRows(samples, width, depth, topDown));

            var image = ImageFile.Decode(file).Image;

            Assert.Equal((width, height), (image.Width, image.Height));
            Assert.Equal(samples.Select(i => TestPng.Grey(palette[(entry * i) + 2], palette[(entry * i) + 1], palette[entry * i])), image.Pixels.ToArray());
        }
    }

    [Theory]
    [InlineData(12, 24)]
    [InlineData(40, 24)]
    [InlineData(40, 32)]
    [InlineData(124, 32)]
    public void Decode_BytesForColours_GivesTheirGrey(int headerBytes, int depth)
    {
        var random = new Random(61 + headerBytes + depth);
        const int Width = 7, Height = 5;
        var stride = (((Width * depth) + 31) / 32) * 4;
        var pixels = new byte[stride * Height];
        random.NextBytes(pixels);

        var image = ImageFile.Decode(TestBmp.Build(headerBytes, Width, Height, depth, 0, [], pixels)).Image;

        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var at = ((Height - 1 - y) * stride) + (x * depth / 8);
                Assert.Equal(TestPng.Grey(pixels[at + 2], pixels[at + 1], pixels[at]), image.Pixels[(y * Width) + x]);
            }
        }
    }

    [Theory]
    [InlineData(40, 16, 0, new uint[0])]
    [InlineData(40, 16, 3, new uint[] { 0xF800, 0x07E0, 0x001F })]
    [InlineData(52, 16, 3, new uint[] { 0x0F00, 0x00F0, 0x000F })]
    [InlineData(56, 16, 3, new uint[] { 0x0F00, 0x00F0, 0x000F, 0xF000 })]
    [InlineData(40, 32, 3, new uint[] { 0x000000FF, 0x0000FF00, 0x00FF0000 })]
    [InlineData(40, 32, 6, new uint[] { 0x000000FF, 0x0000FF00, 0x00FF0000, 0xFF000000 })]
    [InlineData(108, 32, 3, new uint[] { 0x3FF00000, 0x000FFC00, 0x000003FF, 0xC0000000 })]
    [InlineData(124, 32, 3, new uint[] { 0x00FF0000, 0x0000FF00, 0x000000FF, 0xFF000000 })]
    public void Decode_Masks_GiveTheirGreyOverWhite(int headerBytes, int depth, int compression, uint[] masks)
    {
        var random = new Random(71 + headerBytes + depth);
        const int Width = 9, Height = 4;
        var stride = (((Width * depth) + 31) / 32) * 4;
        var pixels = new byte[stride * Height];
        random.NextBytes(pixels);
        uint[] used = masks.Length == 0 ? [0x7C00, 0x03E0, 0x001F] : masks;

        var image = ImageFile.Decode(TestBmp.Build(headerBytes, Width, -Height, depth, compression, [], pixels, masks.Length == 0 ? null : masks)).Image;

        for (var i = 0; i < Width * Height; i++)
        {
            var at = ((i / Width) * stride) + (i % Width * depth / 8);
            var pixel = depth == 16 ? BinaryPrimitives.ReadUInt16LittleEndian(pixels.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(pixels.AsSpan(at));
            double Share(uint mask) => (double)(pixel & mask) / mask;
            var alpha = used.Length > 3 ? Math.Round(Share(used[3]) * 255) / 255 : 1;
            int Channel(int c) => (int)Math.Floor((Math.Round(Share(used[c]) * 255) * alpha) + ((1 - alpha) * 255) + 0.5);
            Assert.Equal(TestPng.Grey(Channel(0), Channel(1), Channel(2)), image.Pixels[i]);
        }
    }

    [Fact]
    public void Decode_AlphaZeroEverywhere_IsTakenAsOpaque()
    {
        byte[] pixels = [10, 20, 30, 0, 40, 50, 60, 0];
        var image = ImageFile.Decode(TestBmp.Build(124, 2, 1, 32, 3, [], pixels, [0xFF0000, 0xFF00, 0xFF, 0xFF000000])).Image;
        Assert.Equal(new byte[] { TestPng.Grey(30, 20, 10), TestPng.Grey(60, 50, 40) }, image.Pixels);
    }

    [Theory]
    // Runs, literals (padded), a jump, ends of rows and of the picture; what is not set stays colour 0.
    [InlineData(1, 8, "0305 0003 010203 00 0000 0002 0101 0207 0001", new byte[] { 5, 5, 5, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 7, 7, 0, 0, 0 })]
    [InlineData(2, 4, "0512 0000 0005 123450 00 0134 0000 0699", new byte[] { 1, 2, 1, 2, 1, 0, 1, 2, 3, 4, 5, 3, 9, 9, 9, 9, 9, 9 })]
    [InlineData(1, 8, "0809 0000 0608 0105 0000 0407 0005 0102030405 00 0001", new byte[] { 9, 9, 9, 9, 9, 9, 8, 8, 8, 8, 8, 8, 7, 7, 7, 7, 1, 2 })]
    [InlineData(1, 8, "0609 0000 0608 0000 0607", new byte[] { 9, 9, 9, 9, 9, 9, 8, 8, 8, 8, 8, 8, 7, 7, 7, 7, 7, 7 })]
    public void Decode_RunLengths_AreUnpacked(int compression, int depth, string hex, byte[] bottomUp)
    {
        var file = TestBmp.Build(40, 6, 3, depth, compression, GreyPalette(depth), Convert.FromHexString(hex.Replace(" ", "")));
        var expected = bottomUp.Chunk(6).Reverse().SelectMany(row => row);
        Assert.Equal(expected, ImageFile.Decode(file).Image.Pixels.ToArray());
    }

    [Theory]
    [InlineData("0609 0002 0109", "jumps to pixel 7 of row 9")]
    [InlineData("0609 00", "ends inside the pixels of row 0")]
    [InlineData("0006 0102", "ends inside the pixels of row 0")]
    [InlineData("0609 0000 0609 0000", "ends inside the pixels of row 2")]
    public void Decode_RunLengthsThatDoNotFit_SaysWhere(string hex, string message)
    {
        var file = TestBmp.Build(40, 6, 3, 8, 1, GreyPalette(8), Convert.FromHexString(hex.Replace(" ", "")));
        Assert.Contains(message, Assert.Throws<DigitException>(() => ImageFile.Decode(file)).Message);
    }

    [Theory]
    [InlineData(40, 60_000, 60_000, 24, 0, "60000×60000 pixels; expected at most 50,000,000")]
    [InlineData(40, 3, int.MinValue, 24, 0, "3×2147483648 pixels")]
    [InlineData(40, -3, 5, 24, 0, "-3×5 pixels; expected at least 1×1")]
    [InlineData(40, 3, 5, 24, 4, "a wrapper around a JPEG, which is not read")]
    [InlineData(40, 3, 5, 24, 5, "a wrapper around a PNG, which is not read")]
    [InlineData(40, 3, 5, 24, 1, "24 bits a pixel with compression 1")]
    [InlineData(40, 3, 5, 7, 0, "7 bits a pixel")]
    [InlineData(64, 3, 5, 16, 3, "Huffman")]
    [InlineData(40, 6_000, 6_000, 24, 0, "cut short")]
    public void Decode_HeaderThatCannotBe_IsRefusedWithoutAllocating(int headerBytes, int width, int height, int depth, int compression, string message)
    {
        var file = TestBmp.Build(headerBytes, width, height, depth, compression, [], new byte[60]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DigitException>(() => ImageFile.Decode(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Decode_ColourOrMaskThatIsNotThere_SaysSo()
    {
        var file = TestBmp.Build(40, 2, 1, 8, 0, new byte[12], [1, 3, 0, 0]);
        Assert.Contains("beyond the palette's 3", Assert.Throws<DigitException>(() => ImageFile.Decode(file)).Message);
        file = TestBmp.Build(40, 1, 1, 16, 3, [], new byte[4], [0xF00F, 0x00F0, 0x0F00]);
        Assert.Contains("colour mask 0x0000F00F", Assert.Throws<DigitException>(() => ImageFile.Decode(file)).Message);
        file = TestBmp.Build(41, 1, 1, 24, 0, [], new byte[4]);
        Assert.Contains("header of 41 bytes", Assert.Throws<DigitException>(() => ImageFile.Decode(file)).Message);
    }

    [Theory]
    [InlineData(40, 8)]
    [InlineData(12, 4)]
    [InlineData(124, 24)]
    public void Decode_CutAtAnyByte_SaysSo(int headerBytes, int depth)
    {
        var palette = depth <= 8 ? new byte[(headerBytes == 12 ? 3 : 4) << depth] : [];
        var file = TestBmp.Build(headerBytes, 8, 3, depth, 0, palette, new byte[depth * 3]);
        for (var length = 2; length < file.Length; length++)
        {
            Assert.Contains("cut short", Assert.Throws<DigitException>(() => ImageFile.Decode(file.AsMemory(0, length))).Message);
        }

        Assert.Equal(8, ImageFile.Decode(file).Image.Width);
    }

    [Theory]
    [InlineData("bmp:-", "-type", "TrueColor")]
    [InlineData("bmp2:-", "-type", "TrueColor")]
    [InlineData("bmp3:-", "-type", "Palette", "-colors", "200")]
    [InlineData("bmp3:-", "-type", "Palette", "-colors", "14")]
    [InlineData("bmp3:-", "-monochrome")]
    [InlineData("bmp3:-", "-type", "Palette", "-colors", "100", "-compress", "RLE")]
    public void Decode_FilesByImageMagick_GiveTheSameGreyAsTheirPixels(string target, params string[] arguments)
    {
        ExternalTool.Require(ExternalTool.Convert);
        var rgb = new byte[31 * 17 * 3];
        new Random(81).NextBytes(rgb);
        var file = ExternalTool.Run(ExternalTool.Convert, PngEncoder.EncodeRgb(31, 17, rgb), ["png:-", .. arguments, target]);
        var pixels = ExternalTool.Run(ExternalTool.Convert, file, "bmp:-", "-depth", "8", "rgb:-");

        var image = ImageFile.Decode(file).Image;

        Assert.Equal(pixels.Chunk(3).Select(p => TestPng.Grey(p[0], p[1], p[2])), image.Pixels.ToArray());
    }

    private static byte[] GreyPalette(int depth)
    {
        var palette = new byte[4 << depth];
        for (var i = 0; i < palette.Length; i++)
        {
            palette[i] = (byte)(i / 4);
        }

        return palette;
    }
}
