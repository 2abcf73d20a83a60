using DigitML.Preprocessing;

namespace DigitML.Pictures;

/// <summary>What is printed on a sheet.</summary>
internal enum Print
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Horizontal lines.</summary>
    Ruled,

    /// <summary>Lines both ways.</summary>
    Squared,

    /// <summary>Dots where squared paper's lines cross.</summary>
    Dotted,

    /// <summary>Fine waves all over, as on cheques.</summary>
    Guilloche,
}

/// <summary>Sheets to write on: tone, fibre, print.</summary>
internal static class Paper
{
    /// <summary>Makes a sheet.</summary>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="tone">The sheet's lightness, 0 to 1.</param>
    /// <param name="fibre">How far fibres and stains vary it, as a share: 0.02 is clean paper, 0.1 is cardboard.</param>
    /// <param name="random">All chance.</param>
    public static Plane Sheet(int width, int height, float tone, float fibre, Random random)
    {
        var sheet = new Plane(width, height);
        var coarse = new NoiseField(random, 3, 3);
        var medium = new NoiseField(random, 12, 12);
        var fine = new NoiseField(random, Math.Clamp(width / 4, 2, 200), Math.Clamp(height / 4, 2, 200));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (u, v) = (x / (float)width, y / (float)height);
                var noise = coarse.At(u, v) + (0.5f * medium.At(u, v)) + (0.7f * fine.At(u, v)) + (0.5f * (random.NextSingle() - 0.5f));
                sheet.Values[(y * width) + x] = Math.Clamp(tone * (1f + (fibre * noise)), 0f, 1f);
            }
        }

        return sheet;
    }

    /// <summary>Prints lines on a sheet.</summary>
    /// <param name="sheet">Changed in place.</param>
    /// <param name="print">What.</param>
    /// <param name="spacing">From line to line, in pixels.</param>
    /// <param name="thickness">Of a line, in pixels.</param>
    /// <param name="strength">How much darker than the sheet, 0 to 1.</param>
    /// <param name="tilt">Rotation in radians.</param>
    /// <param name="random">All chance.</param>
    public static void Lines(Plane sheet, Print print, float spacing, float thickness, float strength, float tilt, Random random)
    {
        if (print == Print.None)
        {
            return;
        }

        var (cos, sin) = (MathF.Cos(tilt), MathF.Sin(tilt));
        var startX = random.NextSingle() * spacing;
        var startY = random.NextSingle() * spacing;
        for (var y = 0; y < sheet.Height; y++)
        {
            for (var x = 0; x < sheet.Width; x++)
            {
                var u = (cos * x) + (sin * y) + startX;
                var v = (cos * y) - (sin * x) + startY;
                var acrossX = Line(u, spacing, thickness);
                var acrossY = Line(v, spacing, thickness);
                var cover = print switch
                {
                    Print.Ruled => acrossY,
                    Print.Squared => Math.Max(acrossX, acrossY),
                    Print.Dotted => Line(u, spacing, 2 * thickness) * Line(v, spacing, 2 * thickness),
                    _ => Line(v + (spacing * MathF.Sin(u / spacing)), spacing * 0.6f, thickness),
                };
                sheet.Values[(y * sheet.Width) + x] *= 1f - (strength * cover);
            }
        }
    }

    /// <summary>Draws the outline of a box, or what the picture shows of it.</summary>
    /// <param name="canvas">0 the ground to 1 full ink; changed in place.</param>
    /// <param name="left">The outline's middle, in pixels; may lie outside.</param>
    /// <param name="top">The outline's middle.</param>
    /// <param name="right">The outline's middle.</param>
    /// <param name="bottom">The outline's middle.</param>
    /// <param name="thickness">Of the outline.</param>
    /// <param name="strength">Its ink, 0 to 1.</param>
    public static void Box(Plane canvas, float left, float top, float right, float bottom, float thickness, float strength)
    {
        for (var y = 0; y < canvas.Height; y++)
        {
            for (var x = 0; x < canvas.Width; x++)
            {
                var fromX = Math.Min(Math.Abs(x + 0.5f - left), Math.Abs(x + 0.5f - right));
                var fromY = Math.Min(Math.Abs(y + 0.5f - top), Math.Abs(y + 0.5f - bottom));
                var isBeside = y + 0.5f > top - thickness && y + 0.5f < bottom + thickness;
                var isAbove = x + 0.5f > left - thickness && x + 0.5f < right + thickness;
                var apart = Math.Min(isBeside ? fromX : float.MaxValue, isAbove ? fromY : float.MaxValue);
                var cover = Math.Clamp((thickness / 2) - apart + 0.5f, 0f, 1f) * strength;
                ref var target = ref canvas.Values[(y * canvas.Width) + x];
                target = Math.Max(target, cover);
            }
        }
    }

    /// <summary>Draws a straight stroke with round ends, in place; darker ink stays.</summary>
    public static void Stroke(Plane canvas, float x, float y, float toX, float toY, float thickness, float strength = 1f)
    {
        var (alongX, alongY) = (toX - x, toY - y);
        var squared = Math.Max(1e-6f, (alongX * alongX) + (alongY * alongY));
        var reach = (int)Math.Ceiling(thickness / 2) + 1;
        for (var py = Math.Max(0, (int)Math.Min(y, toY) - reach); py <= Math.Min(canvas.Height - 1, (int)Math.Max(y, toY) + reach); py++)
        {
            for (var px = Math.Max(0, (int)Math.Min(x, toX) - reach); px <= Math.Min(canvas.Width - 1, (int)Math.Max(x, toX) + reach); px++)
            {
                var (fromX, fromY) = (px + 0.5f - x, py + 0.5f - y);
                var t = Math.Clamp(((fromX * alongX) + (fromY * alongY)) / squared, 0f, 1f);
                var (apartX, apartY) = (fromX - (t * alongX), fromY - (t * alongY));
                var cover = Math.Clamp((thickness / 2) - MathF.Sqrt((apartX * apartX) + (apartY * apartY)) + 0.5f, 0f, 1f) * strength;
                ref var target = ref canvas.Values[(py * canvas.Width) + px];
                target = Math.Max(target, cover);
            }
        }
    }

    private static float Line(float position, float spacing, float thickness)
    {
        var rest = position - (spacing * MathF.Floor(position / spacing));
        var apart = Math.Min(rest, spacing - rest);
        return Math.Clamp((thickness / 2) - apart + 0.5f, 0f, 1f);
    }
}
