using DigitML.Imaging;
using DigitML.IO;
using DigitML.Pixels;
using Microsoft.ML.Data;

namespace DigitML.MLNet;

/// <summary>From ML.NET's pictures to ours.</summary>
public static class MLImagePixels
{
    /// <summary>A picture in grey, by the weights of ITU-R BT.601, transparency laid over white.</summary>
    /// <param name="image">Any size up to 50 megapixels, Bgra32 or Rgba32. Colours are multiplied by their alpha, as ML.NET's decoder gives them.</param>
    /// <exception cref="DigitException">The picture has another pixel format or too many pixels.</exception>
    public static GreyImage ToGrey(this MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (width, height) = (image.Width, image.Height);
        ImageLimits.Default.Check("MLImage", width, height);
        var (red, blue) = image.PixelFormat switch
        {
            MLPixelFormat.Bgra32 => (2, 0),
            MLPixelFormat.Rgba32 => (0, 2),
            _ => throw new DigitException($"Expected an image of Bgra32 or Rgba32 pixels but it is {image.PixelFormat}."),
        };
        var pixels = image.Pixels;
        var grey = new byte[width * height];
        for (var i = 0; i < grey.Length; i++)
        {
            var pixel = pixels.Slice(i * 4, 4);
            grey[i] = (byte)Math.Min(255, Luma.FromRgb(pixel[red], pixel[1], pixel[blue]) + 255 - pixel[3]);
        }

        return new GreyImage(width, height, grey);
    }
}
