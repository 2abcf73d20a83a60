using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>A straight, nearly level piece of a line, fitted to connected thin pixels or to several such pieces in a row.</summary>
internal sealed class LinePiece
{
    private const int MostPieces = 200;

    private readonly List<(float X, float Y)> _points;

    private LinePiece(List<(float X, float Y)> points, int thickness)
    {
        _points = points;
        Thickness = thickness;
        Left = (int)points[0].X;
        Right = (int)points[^1].X;
        Slope = MedianSlope(points);
        var slope = Slope;
        _height = Median(points.Select(point => point.Y - (slope * point.X)));
    }

    private readonly float _height;

    /// <summary>The first column.</summary>
    public int Left { get; }

    /// <summary>The last column.</summary>
    public int Right { get; }

    /// <summary>Columns from the first to the last.</summary>
    public int Extent => Right - Left + 1;

    /// <summary>Columns that have ink.</summary>
    public int Covered => _points.Count;

    /// <summary>Rows a column, the median.</summary>
    public int Thickness { get; }

    /// <summary>Rise over run.</summary>
    public float Slope { get; }

    /// <summary>Around the line, as it was fitted.</summary>
    public PixelBox Box
    {
        get
        {
            var (first, last) = (At(Left), At(Right));
            var top = (int)Math.Floor(Math.Min(first, last) - (Thickness / 2f));
            return new PixelBox(Left, top, Extent, (int)Math.Ceiling(Math.Max(first, last) + (Thickness / 2f)) - top + 1);
        }
    }

    /// <summary>The line's middle at a column.</summary>
    public float At(float x) => _height + (Slope * x);

    /// <summary>The connected pieces that are long and flat enough to be part of a line.</summary>
    /// <param name="thin">[height, width]: pixels of upright runs that a line may have.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="most">The thickest a line may be.</param>
    public static List<LinePiece> Find(bool[] thin, int width, int height, int most)
    {
        var components = InkComponents.Find(thin, width, height);
        var wanted = components.All.Where(component => component.Box.Width >= Math.Max(5, 2 * most) && component.Box.Width >= 3 * component.Box.Height).ToList();
        return [.. wanted.Select(component => Fit(components, component, width))];
    }

    /// <summary>Joins pieces that lie on one line, beginning with the longest and going on with the nearest; each is used once.</summary>
    /// <param name="pieces">At most <see cref="MostPieces"/> are used, the longest.</param>
    /// <param name="most">How far a piece's middle may lie off the line, in pixels, beside what the line's own slope leaves open.</param>
    public static IEnumerable<LinePiece> Chain(List<LinePiece> pieces, int most)
    {
        var rest = pieces.OrderByDescending(piece => piece.Extent).Take(MostPieces).ToList();
        while (rest.Count > 0)
        {
            var line = rest[0];
            rest.RemoveAt(0);
            while (rest.Where(piece => line.GoesOnIn(piece, most)).MinBy(piece => line.GapTo(piece)) is { } next)
            {
                line = new LinePiece([.. line._points.Concat(next._points).OrderBy(point => point.X)], Math.Max(line.Thickness, next.Thickness));
                rest.Remove(next);
            }

            yield return line;
        }
    }

    private int GapTo(LinePiece other) => Math.Max(other.Left - Right, Left - other.Right);

    private bool GoesOnIn(LinePiece other, int most)
    {
        var gap = GapTo(other);
        if (gap < 0)
        {
            return false;
        }

        // A slope found over so many columns is sure to about a pixel at their ends.
        var middle = (other.Left + other.Right) / 2f;
        return Math.Abs(other.At(middle) - At(middle)) <= most + ((gap + (other.Extent / 2f)) / Extent);
    }

    private static LinePiece Fit(InkComponents components, InkComponent component, int width)
    {
        var points = new List<(float X, float Y)>();
        var thicknesses = new List<float>();
        var box = component.Box;
        for (var x = box.X; x < box.Right; x++)
        {
            float sum = 0, count = 0;
            for (var y = box.Y; y < box.Bottom; y++)
            {
                if (components.Labels[(y * width) + x] == component.Label)
                {
                    sum += y;
                    count++;
                }
            }

            if (count > 0)
            {
                points.Add((x, sum / count));
                thicknesses.Add(count);
            }
        }

        return new LinePiece(points, (int)Median(thicknesses));
    }

    /// <summary>The median of slopes between points half the line apart: what hangs on the line does not turn it (after Theil and Sen).</summary>
    private static float MedianSlope(List<(float X, float Y)> points)
    {
        var half = points.Count / 2;
        return half == 0 ? 0f : Median(Enumerable.Range(0, points.Count - half)
            .Select(i => (points[i + half].Y - points[i].Y) / (points[i + half].X - points[i].X)));
    }

    private static float Median(IEnumerable<float> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
