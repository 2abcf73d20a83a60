using System.Globalization;

namespace DigitML.Pictures;

/// <summary>Turns strokes into ink.</summary>
internal static class DrawnStrokes
{
    private const int Side = 160;

    private const int Margin = 30;

    /// <summary>Strokes as <see cref="Glyphs"/> writes them.</summary>
    public static List<List<(float X, float Y)>> Parse(string drawing)
    {
        var strokes = new List<List<(float X, float Y)>>();
        foreach (var text in drawing.Split('|'))
        {
            var points = text.TrimStart('~').Split(' ').Select(point =>
            {
                var comma = point.IndexOf(',', StringComparison.Ordinal);
                return (float.Parse(point[..comma], CultureInfo.InvariantCulture), float.Parse(point[(comma + 1)..], CultureInfo.InvariantCulture));
            }).ToList();
            strokes.Add(text[0] == '~' ? Curve(points) : Dense(points));
        }

        return strokes;
    }

    /// <summary>Points close enough for a bend to show.</summary>
    private static List<(float X, float Y)> Dense(List<(float X, float Y)> points)
    {
        var dense = new List<(float X, float Y)>();
        for (var i = 0; i + 1 < points.Count; i++)
        {
            for (var k = 0; k < 8; k++)
            {
                var t = k / 8f;
                dense.Add((points[i].X + (t * (points[i + 1].X - points[i].X)), points[i].Y + (t * (points[i + 1].Y - points[i].Y))));
            }
        }

        dense.Add(points[^1]);
        return dense;
    }

    /// <summary>Catmull and Rom's spline through the points.</summary>
    public static List<(float X, float Y)> Curve(List<(float X, float Y)> points)
    {
        var curve = new List<(float X, float Y)>();
        for (var i = 0; i + 1 < points.Count; i++)
        {
            var a = points[Math.Max(0, i - 1)];
            var b = points[i];
            var c = points[i + 1];
            var d = points[Math.Min(points.Count - 1, i + 2)];
            for (var k = 0; k < 12; k++)
            {
                var t = k / 12f;
                curve.Add((Spline(a.X, b.X, c.X, d.X, t), Spline(a.Y, b.Y, c.Y, d.Y, t)));
            }
        }

        curve.Add(points[^1]);
        return curve;
    }

    private static float Spline(float a, float b, float c, float d, float t) =>
        b + (0.5f * t * (c - a + (t * ((2 * a) - (5 * b) + (4 * c) - d + (t * ((3 * (b - c)) + d - a))))));

    /// <summary>A one whose flag is long or short, with a base or without.</summary>
    public static InkShape FlaggedOne(Random random)
    {
        var slant = random.Between(-0.1f, 0.35f);
        var top = (X: 0.5f + (slant / 2), Y: 0f);
        var foot = (X: 0.5f - (slant / 2), Y: 1f);
        var flag = (X: top.X - random.Between(0.12f, 0.42f), Y: random.Between(0.12f, 0.48f));
        var strokes = new List<List<(float X, float Y)>> { new() { flag, top, foot } };
        if (random.Chance(0.25))
        {
            var half = random.Between(0.12f, 0.3f);
            strokes.Add([(foot.X - half, 1f), (foot.X + half, 1f + random.Between(-0.04f, 0.04f))]);
        }

        return Draw(strokes, random.Scale(0.02f, 0.16f));
    }

    /// <summary>A two whose head is a closed loop, or nearly, on a straight base.</summary>
    public static InkShape LoopedTwo(Random random)
    {
        float Near(float place) => place + random.Between(-0.05f, 0.05f);
        var slant = random.Between(-0.1f, 0.25f);
        var start = random.Between(0.45f, 0.72f);
        var neck = Near(0.42f);
        (float X, float Y) foot = (Near(0.1f), Near(0.97f));
        List<(float X, float Y)> head =
        [
            (start, neck), (Near(0.32f), neck + random.Between(-0.03f, 0.03f)), (Near(0.16f), Near(0.26f)), (Near(0.32f), Near(0.06f)),
            (Near(0.58f), Near(0.03f)), (Near(0.72f), Near(0.2f)), (Near(0.62f), neck), (Near(0.34f), Near(0.72f)), foot,
        ];
        List<(float X, float Y)> end = [foot, (random.Between(0.6f, 0.95f), foot.Y + random.Between(-0.06f, 0.08f))];
        var strokes = new[] { Curve(head), end };
        return Draw(strokes.Select(stroke => stroke.ConvertAll(point => (point.X + (slant * (0.5f - point.Y)), point.Y))), random.Scale(0.02f, 0.16f));
    }

    /// <summary>Draws strokes of the unit square with a pen.</summary>
    /// <param name="strokes">Points, y downwards.</param>
    /// <param name="width">The pen's, as a share of the square's side.</param>
    public static InkShape Draw(IEnumerable<List<(float X, float Y)>> strokes, float width)
    {
        const int Size = Side - (2 * Margin);
        var mask = new bool[Side * Side];
        foreach (var stroke in strokes)
        {
            for (var i = 0; i + 1 < stroke.Count; i++)
            {
                var (x, y) = (Margin + (stroke[i].X * Size), Margin + (stroke[i].Y * Size));
                var (toX, toY) = (Margin + (stroke[i + 1].X * Size), Margin + (stroke[i + 1].Y * Size));
                var steps = Math.Max(1, (int)(2 * Math.Max(Math.Abs(toX - x), Math.Abs(toY - y))));
                for (var k = 0; k <= steps; k++)
                {
                    var px = Math.Clamp((int)(x + ((toX - x) * k / steps)), 1, Side - 2);
                    var py = Math.Clamp((int)(y + ((toY - y) * k / steps)), 1, Side - 2);
                    mask[(py * Side) + px] = true;
                }
            }
        }

        return InkShape.From(Side, Side, mask, Math.Max(0.3f, (width * Size / 2) - 0.5f));
    }
}
