using DigitML.Pixels;

namespace DigitML.Synthesis;

/// <summary>
/// Ink that is no digit: letters, signs and scribbles. Letters that could pass for digits (B, I, O, S, Z, b, g, l, o, q, s, z
/// and their kin) are left out; D and Q are drawn with what tells them from a zero.
/// </summary>
internal static class NotDigits
{
    private const int PiecesPerSpan = 12;

    private static readonly PenPoint[][][] Glyphs = Trace(
        "0,100 50,0! 100,100 / 20,62 80,62", // A
        "100,0 0,0! 0,100! 100,100 / 0,50 80,50", // E
        "100,0 0,0! 0,100 / 0,48 80,48", // F
        "0,0 0,100 / 100,0 100,100 / 0,50 100,50", // H
        "0,0 0,100 / 100,0 0,55 / 25,42 100,100", // K
        "0,100 0,0! 50,60! 100,0! 100,100", // M
        "0,100 0,0! 100,100! 100,0", // N
        "0,100 0,0 / 0,0 60,2 95,15 95,38 60,50 0,52 / 45,52 100,100", // R
        "0,0 100,0 / 50,0 50,100", // T
        "0,0 0,60 15,92 50,100 85,92 100,60 100,0", // U
        "0,0 25,100! 50,35! 75,100! 100,0", // W
        "0,0 100,100 / 100,0 0,100", // X
        "0,0 50,50! 100,0 / 50,50 50,100", // Y
        "0,0 0,100 / 0,60 30,35 70,40 80,65 80,100", // h
        "0,30 0,100 / 0,55 15,35 35,35 45,55 45,100 / 45,55 60,35 85,35 100,55 100,100", // m
        "0,30 0,100 / 0,55 30,32 70,35 90,60 90,100", // n
        "0,30 0,100 / 0,60 20,38 55,32 80,40", // r
        "90,10 65,0 40,10 35,40 35,100 / 5,42 75,42", // f
        "2,62 50,60 95,58 80,35 45,30 10,45 5,75 30,98 70,100 95,88", // e
        "0,30 20,100! 40,30 / 60,30 60,100", // vi
        "90,5 50,0 10,25 5,60 25,95 60,100 95,85 95,55 / 55,55 100,55", // G
        "0,50 100,50 / 50,0 50,100", // +
        "0,25 100,20 / 0,70 100,65 / 35,0 20,100 / 80,0 65,100", // #
        "50,0 50,100 / 0,20 100,80 / 100,20 0,80", // *
        "0,0 100,0! 100,100! 0,100! 0,0", // square
        "50,0 100,100! 0,100! 50,0", // triangle
        "50,0 65,38! 100,38! 72,60! 85,100! 50,75! 15,100! 28,60! 0,38! 35,38! 50,0", // star
        "0,50 100,50! 70,20 / 100,50 70,80", // arrow
        "50,30 30,0 0,15 10,50 50,100 90,50 100,15 70,0 50,30", // heart
        "50,50 60,40 65,55 50,70 30,60 30,30 60,15 90,35 90,75 50,100 5,80 2,30 30,0", // spiral
        "0,60 12,20! 25,80! 38,20! 50,80! 62,20! 75,80! 88,20! 100,60", // zigzag
        "0,50 12,30 25,50 37,70 50,50 62,30 75,50 87,70 100,50", // wave
        "0,40 100,35 / 0,70 100,65", // equals
        "20,25 10,10 25,0 35,15 20,25 / 95,0 5,100 / 80,100 68,88 80,75 93,87 80,100", // percent
        "95,100 30,35 25,10 50,0 68,15 50,38 10,65 10,92 40,100 75,80 90,55", // ampersand
        "10,20 30,0 70,0 90,25 60,50 50,75 / 50,95 50,100", // question mark
        "90,20 50,8 10,25 50,50 90,75 50,92 10,80 / 50,0 50,100 / 62,0 62,100", // dollar
        "30,10 10,50 30,95 / 70,5 90,50 70,95", // parentheses
        "0,0 0,100! 100,100! 100,0 / 0,50 100,50", // box with a bar
        "70,60 50,40 30,55 40,75 65,65 70,40 75,70 95,60 90,20 50,0 10,25 5,70 40,100 80,90", // at sign
        "0,0 50,100! 100,0", // V
        "95,12 60,0 20,15 0,50 20,85 60,100 95,88", // C
        "70,0 70,75 50,100 20,95 5,75", // J
        "0,0 0,100! 100,100", // L
        "0,100 0,0 / 0,0 60,2 95,15 95,38 60,50 0,52", // P
        "80,45 50,32 15,45 10,75 35,98 70,85 82,45 / 82,35 85,80 98,98", // a
        "45,0 45,80 60,98 85,92 / 10,30 85,30", // t
        "0,30 0,75 20,98 60,95 90,70 / 90,30 90,98", // u
        "0,30 25,100! 50,45! 75,100! 100,30", // w
        "30,0 30,100 / 70,0 70,100", // two bars
        "0,10 100,50! 0,90", // greater than
        "95,5 60,5 30,30 25,60 40,90 75,100 98,92 / 5,42 70,38 / 5,62 65,60", // euro
        "85,25 70,2 45,5 35,30 38,65 20,95 5,98 / 20,95 60,90 95,100 / 15,50 68,50", // pound
        "0,0 50,48! 100,0 / 50,48 50,100 / 15,55 85,55 / 15,75 85,75", // yen
        "0,0 80,0 / 5,100 85,100 / 40,0 45,100", // I with serifs
        "20,0 5,20 5,80 20,100 / 60,0 80,20 80,80 60,100", // brackets apart
        "8,0 8,100 / 0,2 60,2 92,22 100,50 92,78 60,98 0,98", // D whose stem and bowl overshoot their corners
        "12,25 25,5 55,0 80,12 85,35 85,100 / 85,45 45,48 12,62 10,88 35,100 65,92 85,72", // a of two storeys
        "50,0 12,18 0,50 12,80 50,96 88,80 100,50 88,18 50,0 / 58,66 100,106", // Q
        "25,0 100,0 / 68,0 68,75 48,98 18,95 2,72", // J with a bar
        "0,0 36,0 / 18,0 18,98! 98,98! 98,76 / 0,98 18,98", // L with serifs
        "92,8 68,0 46,12 42,40 42,98 / 8,36 80,36 / 14,98 72,98"); // f with a foot

    /// <summary>A letter, sign or shape, written by a hand of its own.</summary>
    public static PenStrokes Glyph(SeededRandom random)
    {
        var strokes = Glyphs[random.Next(Glyphs.Length)];
        var bendX = new NoiseField(random, 3, 3);
        var bendY = new NoiseField(random, 3, 3);
        var bend = random.Between(0f, 0.25f);
        var slant = random.Between(-0.25f, 0.25f);
        var aspect = random.LogBetween(0.55f, 1f);
        return new PenStrokes([.. strokes.Select(stroke => Array.ConvertAll(stroke, Bent))], random.LogBetween(0.02f, 0.15f), PenNib.Round);

        PenPoint Bent(PenPoint point)
        {
            var x = point.X + (bend * bendX.At(point.X, point.Y));
            var y = point.Y + (bend * bendY.At(point.X, point.Y));
            return new PenPoint(0.5f + ((x - 0.5f) * aspect) + (slant * (0.5f - y)), y);
        }
    }

    /// <summary>A curve that turns at will: longer and more tangled than any digit.</summary>
    public static PenStrokes Scribble(SeededRandom random)
    {
        var points = new ControlPoint[random.Next(9, 26)];
        var (x, y) = (random.NextSingle(), random.NextSingle());
        var isAngular = random.Chance(0.3);
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = new ControlPoint(x, y, isAngular);
            x = Math.Clamp(x + random.Between(-0.75f, 0.75f), 0f, 1f);
            y = Math.Clamp(y + random.Between(-0.75f, 0.75f), 0f, 1f);
        }

        return new PenStrokes([PenStrokes.Trace(points, PiecesPerSpan)], random.LogBetween(0.02f, 0.12f), PenNib.Round);
    }

    private static PenPoint[][][] Trace(params string[] drawings) =>
        Array.ConvertAll(drawings, drawing => Array.ConvertAll(PenStrokes.Parse(drawing), stroke => PenStrokes.Trace(stroke, PiecesPerSpan)));
}
