using DigitML.Pixels;

namespace DigitML.Tests.Reading;

/// <summary>
/// Digits of straight strokes and arcs as people draw them on a pad, with a pen that is as broad everywhere: the bars of 7, 5, 2, 4
/// and 1 are level, and of every length.
/// </summary>
internal static class PadDigits
{
    /// <summary>The digits that have level bars.</summary>
    public static ReadOnlySpan<int> Barred => [7, 5, 2, 4, 1];

    /// <summary>Draws a digit, black on white.</summary>
    public static GreyImage Draw(int digit, Random random)
    {
        var (width, height) = random.Next(2) == 0 ? (560, 400) : (280, 280);
        var tall = Between(random, 0.45, 0.85) * height;
        var broad = Math.Min(Between(random, 0.55, 1.25) * tall, 0.86 * width);
        broad = digit == 1 ? Math.Min(Between(random, 0.35, 0.8) * tall, 0.86 * width) : broad;
        var left = Between(random, 0.05, 0.95 - (broad / width)) * width;
        var top = Between(random, 0.06, 0.94 - (tall / height)) * height;
        var pen = Between(random, 0.008, 0.035) * Math.Max(tall, broad);
        var strokes = Strokes(digit, random).Select(stroke => stroke.Select(point => (left + (point.X * broad), top + (point.Y * tall))).ToArray());
        return Draw(width, height, strokes, Math.Max(1, pen));
    }

    /// <summary>Draws strokes, black on white, edges a pixel soft.</summary>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="strokes">The points of each.</param>
    /// <param name="pen">Half the width of the pen, in pixels.</param>
    public static GreyImage Draw(int width, int height, IEnumerable<(double X, double Y)[]> strokes, double pen)
    {
        var pixels = new byte[width * height];
        pixels.AsSpan().Fill(255);
        foreach (var stroke in strokes)
        {
            foreach (var (from, to) in stroke.Zip(stroke.Skip(1)))
            {
                DrawSegment(pixels, width, height, from, to, pen);
            }
        }

        return new GreyImage(width, height, pixels);
    }

    private static List<(double X, double Y)[]> Strokes(int digit, Random random)
    {
        switch (digit)
        {
            case 7:
                (double X, double Y) foot = (Between(random, 0.2, 0.5), 1);
                List<(double X, double Y)[]> seven = [[(0, 0), (1, 0), foot]];
                if (random.Next(3) == 0)
                {
                    var across = Between(random, 0.45, 0.55);
                    var middle = 1 + ((foot.X - 1) * across);
                    seven.Add([(middle - 0.25, across), (middle + 0.25, across)]);
                }

                return seven;
            case 5:
                var waist = Between(random, 0.38, 0.48);
                var side = Between(random, 0, 0.15);
                return [[(Between(random, 0.85, 1), 0), (side, 0), (side, waist), .. Arc(side, waist, 1, (1 + waist) / 2, 0, 1, 1.25)]];
            case 2:
                var shoulder = Between(random, 0.25, 0.38);
                return [[.. Arc(0, Between(random, 0.15, 0.3), 0.5, 0, 1, shoulder, 1.1), (0, 1), (1, 1)]];
            case 4:
                var bar = Between(random, 0.58, 0.7);
                var stem = Between(random, 0.62, 0.75);
                return [[(Between(random, 0.4, stem - 0.05), 0), (0, bar), (1, bar)], [(stem, Between(random, 0, 0.3)), (stem, 1)]];
            default:
                var upright = Between(random, 0.45, 0.55);
                return [[(upright - Between(random, 0.25, 0.4), Between(random, 0.18, 0.28)), (upright, 0), (upright, 1)], [(0, 1), (1, 1)]];
        }
    }

    /// <summary>From one point by way of another to a third: a quadratic curve whose middle is drawn out by a factor.</summary>
    private static IEnumerable<(double X, double Y)> Arc(double x0, double y0, double x1, double y1, double x2, double y2, double factor)
    {
        var (cx, cy) = ((2 * x1) - ((x0 + x2) / 2), (2 * y1) - ((y0 + y2) / 2));
        (cx, cy) = (((x0 + x2) / 2) + ((cx - ((x0 + x2) / 2)) * factor / 1.25), ((y0 + y2) / 2) + ((cy - ((y0 + y2) / 2)) * factor / 1.25));
        for (var i = 0; i <= 16; i++)
        {
            var t = i / 16.0;
            yield return (((1 - t) * (1 - t) * x0) + (2 * t * (1 - t) * cx) + (t * t * x2), ((1 - t) * (1 - t) * y0) + (2 * t * (1 - t) * cy) + (t * t * y2));
        }
    }

    private static void DrawSegment(byte[] pixels, int width, int height, (double X, double Y) from, (double X, double Y) to, double pen)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var squared = Math.Max(1e-9, (dx * dx) + (dy * dy));
        for (var y = Math.Max(0, (int)(Math.Min(from.Y, to.Y) - pen - 1)); y <= Math.Min(height - 1, (int)(Math.Max(from.Y, to.Y) + pen + 2)); y++)
        {
            for (var x = Math.Max(0, (int)(Math.Min(from.X, to.X) - pen - 1)); x <= Math.Min(width - 1, (int)(Math.Max(from.X, to.X) + pen + 2)); x++)
            {
                var along = Math.Clamp((((x - from.X) * dx) + ((y - from.Y) * dy)) / squared, 0, 1);
                var (px, py) = (x - from.X - (along * dx), y - from.Y - (along * dy));
                var share = Math.Clamp(pen + 0.5 - Math.Sqrt((px * px) + (py * py)), 0, 1);
                pixels[(y * width) + x] = Math.Min(pixels[(y * width) + x], (byte)Math.Round(255 * (1 - share)));
            }
        }
    }

    private static double Between(Random random, double least, double most) => least + (random.NextDouble() * (most - least));
}
