namespace DigitML.Preprocessing;

/// <summary>
/// Finds ruled lines, grids and the sides of boxes in a mask and takes them out: long, thin, straight, nearly level or upright.
/// Where a stroke crosses a line the line is thick, and stays, so that strokes are not cut.
/// </summary>
internal static class LineRemover
{
    /// <summary>Lines are at most this share of the shorter side thick, and at most <see cref="MostThickness"/>.</summary>
    private const double ThicknessShare = 0.045;

    private const int MostThickness = 12;

    /// <summary>A line that reaches over this share of the picture is one wherever it lies.</summary>
    private const double LongShare = 0.62;

    /// <summary>One that lies within <see cref="MarginShare"/> of the border needs this share only: a box may be cut off.</summary>
    private const double MarginalShare = 0.4;

    private const double MarginShare = 0.2;

    /// <summary>Rise over run up to which a line counts as level: seven degrees.</summary>
    private const double MostSlope = 0.12;

    /// <summary>Takes lines out of the ink.</summary>
    /// <param name="ink">Left as it is.</param>
    /// <param name="uprightShare">The share of the height that upright lines must reach; higher where digits are nearly as tall as the picture.</param>
    /// <returns>The ink without lines and how many lines there were; null when there are none.</returns>
    public static (InkMap Ink, int Lines)? Remove(InkMap ink, double uprightShare = LongShare)
    {
        var (width, height) = (ink.Width, ink.Height);
        var most = Math.Clamp((int)Math.Round(ThicknessShare * Math.Min(width, height)), 2, MostThickness);
        var mask = (bool[])ink.Mask.Clone();
        var (level, levelCount) = Mark(ink.Mask, width, height, most, LongShare);
        var (turned, uprightCount) = Mark(Transpose(ink.Mask, width, height), height, width, most, uprightShare);
        var upright = Transpose(turned, height, width);
        var removed = 0;
        for (var i = 0; i < mask.Length; i++)
        {
            if (level[i] || upright[i])
            {
                mask[i] = false;
                removed++;
            }
        }

        if (removed == 0)
        {
            return null;
        }

        var kept = new InkMap
        {
            Source = ink.Source,
            Mask = mask,
            Ink = Keep(ink, mask),
            Level = ink.Level,
            Threshold = ink.Threshold,
        };
        return (kept, levelCount + uprightCount);
    }

    /// <summary>The ink on a mask and its seam, but for what was taken out.</summary>
    private static Plane Keep(InkMap ink, bool[] mask)
    {
        var kept = new Plane(ink.Width, ink.Height);
        for (var y = 0; y < ink.Height; y++)
        {
            for (var x = 0; x < ink.Width; x++)
            {
                var i = (y * ink.Width) + x;
                if (mask[i] || (!ink.Mask[i] && ink.Ink.Values[i] > 0 && Masks.HasBeside(mask, ink.Width, ink.Height, x, y)))
                {
                    kept.Values[i] = ink.Ink.Values[i];
                }
            }
        }

        return kept;
    }

    /// <summary>Marks the pixels of level lines.</summary>
    private static (bool[] Marked, int Lines) Mark(bool[] mask, int width, int height, int most, double longShare)
    {
        var runs = UprightRuns(mask, width, height);
        var thin = new bool[mask.Length];
        for (var i = 0; i < mask.Length; i++)
        {
            thin[i] = mask[i] && runs[i] <= most;
        }

        var marked = new bool[mask.Length];
        var lines = 0;
        var pieces = LinePiece.Find(thin, width, height, most);
        foreach (var line in LinePiece.Chain(pieces, most))
        {
            var isMarginal = Math.Min(line.At(width / 2f), height - 1 - line.At(width / 2f)) < MarginShare * height;
            if (Math.Abs(line.Slope) > MostSlope || line.Extent < (isMarginal ? MarginalShare : longShare) * width || line.Covered < 0.5 * line.Extent)
            {
                continue;
            }

            Trace(line, thin, runs, marked, width, height);
            lines++;
        }

        return (marked, lines);
    }

    private static void Trace(LinePiece line, bool[] thin, int[] runs, bool[] marked, int width, int height)
    {
        var reach = (line.Thickness / 2f) + 1.5f + (0.003f * width);
        for (var x = Math.Max(0, line.Left - 2); x < Math.Min(width, line.Right + 3); x++)
        {
            var centre = line.At(x);
            for (var y = Math.Max(0, (int)(centre - reach)); y <= Math.Min(height - 1, (int)Math.Ceiling(centre + reach)); y++)
            {
                var i = (y * width) + x;
                if (thin[i] && runs[i] <= line.Thickness + 2)
                {
                    marked[i] = true;
                }
            }
        }
    }

    /// <summary>For every pixel of the mask the length of the upright run that it is part of.</summary>
    private static int[] UprightRuns(bool[] mask, int width, int height)
    {
        var runs = new int[mask.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var i = (y * width) + x;
                runs[i] = !mask[i] ? 0 : y == 0 ? 1 : runs[i - width] + 1;
            }
        }

        for (var i = mask.Length - width - 1; i >= 0; i--)
        {
            if (mask[i] && mask[i + width])
            {
                runs[i] = runs[i + width];
            }
        }

        return runs;
    }

    private static bool[] Transpose(bool[] mask, int width, int height)
    {
        var turned = new bool[mask.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                turned[(x * height) + y] = mask[(y * width) + x];
            }
        }

        return turned;
    }
}
