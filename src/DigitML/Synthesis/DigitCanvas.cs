using DigitML.Pixels;

namespace DigitML.Synthesis;

/// <summary>Draws labelled digits at random from a set.</summary>
/// <param name="count">Digits of the set, at least 1.</param>
/// <param name="digitAt">The digit at a place: [28, 28] as MNIST has it, and its label.</param>
/// <param name="random">The random numbers.</param>
internal sealed class DigitSource(int count, Func<int, (byte[] Pixels, int Label)> digitAt, SeededRandom random)
{
    /// <summary>The random numbers.</summary>
    public SeededRandom Random => random;

    /// <summary>A digit's pixels and label.</summary>
    /// <param name="wanted">Which digit, of those that the set has; null for any.</param>
    public (byte[] Pixels, int Label) Next(int? wanted = null)
    {
        while (true)
        {
            var (pixels, label) = digitAt(random.Next(count));
            if (wanted is null || label == wanted)
            {
                return (pixels, label);
            }
        }
    }
}

/// <summary>A made picture of one digit, with where it stands.</summary>
/// <param name="Picture">0 black to 1 white.</param>
/// <param name="Label">The digit.</param>
/// <param name="Box">The tight box around its ink.</param>
/// <param name="IsLightOnDark">Whether the ink is lighter than its ground.</param>
internal sealed record Scene(Plane Picture, int Label, PixelBox Box, bool IsLightOnDark);

/// <summary>A digit to make a picture of, random numbers, and the truth about where it was put.</summary>
internal sealed class DigitCanvas(byte[] digit, SeededRandom random, int mostSide)
{
    /// <summary>[28, 28] as MNIST has it.</summary>
    public byte[] Digit => digit;

    /// <summary>The random numbers.</summary>
    public SeededRandom Random => random;

    /// <summary>The digit's ink, 0 to 1, on a canvas that the whole picture shows.</summary>
    public Plane? Coverage { get; set; }

    /// <summary>Whether the picture's ink is lighter than its ground.</summary>
    public bool IsLightOnDark { get; set; }

    /// <summary>A random longer side of a picture.</summary>
    public int Side(float least, float most) => (int)random.LogBetween(least, Math.Max(least + 1, Math.Min(most, mostSide)));

    /// <summary>Puts the digit somewhere on a canvas.</summary>
    /// <param name="pen">How it is written.</param>
    /// <param name="width">The canvas's.</param>
    /// <param name="height">The canvas's.</param>
    /// <param name="share">The digit's longer side as a share of the canvas's shorter one.</param>
    public Plane Place(Pen pen, int width, int height, float share)
    {
        var placed = Place(digit, pen, width, height, share, random);
        Coverage = new Plane(width, height, (float[])placed.Values.Clone());
        return placed;
    }

    /// <inheritdoc cref="Place(Pen, int, int, float)"/>
    public static Plane Place(byte[] digit, Pen pen, int width, int height, float share, SeededRandom random)
    {
        var canvas = new Plane(width, height);
        var shape = pen.Write(digit, random);
        var inkHeight = share * Math.Min(width, height) / Math.Max(shape.AspectRatio, 1);
        var inkWidth = inkHeight * shape.AspectRatio;
        shape.Draw(canvas, random.NextSingle() * (width - inkWidth), random.NextSingle() * (height - inkHeight), inkHeight);
        return canvas;
    }

    /// <summary>The tight box around the digit in a picture of what the canvas shows, whatever its size.</summary>
    public PixelBox BoxIn(Plane picture)
    {
        if (Coverage?.BoxAbove(0.2f) is not { } box)
        {
            return new PixelBox(0, 0, picture.Width, picture.Height);
        }

        var scaleX = picture.Width / (double)Coverage.Width;
        var scaleY = picture.Height / (double)Coverage.Height;
        var (left, top) = ((int)(box.X * scaleX), (int)(box.Y * scaleY));
        return new PixelBox(left, top, (int)Math.Ceiling(box.Right * scaleX) - left, (int)Math.Ceiling(box.Bottom * scaleY) - top);
    }
}
