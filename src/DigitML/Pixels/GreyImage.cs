using DigitML.IO;

namespace DigitML.Pixels;

/// <summary>A grey picture: row-major from the top left, one byte a pixel, 0 black and 255 white.</summary>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Png])]
public sealed class GreyImage
{
    /// <summary>Wraps pixels; nothing is copied, so the array must not change afterwards.</summary>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">[height, width], 0 black to 255 white.</param>
    /// <exception cref="ArgumentException">The length disagrees with the size.</exception>
    public GreyImage(int width, int height, ReadOnlyMemory<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.Length != (long)width * height)
        {
            throw new ArgumentException(Invariant($"A picture of {width}×{height} needs {(long)width * height} pixels; got {pixels.Length}."), nameof(pixels));
        }

        Width = width;
        Height = height;
        Memory = pixels;
    }

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>[height, width], 0 black to 255 white.</summary>
    public ReadOnlySpan<byte> Pixels => Memory.Span;

    /// <summary>The same as <see cref="Pixels"/>, to keep.</summary>
    public ReadOnlyMemory<byte> Memory { get; }
}

/// <summary>A rectangle of whole pixels in a picture, measured from its top left corner.</summary>
/// <param name="X">The leftmost column.</param>
/// <param name="Y">The topmost row.</param>
/// <param name="Width">Columns, at least 0.</param>
/// <param name="Height">Rows, at least 0.</param>
public readonly record struct PixelBox(int X, int Y, int Width, int Height)
{
    /// <summary>The first column to the right of the box.</summary>
    public int Right => X + Width;

    /// <summary>The first row below the box.</summary>
    public int Bottom => Y + Height;

    /// <summary>How much of another box's area lies in this one, 0 to 1.</summary>
    /// <param name="other">The other box; one without area has no share.</param>
    public double ShareOf(PixelBox other)
    {
        long width = Math.Min(Right, other.Right) - Math.Max(X, other.X);
        long height = Math.Min(Bottom, other.Bottom) - Math.Max(Y, other.Y);
        return width <= 0 || height <= 0 ? 0 : width * height / ((double)other.Width * other.Height);
    }

    /// <summary>The smallest box that holds this one and another.</summary>
    /// <param name="other">The other box.</param>
    public PixelBox Union(PixelBox other)
    {
        var x = Math.Min(X, other.X);
        var y = Math.Min(Y, other.Y);
        return new PixelBox(x, y, Math.Max(Right, other.Right) - x, Math.Max(Bottom, other.Bottom) - y);
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(PixelBox), PrintMembers);
}
