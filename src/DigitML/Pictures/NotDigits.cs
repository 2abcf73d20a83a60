using System.Globalization;

namespace DigitML.Pictures;

/// <summary>Ink that is no digit: letters and signs, scribbles, two digits at once, halves of digits.</summary>
internal static class NotDigits
{
    private const int Side = 160;

    private const int Margin = 30;

    /// <summary>A letter, sign or shape, written by a hand of its own.</summary>
    public static InkShape Glyph(Random random)
    {
        var strokes = Parse(Glyphs.All[random.Next(Glyphs.All.Count)]);
        var bendX = new NoiseField(random, 3, 3);
        var bendY = new NoiseField(random, 3, 3);
        var bend = random.Between(0f, 0.25f);
        var slant = random.Between(-0.25f, 0.25f);
        var aspect = random.Scale(0.55f, 1f);
        return Draw(strokes.Select(stroke => stroke.Select(point =>
        {
            var x = point.X + (bend * bendX.At(point.X, point.Y));
            var y = point.Y + (bend * bendY.At(point.X, point.Y));
            return (0.5f + ((x - 0.5f) * aspect) + (slant * (0.5f - y)), y);
        }).ToList()), random.Scale(0.02f, 0.15f));
    }

    /// <summary>A curve that turns at will: longer and more tangled than any digit.</summary>
    public static InkShape Scribble(Random random)
    {
        var points = new List<(float X, float Y)>();
        var count = random.Next(9, 26);
        var (x, y) = (random.NextSingle(), random.NextSingle());
        for (var i = 0; i < count; i++)
        {
            points.Add((x, y));
            x = Math.Clamp(x + random.Between(-0.75f, 0.75f), 0f, 1f);
            y = Math.Clamp(y + random.Between(-0.75f, 0.75f), 0f, 1f);
        }

        return Draw([random.Chance(0.7) ? Curve(points) : points], random.Scale(0.02f, 0.12f));
    }

    private static List<List<(float X, float Y)>> Parse(string drawing)
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
    private static List<(float X, float Y)> Curve(List<(float X, float Y)> points)
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

    private static InkShape Draw(IEnumerable<List<(float X, float Y)>> strokes, float width)
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
