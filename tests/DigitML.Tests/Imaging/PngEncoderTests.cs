using DigitML.Imaging;
using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.Tests.Imaging;

public class PngEncoderTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(37, 1)]
    [InlineData(1, 23)]
    [InlineData(61, 43)]
    public void Encode_AnySize_DecodesToTheSamePixels(int width, int height)
    {
        var image = Picture(width, height, 31);
        Assert.Equal(image.Pixels, ImageFile.Decode(PngEncoder.Encode(image)).Image.Pixels);
    }

    [Fact]
    public void Encode_SamePicture_GivesTheSameBytes()
    {
        Assert.Equal(PngEncoder.Encode(Picture(41, 17, 32)), PngEncoder.Encode(Picture(41, 17, 32)));
    }

    [Fact]
    public void Encode_SmoothPicture_IsMuchSmallerThanItsPixels()
    {
        var pixels = new byte[211 * 97];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)((i % 211) + (i / 211));
        }

        Assert.InRange(PngEncoder.Encode(new GreyImage(211, 97, pixels)).Length, 1, 1000);
    }

    [Fact]
    public void Encode_GreyAndRgb_ReadByImageMagickAsTheSamePixels()
    {
        ExternalTool.Require(ExternalTool.Convert);
        var image = Picture(53, 31, 33);
        Assert.Equal(image.Pixels, ExternalTool.Run(ExternalTool.Convert, PngEncoder.Encode(image), "png:-", "-depth", "8", "gray:-"));
        var rgb = new byte[3 * 19 * 7];
        new Random(34).NextBytes(rgb);
        Assert.Equal(rgb, ExternalTool.Run(ExternalTool.Convert, PngEncoder.EncodeRgb(19, 7, rgb), "png:-", "-depth", "8", "rgb:-"));
    }

    [Fact]
    public void EncodeRgb_LengthOfAnotherSize_NamesBoth()
    {
        Assert.Contains("5×3 needs 45 bytes; got 44", Assert.Throws<ArgumentException>(() => PngEncoder.EncodeRgb(5, 3, new byte[44])).Message);
    }

    [Fact]
    public void Save_OverAnExistingFile_LeavesTheNewOneAlone()
    {
        var folder = Directory.CreateTempSubdirectory("digitml-png-");
        try
        {
            var path = Path.Combine(folder.FullName, "picture.txt");
            File.WriteAllText(path, "old");
            var image = Picture(11, 13, 35);
            PngEncoder.Save(path, image);
            Assert.Equal(image.Pixels, ImageFile.Load(path).Image.Pixels);
            Assert.Single(folder.GetFiles());
            var error = Assert.Throws<DigitException>(() => PngEncoder.Save(Path.Combine(folder.FullName, "none", "x.png"), image));
            Assert.Contains("cannot be written", error.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static GreyImage Picture(int width, int height, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[width * height];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)((i % width * 2) + (i / width * 5) + random.Next(9));
        }

        return new GreyImage(width, height, pixels);
    }
}
