namespace DigitML.Pixels;

/// <summary>Values between pixel centres, by bilinear interpolation. Places are pixel indices: (0, 0) is the centre of the first pixel.</summary>
internal static class Bilinear
{
    /// <summary>The value at a place; the border repeats outside.</summary>
    /// <param name="plane">At least 2 pixels wide and high.</param>
    /// <param name="x">Column.</param>
    /// <param name="y">Row.</param>
    public static float Repeated(Plane plane, float x, float y)
    {
        x = Math.Clamp(x, 0f, plane.Width - 1);
        y = Math.Clamp(y, 0f, plane.Height - 1);
        var column = Math.Min((int)x, plane.Width - 2);
        var row = Math.Min((int)y, plane.Height - 2);
        return Blend(plane.Values, (row * plane.Width) + column, plane.Width, x - column, y - row);
    }

    /// <summary>The value at a place; 0 outside.</summary>
    /// <param name="values">[values / width, width].</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="x">Column.</param>
    /// <param name="y">Row.</param>
    public static float Bounded(ReadOnlySpan<float> values, int width, float x, float y)
    {
        var height = values.Length / width;
        var column = (int)MathF.Floor(x);
        var row = (int)MathF.Floor(y);
        if ((uint)column < (uint)(width - 1) && (uint)row < (uint)(height - 1))
        {
            return Blend(values, (row * width) + column, width, x - column, y - row);
        }

        if (column < -1 || row < -1 || column >= width || row >= height)
        {
            return 0f;
        }

        ReadOnlySpan<float> corners =
        [
            column >= 0 && row >= 0 ? values[(row * width) + column] : 0f,
            column < width - 1 && row >= 0 ? values[(row * width) + column + 1] : 0f,
            column >= 0 && row < height - 1 ? values[((row + 1) * width) + column] : 0f,
            column < width - 1 && row < height - 1 ? values[((row + 1) * width) + column + 1] : 0f,
        ];
        return Blend(corners, 0, 2, x - column, y - row);
    }

    /// <summary>Blends a pixel with the next ones to the right and below.</summary>
    /// <param name="values">Rows of pixels.</param>
    /// <param name="first">The pixel at the top left.</param>
    /// <param name="stride">Pixels a row.</param>
    /// <param name="right">Share of the right column, 0 to 1.</param>
    /// <param name="down">Share of the lower row, 0 to 1.</param>
    public static float Blend(ReadOnlySpan<float> values, int first, int stride, float right, float down)
    {
        var above = (values[first] * (1f - right)) + (values[first + 1] * right);
        var below = (values[first + stride] * (1f - right)) + (values[first + stride + 1] * right);
        return (above * (1f - down)) + (below * down);
    }

    /// <summary>Grows a picture by interpolating between its pixels' centres; a picture of the size already is itself.</summary>
    public static Plane Stretch(Plane small, int width, int height)
    {
        if (small.Width == width && small.Height == height)
        {
            return small;
        }

        var result = new Plane(width, height);
        var columns = new int[width];
        var shares = new float[width];
        for (var x = 0; x < width; x++)
        {
            (columns[x], shares[x]) = Between(x, width, small.Width);
        }

        for (var y = 0; y < height; y++)
        {
            var (line, share) = Between(y, height, small.Height);
            var above = small.Row(line);
            var below = small.Row(Math.Min(line + 1, small.Height - 1));
            var target = result.Row(y);
            for (var x = 0; x < width; x++)
            {
                var left = columns[x];
                var right = Math.Min(left + 1, small.Width - 1);
                var upper = above[left] + (shares[x] * (above[right] - above[left]));
                var lower = below[left] + (shares[x] * (below[right] - below[left]));
                target[x] = upper + (share * (lower - upper));
            }
        }

        return result;
    }

    private static (int First, float Share) Between(int target, int targets, int sources)
    {
        var position = Math.Clamp(((target + 0.5f) * sources / targets) - 0.5f, 0, sources - 1);
        return ((int)position, position - (int)position);
    }
}
