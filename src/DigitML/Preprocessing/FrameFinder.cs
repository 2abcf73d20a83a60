using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>
/// Finds the picture within a picture: a rectangle on a margin of one tone, as plots, slides, screenshots and scans of small sheets
/// have it. Its edge against the margin is no ink, and what stands in the margin belongs to the plot.
/// </summary>
/// <remarks>
/// A rectangle counts when its sides are straight and whole, it is large, little stands outside, and it has a ground of its own with
/// something on it. Where ground and margin are of one tone, its sides are thin lines, and count when a plot's ticks stand on two
/// of them: a box on a form has none.
/// </remarks>
internal static class FrameFinder
{
    /// <summary>Smaller pictures are frames themselves.</summary>
    private const int LeastSide = 40;

    /// <summary>The smallest rectangle, in pixels: MNIST's.</summary>
    private const int LeastInner = 28;

    /// <summary>Each side of the rectangle reaches over this share of the picture.</summary>
    private const double LeastShare = 0.35;

    /// <summary>A margin's outermost line is of one tone to within this: six grey levels.</summary>
    private const float Flat = 6 / 255f;

    private const double FlatShare = 0.98;

    /// <summary>What differs from the margin by more is not margin: thirty grey levels, beyond what JPEG leaves around edges.</summary>
    private const float Apart = 30 / 255f;

    /// <summary>How much of each side must differ from the margin.</summary>
    private const double WholeShare = 0.97;

    /// <summary>How much of the line just outside a side must have the margin's tone; the rest are ticks, numbers and titles.</summary>
    private const double MarginShare = 0.6;

    /// <summary>Lines around the rectangle, and edges softened by scaling, are at most this share of its shorter side broad.</summary>
    private const double EdgeShare = 0.04;

    /// <summary>How much of what lies just within the sides must be of the ground's tone, or near it.</summary>
    private const double GroundShare = 0.7;

    private const double LeastContent = 0.003;

    private const double MostContent = 0.5;

    /// <summary>What stands in the margin (titles, numbers, a colour bar) may have this share of the rectangle's area; more is a second picture.</summary>
    private const double MostOutside = 0.15;

    /// <summary>A hole that fills so much of its box is one of a letter or digit made of blocks, not something on a ground.</summary>
    private const double BlockShare = 0.88;

    /// <summary>Finds the rectangle.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <returns>Its inside, without lines around it; null when the picture has no such margin.</returns>
    public static PixelBox? Find(Plane picture)
    {
        if (Math.Min(picture.Width, picture.Height) < LeastSide)
        {
            return null;
        }

        foreach (var margin in Margins(picture))
        {
            if (Rectangle(picture, margin) is { } box && Inside(picture, margin, box) is { } inside)
            {
                return inside;
            }
        }

        return null;
    }

    /// <summary>The tones of the picture's outermost lines, where a line has one.</summary>
    private static List<float> Margins(Plane picture)
    {
        var margins = new List<float>();
        foreach (var box in new PixelBox[] { new(0, 0, picture.Width, 1), new(0, picture.Height - 1, picture.Width, 1), new(0, 0, 1, picture.Height), new(picture.Width - 1, 0, 1, picture.Height) })
        {
            var tone = Median(picture, box);
            if (Share(picture, box, value => Math.Abs(value - tone) <= Flat) >= FlatShare && margins.TrueForAll(other => Math.Abs(other - tone) > Flat))
            {
                margins.Add(tone);
            }
        }

        return margins;
    }

    /// <summary>The box around which everything is margin, but for small things: from the first row to the last that a long run of other pixels crosses.</summary>
    private static PixelBox? Rectangle(Plane picture, float margin)
    {
        var (first, last) = (default(Run), default(Run));
        var others = 0L;
        for (var y = 0; y < picture.Height; y++)
        {
            var run = LongestRun(picture.Row(y), margin, y, out var count);
            others += count;
            if (run.Length >= LeastShare * picture.Width)
            {
                first = first.Length == 0 ? run : first;
                last = run;
            }
        }

        var left = Math.Max(first.Start, last.Start);
        var right = Math.Min(first.Start + first.Length, last.Start + last.Length);
        var box = new PixelBox(left, first.Row, right - left, last.Row - first.Row + 1);
        var slack = Math.Max(2, 0.03 * picture.Width);
        if (first.Length == 0
            || box.Height < Math.Max(LeastInner, LeastShare * picture.Height)
            || box.Width < LeastInner
            || Math.Max(first.Length, last.Length) - box.Width > 2 * slack
            || box == new PixelBox(0, 0, picture.Width, picture.Height))
        {
            return null;
        }

        // Beside the very first column: edges softened by scaling may begin a pixel apart.
        bool IsOther(float value) => Math.Abs(value - margin) > Apart;
        bool IsWhole(Func<int, PixelBox> column) => Enumerable.Range(0, 3).Any(i => Share(picture, column(i), IsOther) >= WholeShare);
        if (!IsWhole(i => new PixelBox(box.X + i, box.Y, 1, box.Height)) || !IsWhole(i => new PixelBox(box.Right - 1 - i, box.Y, 1, box.Height)))
        {
            return null;
        }

        // A margin ends at an edge. Light that falls off over a page is far from the border's tone somewhere too, but nowhere at once.
        var near = Math.Max(3, (int)Math.Round(0.02 * Math.Max(picture.Width, picture.Height)));
        var beside = new[]
        {
            new PixelBox(box.X - near, box.Y, 1, box.Height), new PixelBox(box.Right - 1 + near, box.Y, 1, box.Height),
            new PixelBox(box.X, box.Y - near, box.Width, 1), new PixelBox(box.X, box.Bottom - 1 + near, box.Width, 1),
        };
        if (beside.Any(line => line.X >= 0 && line.Y >= 0 && line.Right <= picture.Width && line.Bottom <= picture.Height && Share(picture, line, value => Math.Abs(value - margin) <= 2 * Flat) < MarginShare))
        {
            return null;
        }

        var inside = Share(picture, box, IsOther) * box.Width * box.Height;
        return others - inside <= MostOutside * box.Width * box.Height ? box : null;
    }

    private static PixelBox? Inside(Plane picture, float margin, PixelBox box)
    {
        var depth = Math.Max(2, (int)Math.Round(EdgeShare * Math.Min(box.Width, box.Height)));
        var ring = new PixelBox(box.X + depth, box.Y + depth, box.Width - (2 * depth), box.Height - (2 * depth));
        var sides = Sides(ring).ToArray();
        var ground = sides.Select(side => Median(picture, side)).Order().ElementAt(1);
        var share = sides.Average(side => Share(picture, side, value => Math.Abs(value - ground) <= Apart));
        var isOutline = Math.Abs(ground - margin) <= Apart;
        if (share < GroundShare || (isOutline && !HasTicks(picture, margin, box)))
        {
            return null;
        }

        var inside = WithoutEdges(picture, box, ground, depth);
        return Shows(picture, inside, ground) ? inside : null;
    }

    /// <summary>Takes lines off each side until they are of the ground's tone.</summary>
    private static PixelBox WithoutEdges(Plane picture, PixelBox box, float ground, int depth)
    {
        int Edge(Func<int, PixelBox> line)
        {
            var i = 0;
            while (i < depth && Math.Abs(Median(picture, line(i)) - ground) > Flat)
            {
                i++;
            }

            return i;
        }

        var left = Edge(i => new PixelBox(box.X + i, box.Y, 1, box.Height));
        var right = Edge(i => new PixelBox(box.Right - 1 - i, box.Y, 1, box.Height));
        var top = Edge(i => new PixelBox(box.X, box.Y + i, box.Width, 1));
        var bottom = Edge(i => new PixelBox(box.X, box.Bottom - 1 - i, box.Width, 1));
        return new PixelBox(box.X + left, box.Y + top, box.Width - left - right, box.Height - top - bottom);
    }

    /// <summary>Whether something stands on the ground that is neither nearly all of it nor made of blocks.</summary>
    private static bool Shows(Plane picture, PixelBox box, float ground)
    {
        var mask = new bool[box.Width * box.Height];
        var count = 0;
        for (var y = 0; y < box.Height; y++)
        {
            var row = picture.Row(box.Y + y).Slice(box.X, box.Width);
            for (var x = 0; x < row.Length; x++)
            {
                var isOther = Math.Abs(row[x] - ground) > Apart;
                mask[(y * box.Width) + x] = isOther;
                count += isOther ? 1 : 0;
            }
        }

        return count >= LeastContent * mask.Length && count <= MostContent * mask.Length
            && InkComponents.Find(mask, box.Width, box.Height).All.Any(component =>
                component.Area >= LeastContent * mask.Length && component.Area < BlockShare * component.Box.Width * component.Box.Height);
    }

    /// <summary>Whether marks stand out of the left and the lower side, as a plot's axes have them.</summary>
    private static bool HasTicks(Plane picture, float margin, PixelBox box)
    {
        return box.X >= 3 && box.Bottom + 3 <= picture.Height
            && IsTicked(new PixelBox(box.X - 2, box.Y, 1, box.Height))
            && IsTicked(new PixelBox(box.X, box.Bottom + 1, box.Width, 1));

        bool IsTicked(PixelBox line)
        {
            var (marks, longest, length) = (0, 0, 0);
            foreach (var value in Values(picture, line))
            {
                length = Math.Abs(value - margin) > Apart ? length + 1 : 0;
                marks += length == 1 ? 1 : 0;
                longest = Math.Max(longest, length);
            }

            return marks >= 2 && longest <= Math.Max(3, EdgeShare * Math.Max(line.Width, line.Height));
        }
    }

    private static Run LongestRun(ReadOnlySpan<float> row, float margin, int y, out int count)
    {
        var best = default(Run);
        var start = 0;
        count = 0;
        for (var x = 0; x < row.Length; x++)
        {
            if (Math.Abs(row[x] - margin) <= Apart)
            {
                start = x + 1;
                continue;
            }

            count++;
            if (x + 1 - start > best.Length)
            {
                best = new Run(y, start, x + 1 - start);
            }
        }

        return best;
    }

    private static IEnumerable<PixelBox> Sides(PixelBox box)
    {
        yield return new PixelBox(box.X, box.Y, box.Width, 1);
        yield return new PixelBox(box.X, box.Bottom - 1, box.Width, 1);
        yield return new PixelBox(box.X, box.Y, 1, box.Height);
        yield return new PixelBox(box.Right - 1, box.Y, 1, box.Height);
    }

    private static double Share(Plane picture, PixelBox box, Func<float, bool> isWanted)
    {
        var count = 0;
        foreach (var value in Values(picture, box))
        {
            count += isWanted(value) ? 1 : 0;
        }

        return count / ((double)box.Width * box.Height);
    }

    private static float Median(Plane picture, PixelBox box)
    {
        var sorted = Values(picture, box).Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static IEnumerable<float> Values(Plane picture, PixelBox box)
    {
        for (var y = box.Y; y < box.Bottom; y++)
        {
            for (var x = box.X; x < box.Right; x++)
            {
                yield return picture[x, y];
            }
        }
    }

    /// <summary>Pixels of a row that all differ from the margin.</summary>
    private readonly record struct Run(int Row, int Start, int Length);
}
