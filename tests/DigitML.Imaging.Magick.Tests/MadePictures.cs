using ImageMagick;
using ImageMagick.Drawing;

namespace DigitML.Imaging.Magick.Tests;

/// <summary>Pictures made for the tests.</summary>
internal static class MadePictures
{
    /// <summary>A light ground with a dark stroke near its upper left corner, so that turning it shows.</summary>
    public static MagickImage Stroke(int width = 60, int height = 40)
    {
        var image = new MagickImage(MagickColors.White, (uint)width, (uint)height);
        new Drawables().FillColor(new MagickColor("#203060")).Rectangle(4, 3, 12, 20).Draw(image);
        return image;
    }

    /// <summary>Colours at random.</summary>
    public static MagickImage Noise(int width, int height, int seed, bool hasAlpha)
    {
        var bytes = new byte[width * height * 4];
        new Random(seed).NextBytes(bytes);
        for (var i = 3; i < bytes.Length && !hasAlpha; i += 4)
        {
            bytes[i] = 255;
        }

        return new MagickImage(bytes, new PixelReadSettings((uint)width, (uint)height, StorageType.Char, PixelMapping.RGBA));
    }
}
