using System.Globalization;
using DigitML.Pixels;

namespace DigitML.Synthesis;

/// <summary>A point that a stroke goes through.</summary>
/// <param name="X">To the right, in units of the drawing's height.</param>
/// <param name="Y">Downwards, in the same units.</param>
/// <param name="IsCorner">Whether the pen turns sharply here.</param>
internal record struct ControlPoint(float X, float Y, bool IsCorner = false);

/// <summary>A place of the pen.</summary>
/// <param name="X">To the right, in units of the drawing's height.</param>
/// <param name="Y">Downwards, in the same units.</param>
/// <param name="Pressure">Width of the trace here, as a factor of the pen's.</param>
internal record struct PenPoint(float X, float Y, float Pressure = 1f);

/// <summary>
/// The pen's shape as a metric: a pixel at (dx, dy) from the pen's way is inked when
/// <c>Xx·dx² + 2·Xy·dx·dy + Yy·dy²</c> is at most the square of half the pen's width. A round pen has 1, 0, 1.
/// </summary>
/// <param name="Xx">Greater than 0.</param>
/// <param name="Xy">Smaller in size than the root of the product of the other two.</param>
/// <param name="Yy">Greater than 0.</param>
internal readonly record struct PenNib(float Xx, float Xy, float Yy)
{
    /// <summary>A ball-point.</summary>
    public static PenNib Round { get; } = new(1, 0, 1);
}

/// <summary>Strokes of a pen: its way while it was down, in straight pieces short enough to look round, and what it draws with.</summary>
internal sealed class PenStrokes : InkShape
{
    private readonly Frame _frame;

    /// <summary>Takes strokes over.</summary>
    /// <param name="strokes">The pen's way while it was down; none of them empty, and at least one.</param>
    /// <param name="penWidth">Width of the trace, in units of the drawing's height.</param>
    /// <param name="nib">The pen's shape.</param>
    public PenStrokes(PenPoint[][] strokes, float penWidth, PenNib nib)
    {
        (Strokes, PenWidth, Nib) = (strokes, penWidth, nib);
        _frame = Frame.Of(strokes, penWidth);
    }

    /// <summary>The pen's way while it was down, stroke after stroke.</summary>
    public PenPoint[][] Strokes { get; }

    /// <summary>Width of the trace, in units of the drawing's height.</summary>
    public float PenWidth { get; }

    /// <summary>The pen's shape.</summary>
    public PenNib Nib { get; }

    /// <inheritdoc/>
    public override float AspectRatio => _frame.Width / _frame.Height;

    /// <summary>Reads strokes.</summary>
    /// <param name="drawing">
    /// Points <c>x,y</c> in hundredths of the drawing's height from its top left, <c>y</c> downwards; <c>!</c> after a point
    /// makes it a corner, and <c>/</c> lifts the pen.
    /// </param>
    public static ControlPoint[][] Parse(string drawing) =>
        [.. drawing.Split('/').Select(stroke => stroke.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ParsePoint).ToArray())];

    /// <summary>The pen's way through a stroke's points: a Catmull–Rom spline, broken at corners.</summary>
    /// <param name="points">At least 2.</param>
    /// <param name="piecesPerSpan">Straight pieces from one point to the next.</param>
    public static PenPoint[] Trace(ReadOnlySpan<ControlPoint> points, int piecesPerSpan)
    {
        var trace = new PenPoint[((points.Length - 1) * piecesPerSpan) + 1];
        trace[0] = new PenPoint(points[0].X, points[0].Y);
        for (var i = 0; i + 1 < points.Length; i++)
        {
            var from = points[i];
            var to = points[i + 1];
            var before = i == 0 || from.IsCorner ? Mirror(to, from) : points[i - 1];
            var after = i + 2 == points.Length || to.IsCorner ? Mirror(from, to) : points[i + 2];
            for (var piece = 1; piece <= piecesPerSpan; piece++)
            {
                var t = (float)piece / piecesPerSpan;
                trace[(i * piecesPerSpan) + piece] = new PenPoint(
                    CatmullRom(before.X, from.X, to.X, after.X, t),
                    CatmullRom(before.Y, from.Y, to.Y, after.Y, t));
            }
        }

        return trace;
    }

    /// <summary>Draws with hard edges: a pixel is ink or not, as in the scans that MNIST was made from.</summary>
    /// <param name="heightPixels">Pixels a unit of the drawing's height.</param>
    /// <returns>0 ground, 1 ink: the drawing with half a pen around it.</returns>
    public Plane DrawBilevel(float heightPixels)
    {
        var canvas = new Plane((int)(_frame.Width * heightPixels) + 3, (int)(_frame.Height * heightPixels) + 3);
        Draw(canvas, heightPixels, 1 - (_frame.Left * heightPixels), 1 - (_frame.Top * heightPixels), PenWidth, isSmooth: false);
        return canvas;
    }

    /// <summary>Draws with smooth edges in the middle of a square.</summary>
    /// <param name="size">Pixels a side.</param>
    /// <param name="margin">Ground left free around the drawing, as a share of the side, 0 to 0.45.</param>
    /// <param name="penWidth">Width of the trace in pixels; null for the drawing's own pen.</param>
    /// <returns>[size, size]: 0 ground to 1 ink.</returns>
    public Plane DrawSmooth(int size, float margin, float? penWidth)
    {
        // A pen given in pixels takes its room first, and the pen's way fills the rest.
        var frame = penWidth is null ? _frame : Frame.Of(Strokes, 0);
        var room = size * (1 - (2 * margin));
        var scale = Math.Max(room - (penWidth ?? 0), 0.1f * room) / Math.Max(frame.Width, frame.Height);
        var offsetX = (0.5f * size) - ((frame.Left + (0.5f * frame.Width)) * scale);
        var offsetY = (0.5f * size) - ((frame.Top + (0.5f * frame.Height)) * scale);
        var canvas = new Plane(size, size);
        Draw(canvas, scale, offsetX, offsetY, penWidth / scale ?? PenWidth, isSmooth: true);
        return canvas;
    }

    /// <inheritdoc/>
    public override void Draw(Plane canvas, float left, float top, float height)
    {
        var scale = height / _frame.Height;
        Draw(canvas, scale, left - (_frame.Left * scale), top - (_frame.Top * scale), PenWidth, isSmooth: true);
    }

    /// <summary>Draws a straight stroke with round ends, in place; darker ink stays.</summary>
    /// <param name="canvas">0 the ground to 1 full ink.</param>
    /// <param name="x">Where it begins, in pixels.</param>
    /// <param name="y">Where it begins.</param>
    /// <param name="toX">Where it ends.</param>
    /// <param name="toY">Where it ends.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="strength">Its ink, 0 to 1.</param>
    public static void Line(Plane canvas, float x, float y, float toX, float toY, float width, float strength = 1f) =>
        DrawPiece(canvas, (x, y), (toX - x, toY - y), width / 2, PenNib.Round, isSmooth: true, strength);

    private static ControlPoint ParsePoint(string point)
    {
        var numbers = point.TrimEnd('!').Split(',');
        return new ControlPoint(Hundredths(numbers[0]), Hundredths(numbers[1]), point.EndsWith('!'));
    }

    private static float Hundredths(string number) => int.Parse(number, CultureInfo.InvariantCulture) / 100f;

    private static ControlPoint Mirror(ControlPoint point, ControlPoint centre) => new((2 * centre.X) - point.X, (2 * centre.Y) - point.Y);

    /// <summary>Catmull and Rom 1974, uniform, tension ½: from <paramref name="b"/> at 0 to <paramref name="c"/> at 1.</summary>
    private static float CatmullRom(float a, float b, float c, float d, float t) =>
        b + (0.5f * t * (c - a + (t * ((2 * a) - (5 * b) + (4 * c) - d + (t * ((3 * (b - c)) + d - a))))));

    /// <summary>Draws on a canvas where pixel = unit · scale + offset.</summary>
    private void Draw(Plane canvas, float scale, float offsetX, float offsetY, float penWidth, bool isSmooth)
    {
        var penRadius = 0.5f * penWidth * scale;
        foreach (var stroke in Strokes)
        {
            for (var i = 1; i < stroke.Length; i++)
            {
                var (from, to) = (stroke[i - 1], stroke[i]);
                float x = (from.X * scale) + offsetX, y = (from.Y * scale) + offsetY;
                var span = ((to.X * scale) + offsetX - x, (to.Y * scale) + offsetY - y);
                DrawPiece(canvas, (x, y), span, 0.5f * penRadius * (from.Pressure + to.Pressure), Nib, isSmooth, 1f);
            }
        }
    }

    /// <summary>A straight piece: every pixel whose centre lies within a radius of it by the nib's metric, or by how far it does.</summary>
    private static void DrawPiece(Plane canvas, (float X, float Y) start, (float X, float Y) span, float radius, PenNib nib, bool isSmooth, float strength)
    {
        var reach = radius + (isSmooth ? 1f : 0f);
        var left = Math.Max(0, (int)(Math.Min(start.X, start.X + span.X) - reach));
        var right = Math.Min(canvas.Width - 1, (int)(Math.Max(start.X, start.X + span.X) + reach));
        var top = Math.Max(0, (int)(Math.Min(start.Y, start.Y + span.Y) - reach));
        var bottom = Math.Min(canvas.Height - 1, (int)(Math.Max(start.Y, start.Y + span.Y) + reach));

        // The nearest place on the piece, by the metric, is where the gradient along it vanishes.
        var alongX = (nib.Xx * span.X) + (nib.Xy * span.Y);
        var alongY = (nib.Xy * span.X) + (nib.Yy * span.Y);
        var lengthSquared = (alongX * span.X) + (alongY * span.Y);
        var inverse = lengthSquared > 0 ? 1 / lengthSquared : 0;
        for (var y = top; y <= bottom; y++)
        {
            var row = canvas.Row(y);
            for (var x = left; x <= right; x++)
            {
                float dx = x + 0.5f - start.X, dy = y + 0.5f - start.Y;
                var t = Math.Clamp(((dx * alongX) + (dy * alongY)) * inverse, 0f, 1f);
                dx -= t * span.X;
                dy -= t * span.Y;
                var distanceSquared = (nib.Xx * dx * dx) + (2 * nib.Xy * dx * dy) + (nib.Yy * dy * dy);
                if (isSmooth)
                {
                    row[x] = Math.Max(row[x], Math.Clamp(radius - MathF.Sqrt(distanceSquared) + 0.5f, 0f, 1f) * strength);
                }
                else if (distanceSquared <= radius * radius)
                {
                    row[x] = 1f;
                }
            }
        }
    }

    /// <summary>The box around the ink, in units of the drawing's height.</summary>
    private readonly record struct Frame(float Left, float Top, float Width, float Height)
    {
        public static Frame Of(PenPoint[][] strokes, float penWidth)
        {
            float left = float.MaxValue, top = float.MaxValue, right = float.MinValue, bottom = float.MinValue;
            foreach (var point in strokes.SelectMany(stroke => stroke))
            {
                var radius = 0.5f * penWidth * point.Pressure;
                left = Math.Min(left, point.X - radius);
                right = Math.Max(right, point.X + radius);
                top = Math.Min(top, point.Y - radius);
                bottom = Math.Max(bottom, point.Y + radius);
            }

            return new Frame(left, top, right - left, bottom - top);
        }
    }
}
