using DigitML.Pixels;
using DigitML.Preprocessing;

namespace DigitML.Reading;

/// <summary>The middle of a line of digits, which may rise or fall: a straight line through the middles of its tall pieces.</summary>
internal sealed class LineMiddle
{
    /// <summary>Pieces lower than this share of the digits' height say nothing of the middle.</summary>
    private const double TallShare = 0.62;

    /// <summary>Rise over run beyond which what was found is chance.</summary>
    private const double MostSlope = 0.3;

    private readonly double _slope;
    private readonly double _height;

    private LineMiddle(double slope, double height) => (_slope, _height) = (slope, height);

    /// <summary>Finds it by medians, so that one blot or tail does not turn it (after Theil and Sen).</summary>
    public static LineMiddle Of(TextLine line)
    {
        var points = line.Pieces.Where(piece => piece.Box.Height >= TallShare * line.DigitHeight).Select(piece => Middle(piece.Box)).OrderBy(point => point.X).ToList();
        if (points.Count == 0)
        {
            return new LineMiddle(0, line.Box.Y + (line.Box.Height / 2.0));
        }

        var half = points.Count / 2;
        var slope = points.Count < 3 ? 0 : Median(Enumerable.Range(0, points.Count - half).Select(i => (points[i + half].Y - points[i].Y) / Math.Max(1, points[i + half].X - points[i].X)));
        slope = Math.Abs(slope) <= MostSlope ? slope : 0;
        return new LineMiddle(slope, Median(points.Select(point => point.Y - (slope * point.X))));
    }

    /// <summary>The row of the line's middle at a column.</summary>
    public double At(double x) => _height + (_slope * x);

    /// <summary>How far below the line's middle that of a box is, in pixels; above it less than 0.</summary>
    public double OffsetOf(PixelBox box)
    {
        var (x, y) = Middle(box);
        return y - At(x);
    }

    private static (double X, double Y) Middle(PixelBox box) => (box.X + (box.Width / 2.0), box.Y + (box.Height / 2.0));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
