using DigitML.Pixels;

namespace DigitML.Synthesis;

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
    /// <param name="random">The random numbers.</param>
    public static Plane Sheet(int width, int height, float tone, float fibre, SeededRandom random)
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
    /// <param name="random">The random numbers.</param>
    public static void Lines(Plane sheet, Print print, float spacing, float thickness, float strength, float tilt, SeededRandom random)
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
                var coverage = print switch
                {
                    Print.Ruled => acrossY,
                    Print.Squared => Math.Max(acrossX, acrossY),
                    Print.Dotted => Line(u, spacing, 2 * thickness) * Line(v, spacing, 2 * thickness),
                    _ => Line(v + (spacing * MathF.Sin(u / spacing)), spacing * 0.6f, thickness),
                };
                sheet.Values[(y * sheet.Width) + x] *= 1f - (strength * coverage);
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
        PenStrokes.Line(canvas, left, top, right, top, thickness, strength);
        PenStrokes.Line(canvas, left, bottom, right, bottom, thickness, strength);
        PenStrokes.Line(canvas, left, top, left, bottom, thickness, strength);
        PenStrokes.Line(canvas, right, top, right, bottom, thickness, strength);
    }

    private static float Line(float position, float spacing, float thickness)
    {
        var rest = position - (spacing * MathF.Floor(position / spacing));
        var apart = Math.Min(rest, spacing - rest);
        return Math.Clamp((thickness / 2) - apart + 0.5f, 0f, 1f);
    }
}
