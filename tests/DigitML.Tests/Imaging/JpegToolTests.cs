using System.Globalization;
using System.Text;
using DigitML.Imaging;
using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.Tests.Imaging;

/// <summary>Holds the JPEG decoder against libjpeg-turbo on files that its own tools made.</summary>
public class JpegToolTests
{
    // The bound that users are promised; the transform itself differs by 1 at most.
    private const int Tolerance = 2;

    [Theory]
    [InlineData(45, 31, "-quality", "75")]
    [InlineData(45, 31, "-quality", "5")]
    [InlineData(45, 31, "-quality", "100", "-sample", "1x1")]
    [InlineData(16, 16, "-quality", "90", "-sample", "2x1")]
    [InlineData(33, 17, "-quality", "90", "-sample", "1x2")]
    [InlineData(1, 1, "-quality", "90")]
    [InlineData(1, 67, "-quality", "60")]
    [InlineData(67, 1, "-quality", "60", "-progressive")]
    [InlineData(61, 43, "-quality", "85", "-progressive")]
    [InlineData(61, 43, "-quality", "20", "-progressive", "-sample", "1x1")]
    [InlineData(200, 133, "-quality", "97", "-progressive", "-restart", "3B")]
    [InlineData(61, 43, "-quality", "85", "-restart", "1B")]
    [InlineData(61, 43, "-quality", "85", "-restart", "1")]
    [InlineData(61, 43, "-quality", "85", "-optimize", "-sample", "4x1")]
    [InlineData(61, 43, "-quality", "85", "-sample", "4x2")]
    [InlineData(61, 43, "-quality", "85", "-sample", "2x2,2x1,1x2")]
    [InlineData(61, 43, "-quality", "85", "-grayscale")]
    [InlineData(61, 43, "-quality", "85", "-grayscale", "-progressive")]
    [InlineData(61, 43, "-quality", "85", "-rgb")]
    [InlineData(61, 43, "-quality", "85", "-rgb", "-progressive")]
    [InlineData(61, 43, "-quality", "1", "-qslots", "0,1,1")]
    public void Decode_FilesByCjpeg_IsWithin2OfDjpeg(int width, int height, params string[] arguments)
    {
        ExternalTool.Require(ExternalTool.Cjpeg, ExternalTool.Djpeg);
        AssertAsDjpeg(ExternalTool.Run(ExternalTool.Cjpeg, Photo(width, height, 3000 + width), arguments), 1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Decode_Reduced_IsWithin2OfDjpegsScale(int divisor)
    {
        ExternalTool.Require(ExternalTool.Cjpeg, ExternalTool.Djpeg);
        AssertAsDjpeg(ExternalTool.Run(ExternalTool.Cjpeg, Photo(203, 149, 3100), "-quality", "88"), divisor);
        AssertAsDjpeg(ExternalTool.Run(ExternalTool.Cjpeg, Photo(203, 149, 3101), "-quality", "88", "-progressive"), divisor);
    }

    [Theory]
    [InlineData("-rotate", "90", "-trim")]
    [InlineData("-crop", "37x23+16+8")]
    [InlineData("-progressive")]
    [InlineData("-grayscale")]
    [InlineData("-restart", "2")]
    public void Decode_FilesByJpegtran_IsWithin2OfDjpeg(params string[] arguments)
    {
        ExternalTool.Require(ExternalTool.Cjpeg, ExternalTool.Djpeg, ExternalTool.JpegTran);
        var file = ExternalTool.Run(ExternalTool.Cjpeg, Photo(77, 59, 3200), "-quality", "80");
        AssertAsDjpeg(ExternalTool.Run(ExternalTool.JpegTran, file, arguments), 1);
    }

    [Fact]
    public void Decode_ArithmeticAndCmyk_AreRefusedByName()
    {
        ExternalTool.Require(ExternalTool.Cjpeg, ExternalTool.Convert);
        var arithmetic = ExternalTool.Run(ExternalTool.Cjpeg, Photo(21, 15, 3300), "-arithmetic");
        Assert.Contains("arithmetic coding, which is not read", Assert.Throws<DigitException>(() => ImageFile.Decode(arithmetic)).Message);
        var cmyk = ExternalTool.Run(ExternalTool.Convert, Photo(21, 15, 3300), "ppm:-", "-colorspace", "CMYK", "jpeg:-");
        Assert.Contains("CMYK", Assert.Throws<DigitException>(() => ImageFile.Decode(cmyk)).Message);
    }

    [Fact]
    public void Decode_GreyByImageMagick_IsWithin2OfItsPixels()
    {
        ExternalTool.Require(ExternalTool.Convert);
        var file = ExternalTool.Run(ExternalTool.Convert, Photo(83, 57, 3400), "ppm:-", "-colorspace", "Gray", "-quality", "70", "jpeg:-");
        var expected = ExternalTool.Run(ExternalTool.Convert, file, "jpeg:-", "-depth", "8", "gray:-");
        AssertWithin(expected, ImageFile.Decode(file).Image.Pixels.ToArray());
    }

    private static void AssertAsDjpeg(byte[] file, int divisor)
    {
        var expected = FromPgm(ExternalTool.Run(ExternalTool.Djpeg, file, "-grayscale", "-pnm", "-scale", $"1/{divisor}"));
        var options = new DecodeOptions { TargetSide = divisor == 1 ? 0 : Math.Max(expected.Width, expected.Height) };
        var actual = ImageFile.Decode(file, options).Image;
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        AssertWithin(expected.Pixels.ToArray(), actual.Pixels.ToArray());
    }

    // "P5", width, height and 255, each with white space behind, then the pixels.
    private static GreyImage FromPgm(byte[] file)
    {
        var header = Encoding.ASCII.GetString(file, 0, Math.Min(file.Length, 40)).Split((char[])['\n', ' '], 5);
        int width = int.Parse(header[1], CultureInfo.InvariantCulture), height = int.Parse(header[2], CultureInfo.InvariantCulture);
        Assert.Equal(("P5", "255"), (header[0], header[3]));
        return new GreyImage(width, height, file.AsMemory(file.Length - (width * height)));
    }

    private static void AssertWithin(byte[] expected, byte[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 0, Tolerance);
    }

    // Shading, strokes and noise in colour, as a PPM.
    private static byte[] Photo(int width, int height, int seed)
    {
        var random = new Random(seed);
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = (i % width, i / width);
            var ink = Math.Abs(((x * 7) + (y * 3)) % 41) < 5;
            for (var c = 0; c < 3; c++)
            {
                rgb[(3 * i) + c] = (byte)Math.Clamp((ink ? 40 : 200) + (x / 3) - (y / 2) + (c * 9) + random.Next(-12, 13), 0, 255);
            }
        }

        return [.. System.Text.Encoding.ASCII.GetBytes($"P6 {width} {height} 255\n"), .. rgb];
    }
}
