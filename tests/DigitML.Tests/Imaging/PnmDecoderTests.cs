using System.Text;
using DigitML.Imaging;

namespace DigitML.Tests.Imaging;

public class PnmDecoderTests
{
    [Theory]
    [InlineData("P1\n# a comment\n3 2\n0 1 0\n101", new byte[] { 255, 0, 255, 0, 255, 0 })]
    [InlineData("P2 3 2 255 1 2 3 4 5 6\n", new byte[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData("P2\n3#width\n2\n10\n0 1 5 9 10 #last\n 2", new byte[] { 0, 26, 128, 230, 255, 51 })]
    [InlineData("P2 3 2 65535 0 65535 32768 257 128 129", new byte[] { 0, 255, 128, 1, 0, 1 })]
    [InlineData("P3 3 2 255 255 0 0  0 255 0  0 0 255  9 9 9  0 0 0  255 255 255", new byte[] { 76, 150, 29, 9, 0, 255 })]
    [InlineData("P5 3 2 255\nabcdef", new byte[] { 97, 98, 99, 100, 101, 102 })]
    [InlineData("P5#x\r3\t2\v255 abcdefjunk behind", new byte[] { 97, 98, 99, 100, 101, 102 })]
    [InlineData("P6 3 2 255\naaabbbcccdddeeefff", new byte[] { 97, 98, 99, 100, 101, 102 })]
    [InlineData("P4 3 2\n@`", new byte[] { 255, 0, 255, 255, 0, 0 })]
    public void Decode_EveryKind_GivesItsGrey(string file, byte[] expected)
    {
        var decoded = ImageFile.Decode(Encoding.Latin1.GetBytes(file));
        Assert.Equal((3, 2, "PNM"), (decoded.Image.Width, decoded.Image.Height, decoded.Format));
        Assert.Equal(expected, decoded.Image.Pixels);
    }

    [Fact]
    public void Decode_SixteenBits_RoundsToTheNearest()
    {
        byte[] file = [.. "P5 5 1 65535\n"u8, 0, 0, 0, 128, 0, 129, 127, 255, 255, 255];
        Assert.Equal(new byte[] { 0, 0, 1, 127, 255 }, ImageFile.Decode(file).Image.Pixels);
        file = [.. "P6 1 1 1000\n"u8, 3, 232, 0, 0, 1, 244];
        Assert.Equal(TestPng.Grey(255, 0, 128), ImageFile.Decode(file).Image.Pixels[0]);
    }

    [Theory]
    [InlineData("P5 60000 60000 255\n", "60000×60000 pixels; expected at most 50,000,000")]
    [InlineData("P5 7000 7000 255\nabc", "with 3 bytes of pixels; 7000×7000 need at least 49,000,000")]
    [InlineData("P2 7000 7000 255\n1 2 3", "cut short")]
    [InlineData("P5 0 3 255\n", "0×3 pixels")]
    [InlineData("P5 3 99999999999 255\n", "height is above 1,000,000,000")]
    [InlineData("P5 3 2 0\nabcdef", "maximum 0; expected 1 to 65535")]
    [InlineData("P5 3 2 70000\nabcdef", "maximum 70000")]
    [InlineData("P5 3 2 255xabcdef", "not followed by white space")]
    [InlineData("P5 3 -2 255\nabcdef", "byte 0x2D at 5; expected a height")]
    [InlineData("P2 2 1 9\n3 10", "pixel of 10; expected at most 9")]
    [InlineData("P5 2 1 97\nab", "pixel of 98; expected at most 97")]
    [InlineData("P1 2 2\n0102", "byte 0x32 at 10; expected a pixel")]
    [InlineData("P2 2 2 255\n1 # 2 3 4 5 6 7", "ends before its pixel")]
    public void Decode_DamagedOrTooLarge_SaysHowWithoutAllocating(string file, string message)
    {
        var bytes = Encoding.Latin1.GetBytes(file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DigitException>(() => ImageFile.Decode(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("P1\n3 2\n010101")]
    [InlineData("P3 1 2 255 1 2 3 4 5 6")]
    [InlineData("P4 9 2\nabcd")]
    [InlineData("P5 3 2 255\nabcdef")]
    [InlineData("P6 1 2 300\nabcdefghijkl")]
    public void Decode_CutAtAnyByte_GivesAnError(string file)
    {
        var bytes = Encoding.Latin1.GetBytes(file);
        for (var length = 1; length < bytes.Length; length++)
        {
            Assert.Throws<DigitException>(() => ImageFile.Decode(bytes.AsMemory(0, length)));
        }
    }

    [Theory]
    [InlineData("pgm:-", 255)]
    [InlineData("ppm:-", 255)]
    [InlineData("pbm:-", 255)]
    [InlineData("pgm:-", 65_535)]
    [InlineData("ppm:-", 65_535)]
    public void Decode_FilesByImageMagick_GiveTheSameGreyAsTheirPixels(string target, int maximum)
    {
        ExternalTool.Require(ExternalTool.Convert);
        var rgb = new byte[31 * 17 * 3];
        new Random(91).NextBytes(rgb);
        foreach (var compress in new[] { "undefined", "none" })
        {
            var file = ExternalTool.Run(ExternalTool.Convert, PngEncoder.EncodeRgb(31, 17, rgb), "png:-", "-depth", maximum > 255 ? "16" : "8", "-compress", compress, target);
            var pixels = ExternalTool.Run(ExternalTool.Convert, file, target, "-depth", "16", "-endian", "MSB", "rgb:-");
            int Channel(byte[] pixel, int c) => (int)Math.Round(((pixel[2 * c] << 8) | pixel[(2 * c) + 1]) / 257.0);
            Assert.Equal(
                pixels.Chunk(6).Select(p => TestPng.Grey(Channel(p, 0), Channel(p, 1), Channel(p, 2))),
                ImageFile.Decode(file).Image.Pixels.ToArray());
        }
    }
}
