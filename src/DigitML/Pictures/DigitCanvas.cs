using DigitML.Preprocessing;

namespace DigitML.Pictures;

/// <summary>A digit to make a picture of, all chance, and the truth about where it was put.</summary>
internal sealed class DigitCanvas(byte[] digit, Random random, int mostSide)
{
    /// <summary>[28, 28] as MNIST has it.</summary>
    public byte[] Digit => digit;

    /// <summary>All chance.</summary>
    public Random Random => random;

    /// <summary>The digit's ink, 0 to 1, on a canvas that the whole picture shows.</summary>
    public Plane? Cover { get; set; }

    /// <summary>Whether the picture's ink is lighter than its ground.</summary>
    public bool IsLightOnDark { get; set; }

    /// <summary>A picture's longer side by chance.</summary>
    public int Side(float least, float most) => (int)random.Scale(least, Math.Max(least + 1, Math.Min(most, mostSide)));

    /// <summary>Puts the digit somewhere on a canvas.</summary>
    /// <param name="pen">How it is written.</param>
    /// <param name="width">The canvas's.</param>
    /// <param name="height">The canvas's.</param>
    /// <param name="share">The digit's longer side as a share of the canvas's shorter one.</param>
    public Plane Place(Pen pen, int width, int height, float share)
    {
        var placed = Place(digit, pen, width, height, share, random);
        Cover = new Plane(width, height, (float[])placed.Values.Clone());
        return placed;
    }

    /// <inheritdoc cref="Place(Pen, int, int, float)"/>
    public static Plane Place(byte[] digit, Pen pen, int width, int height, float share, Random random)
    {
        var canvas = new Plane(width, height);
        var shape = pen.Write(digit, random);
        var longer = share * Math.Min(width, height);
        var inkHeight = longer * shape.Box.Height / Math.Max(shape.Box.Width, shape.Box.Height);
        var inkWidth = inkHeight * shape.Box.Width / shape.Box.Height;
        shape.Draw(canvas, random.NextSingle() * (width - inkWidth), random.NextSingle() * (height - inkHeight), inkHeight);
        return canvas;
    }

    /// <summary>The tight box around the digit in a picture of what the canvas shows, whatever its size.</summary>
    public PixelBox BoxIn(Plane picture)
    {
        if (Cover?.BoxAbove(0.2f) is not { } box)
        {
            return new PixelBox(0, 0, picture.Width, picture.Height);
        }

        var scaleX = picture.Width / (double)Cover.Width;
        var scaleY = picture.Height / (double)Cover.Height;
        var (left, top) = ((int)(box.X * scaleX), (int)(box.Y * scaleY));
        return new PixelBox(left, top, (int)Math.Ceiling(box.Right * scaleX) - left, (int)Math.Ceiling(box.Bottom * scaleY) - top);
    }
}
