using DigitML.Pixels;

namespace DigitML.Imaging;

/// <summary>Turns pictures upright, as EXIF 2.3's tag 0x0112 asks.</summary>
internal static class Orientation
{
    /// <summary>The orientation that asks for nothing.</summary>
    public const int Upright = 1;

    /// <summary>Whether width and height change places.</summary>
    /// <param name="orientation">1 to 8.</param>
    public static bool SwapsSides(int orientation) => orientation >= 5;

    /// <summary>The picture as it is to be seen; the same object when nothing is to be done.</summary>
    /// <param name="image">The picture as stored.</param>
    /// <param name="orientation">1 to 8.</param>
    public static GreyImage Apply(GreyImage image, int orientation)
    {
        if (orientation == Upright)
        {
            return image;
        }

        var (width, height) = SwapsSides(orientation) ? (image.Height, image.Width) : (image.Width, image.Height);
        var source = image.Pixels;
        var pixels = new byte[source.Length];

        // Where the upright picture's first pixel is stored, and how far apart its neighbours are.
        var right = image.Width - 1;
        var bottom = (image.Height - 1) * image.Width;
        var (start, stepX, stepY) = orientation switch
        {
            2 => (right, -1, image.Width),
            3 => (right + bottom, -1, -image.Width),
            4 => (bottom, 1, -image.Width),
            5 => (0, image.Width, 1),
            6 => (bottom, -image.Width, 1),
            7 => (right + bottom, -image.Width, -1),
            _ => (right, image.Width, -1),
        };

        // Tiles keep the strided side within the cache.
        const int Tile = 32;
        for (var top = 0; top < height; top += Tile)
        {
            for (var left = 0; left < width; left += Tile)
            {
                for (var y = top; y < Math.Min(top + Tile, height); y++)
                {
                    var row = pixels.AsSpan(y * width, width);
                    var from = start + (y * stepY) + (left * stepX);
                    for (var x = left; x < Math.Min(left + Tile, width); x++)
                    {
                        row[x] = source[from];
                        from += stepX;
                    }
                }
            }
        }

        return new GreyImage(width, height, pixels);
    }
}
