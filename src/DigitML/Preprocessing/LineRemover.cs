using DigitML.Pixels;

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

    /// <summary>Upright lines of pages are as tall as the page: a one is not.</summary>
    private const double PageShare = 0.92;

    /// <summary>However a line is broken, one of its pieces reaches over this share of the picture.</summary>
    private const double PieceShare = 0.1;

    /// <summary>Rise over run up to which a line counts as level: seven degrees.</summary>
    private const double MostSlope = 0.12;

    /// <summary>A line that ends this near the border, as a share of the picture, reaches it.</summary>
    private const double BorderSlack = 0.02;

    /// <summary>The sides of a box around a digit lie this near the border, as a share of the picture.</summary>
    private const double BoxMargin = 0.12;

    /// <summary>So many lines are ruled wherever they end.</summary>
    private const int ManyLines = 3;

    /// <summary>Walls begin and end on one height to within this share of theirs, and are this many times as tall as digits; lower things than the last share are none.</summary>
    private const double WallSlack = 0.08;

    private const double WallHeight = 1.15;

    private const double LeastWritten = 0.3;

    /// <summary>Takes lines out of the ink.</summary>
    /// <param name="ink">Left as it is.</param>
    /// <param name="isPage">Whether digits may be nearly as tall as the picture and stand at its border: upright lines then span all of it, or run from one level line to another.</param>
    /// <param name="isWanted">Whether what lies in a box is known to be ink of a digit, however straight; null where nothing is known.</param>
    /// <returns>The ink without lines, and what they were; null when there are none.</returns>
    public static RemovedLines? Remove(InkMap ink, bool isPage, Predicate<PixelBox>? isWanted = null)
    {
        var (width, height) = (ink.Width, ink.Height);
        if (!ink.Components.All.Any(component => component.Box.Width >= PieceShare * width || component.Box.Height >= PieceShare * height))
        {
            return null;
        }

        var most = Math.Clamp((int)Math.Round(ThicknessShare * Math.Min(width, height)), 2, MostThickness);
        var mask = (bool[])ink.Mask.Clone();
        var levelLines = Lines(ink.Mask, width, height, most).FindAll(line => IsLong(line, width, height));
        var turned = Transpose(ink.Mask, width, height);
        var straight = Lines(turned, height, width, most);
        var uprightLines = straight.FindAll(line => (isPage ? line.Extent >= PageShare * height : IsLong(line, height, width)) || IsHeld(line, levelLines, width, height));
        if (isPage)
        {
            uprightLines = [.. uprightLines.Union(Walls(straight, ink, most))];
        }

        levelLines.RemoveAll(line => isWanted?.Invoke(line.Box) == true);
        uprightLines.RemoveAll(line => isWanted?.Invoke(Turn(line.Box)) == true);
        var level = Trace(levelLines, ink.Mask, width, height, most);
        var upright = Transpose(Trace(uprightLines, turned, height, width, most), height, width);
        Crossings(levelLines, uprightLines, level, width, height);
        var removed = 0;
        for (var i = 0; i < mask.Length; i++)
        {
            if (mask[i] && (level[i] || upright[i]))
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
            Lines = [.. levelLines.Select(line => line.Box), .. uprightLines.Select(line => Turn(line.Box))],
        };
        var count = levelLines.Count + uprightLines.Count;
        var isRuling = count >= ManyLines || levelLines.Exists(line => Spans(line, width, uprightLines)) || uprightLines.Exists(line => Spans(line, height, levelLines));
        var isBox = uprightLines.Count > 0 && (levelLines.Count > 0 || IsInside(kept))
            && levelLines.TrueForAll(line => Spans(line, width, uprightLines) && IsAtBorder(line, width, height))
            && uprightLines.TrueForAll(line => Spans(line, height, levelLines) && IsAtBorder(line, height, width));
        return new RemovedLines(kept, count, isRuling, isBox, removed / (double)ink.Mask.Count(isInk => isInk));
    }

    /// <summary>A box of the turned picture in the picture itself.</summary>
    private static PixelBox Turn(PixelBox box) => new(box.Y, box.X, box.Height, box.Width);

    /// <summary>Whether a line runs from border to border, or to lines across it beside them: where two meet both look thick, so that neither reaches the corner.</summary>
    private static bool Spans(LinePiece line, int width, List<LinePiece> across)
    {
        var slack = Math.Max(2, BorderSlack * width);
        return Ends(line.Left, 0) && Ends(line.Right, width - 1);

        bool Ends(int end, int border) => Math.Abs(end - border) <= slack || across.Exists(other =>
            Math.Abs(Place(other) - border) <= BoxMargin * width && Math.Abs(Place(other) - end) <= other.Thickness + slack);

        float Place(LinePiece other) => other.At(line.At((line.Left + line.Right) / 2f));
    }

    /// <summary>Whether what is left stands free of all borders: a digit that fills its picture does not, whichever of its strokes is taken for the side of a box.</summary>
    private static bool IsInside(InkMap kept)
    {
        var (width, height) = (kept.Width, kept.Height);
        var slack = Math.Max(2, BorderSlack * Math.Max(width, height));
        return kept.Components.All.MaxBy(component => component.Mass) is { Box: var box } && Math.Min(box.X, box.Y) >= slack && width - box.Right >= slack && height - box.Bottom >= slack;
    }

    /// <summary>Whether a level line lies along the upper or the lower border.</summary>
    private static bool IsAtBorder(LinePiece line, int width, int height)
    {
        var middle = line.At(width / 2f);
        return Math.Min(middle, height - 1 - middle) <= BoxMargin * height;
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

    /// <summary>The straight, nearly level lines of a mask.</summary>
    private static List<LinePiece> Lines(bool[] mask, int width, int height, int most)
    {
        var runs = UprightRuns(mask, width, height);
        var thin = new bool[mask.Length];
        for (var i = 0; i < mask.Length; i++)
        {
            thin[i] = mask[i] && runs[i] <= most;
        }

        return [.. LinePiece.Chain(LinePiece.Find(thin, width, height, most), most)
            .Where(line => Math.Abs(line.Slope) <= MostSlope && line.Covered >= 0.5 * line.Extent)];
    }

    /// <summary>
    /// The walls of cells whose upper and lower sides are too faint to be found: upright lines (of the turned picture) of one length side by side,
    /// taller than what is written between them. Ones are as tall as other digits.
    /// </summary>
    private static IEnumerable<LinePiece> Walls(List<LinePiece> straight, InkMap ink, int most)
    {
        foreach (var line in straight)
        {
            var slack = Math.Max(2, WallSlack * line.Extent);
            if (straight.Count(other => Math.Abs(other.Left - line.Left) <= slack && Math.Abs(other.Right - line.Right) <= slack) >= ManyLines)
            {
                var written = ink.Components.All
                    .Where(component => component.Box.Width > 2 * most && component.Box.Y >= line.Left - slack && component.Box.Bottom <= line.Right + slack && component.Box.Height >= LeastWritten * line.Extent)
                    .Select(component => component.Box.Height)
                    .Order()
                    .ToArray();
                if (written.Length > 0 && line.Extent >= WallHeight * written[written.Length / 2])
                {
                    yield return line;
                }
            }
        }
    }

    private static bool IsLong(LinePiece line, int width, int height)
    {
        var middle = line.At(width / 2f);
        var isMarginal = Math.Min(middle, height - 1 - middle) < MarginShare * height;
        return line.Extent >= (isMarginal ? MarginalShare : LongShare) * width;
    }

    /// <summary>Whether an upright line (of the turned picture) runs from one level line to another: the side of a cell.</summary>
    private static bool IsHeld(LinePiece upright, List<LinePiece> levels, int width, int height)
    {
        var slack = Math.Max(3f, 0.03f * height);
        var column = Math.Clamp(upright.At((upright.Left + upright.Right) / 2f), 0, width - 1);
        return upright.Extent >= 0.2 * height
            && levels.Any(level => Math.Abs(level.At(column) - upright.Left) <= slack + level.Thickness)
            && levels.Any(level => Math.Abs(level.At(column) - upright.Right) <= slack + level.Thickness);
    }

    /// <summary>Marks the pixels of lines, but for those where something crosses.</summary>
    private static bool[] Trace(List<LinePiece> lines, bool[] mask, int width, int height, int most)
    {
        var runs = UprightRuns(mask, width, height);
        var marked = new bool[mask.Length];
        foreach (var line in lines)
        {
            var reach = (line.Thickness / 2f) + 1.5f + (0.003f * width);
            for (var x = Math.Max(0, line.Left - 2); x < Math.Min(width, line.Right + 3); x++)
            {
                var centre = line.At(x);
                for (var y = Math.Max(0, (int)(centre - reach)); y <= Math.Min(height - 1, (int)Math.Ceiling(centre + reach)); y++)
                {
                    var i = (y * width) + x;
                    if (mask[i] && runs[i] <= Math.Min(most, line.Thickness + 2))
                    {
                        marked[i] = true;
                    }
                }
            }
        }

        return marked;
    }

    /// <summary>Where a level and an upright line cross, both look thick; the crossing belongs to them all the same.</summary>
    private static void Crossings(List<LinePiece> levels, List<LinePiece> uprights, bool[] marked, int width, int height)
    {
        foreach (var level in levels)
        {
            foreach (var upright in uprights)
            {
                var x = upright.At(level.At(width / 2f));
                var y = level.At(x);
                var reachX = (upright.Thickness / 2f) + 2;
                var reachY = (level.Thickness / 2f) + 2;
                if (y < upright.Left - reachY || y > upright.Right + reachY || x < level.Left - reachX || x > level.Right + reachX)
                {
                    continue;
                }

                for (var py = Math.Max(0, (int)(y - reachY)); py <= Math.Min(height - 1, (int)(y + reachY)); py++)
                {
                    for (var px = Math.Max(0, (int)(x - reachX)); px <= Math.Min(width - 1, (int)(x + reachX)); px++)
                    {
                        marked[(py * width) + px] = true;
                    }
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

/// <summary>What was taken out of the ink.</summary>
/// <param name="Ink">What is left.</param>
/// <param name="Count">How many lines.</param>
/// <param name="IsRuling">Whether they are more than strokes can be: one runs from border to border, or they repeat.</param>
/// <param name="IsBox">Whether they are sides of a box just within the picture's border: at least one upright, and a level one or ink that stands free of all borders.</param>
/// <param name="Share">How much of the ink they are, 0 to 1.</param>
internal sealed record RemovedLines(InkMap Ink, int Count, bool IsRuling, bool IsBox, double Share);
