using DigitML.Pixels;
using DigitML.Preprocessing;

namespace DigitML.Reading;

/// <summary>
/// A line of writing as a strip whose digits are all of one height, level, and about the strip's middle: what a <see cref="LineNetwork"/> slides
/// along, a window at a step.
/// </summary>
internal sealed class LineStrip
{
    /// <summary>The strip's height in pixels.</summary>
    public const int Height = 32;

    /// <summary>How many of its columns a window has.</summary>
    public const int WindowWidth = 24;

    /// <summary>Columns from one window to the next: two ones side by side, with none between, take three steps.</summary>
    public const int Stride = 3;

    /// <summary>Pixels of a window.</summary>
    public const int WindowSize = Height * WindowWidth;

    /// <summary>The digits' height, so that ascending strokes and tails still have room.</summary>
    public const int DigitHeight = 20;

    /// <summary>No more columns than this: lines of hundreds of digits.</summary>
    private const int MostColumns = 16_384;

    private readonly byte[] _pixels;

    private LineStrip(byte[] pixels, int width, double left, double scale)
    {
        _pixels = pixels;
        (Width, Left, Scale) = (width, left, scale);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Where the strip begins in the picture.</summary>
    public double Left { get; }

    /// <summary>Columns of the strip to one of the picture.</summary>
    public double Scale { get; }

    /// <summary>Windows: the middle of the first is the strip's left border, that of the last near its right one.</summary>
    public int Steps => (Width / Stride) + 1;

    /// <summary>Makes one of a line that was found.</summary>
    public static LineStrip Of(TextLine line, LineMiddle middle)
    {
        var all = InkPiece.Join([.. line.Pieces]);
        var ink = all.Ink.Crop(new PixelBox(1, 1, all.Box.Width, all.Box.Height));
        return Make(ink, all.Box.X, line.DigitHeight, x => middle.At(all.Box.X + x) - all.Box.Y);
    }

    /// <summary>Makes one of ink.</summary>
    /// <param name="ink">0 the ground to 1 full ink; the darkest becomes 255.</param>
    /// <param name="left">Where it begins in the picture.</param>
    /// <param name="digitHeight">The digits' height, in its pixels.</param>
    /// <param name="middleAt">The row of the digits' middle at a column.</param>
    public static LineStrip Make(Plane ink, double left, double digitHeight, Func<double, double> middleAt)
    {
        var width = (int)Math.Clamp(Math.Round(ink.Width * DigitHeight / digitHeight), 1, MostColumns);
        var height = (int)Math.Clamp(Math.Round(ink.Height * DigitHeight / digitHeight), 1, 8 * Height);
        var small = Resampling.Area(ink, width, height);
        var (scaleX, scaleY) = (width / (double)ink.Width, height / (double)ink.Height);
        var most = Math.Max(0.01f, small.Values.Max());
        var pixels = new byte[Height * width];
        for (var x = 0; x < width; x++)
        {
            var top = (middleAt((x + 0.5) / scaleX) * scaleY) - (Height / 2.0);
            for (var y = 0; y < Height; y++)
            {
                var above = (int)Math.Floor(top + y);
                var share = (float)(top + y - above);
                var value = ((1 - share) * At(x, above)) + (share * At(x, above + 1));
                pixels[(y * width) + x] = (byte)Math.Clamp(255 * value / most, 0, 255);
            }
        }

        return new LineStrip(pixels, width, left, scaleX);

        float At(int x, int y) => y >= 0 && y < height ? small[x, y] : 0;
    }

    /// <summary>All windows, [steps, height, window's width].</summary>
    public byte[] Windows()
    {
        var windows = new byte[Steps * WindowSize];
        for (var step = 0; step < Steps; step++)
        {
            CopyWindow(step, windows.AsSpan(step * WindowSize, WindowSize));
        }

        return windows;
    }

    /// <summary>Copies one window, ground where it reaches beyond the strip.</summary>
    /// <param name="step">Which, from 0.</param>
    /// <param name="target">[height, window's width].</param>
    /// <param name="right">So many columns farther right.</param>
    /// <param name="down">So many rows farther down.</param>
    public void CopyWindow(int step, Span<byte> target, int right = 0, int down = 0)
    {
        var first = (step * Stride) - (WindowWidth / 2) + right;
        target[..WindowSize].Clear();
        var (from, to) = (Math.Clamp(-first, 0, WindowWidth), Math.Clamp(Width - first, 0, WindowWidth));
        for (var y = 0; from < to && y < Height; y++)
        {
            var row = y + down;
            if (row is >= 0 and < Height)
            {
                _pixels.AsSpan((row * Width) + first + from, to - from).CopyTo(target.Slice((y * WindowWidth) + from, to - from));
            }
        }
    }
}
