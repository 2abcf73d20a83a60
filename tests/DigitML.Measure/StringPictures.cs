using System.Globalization;
using DigitML.Pixels;
using DigitML.Synthesis;

namespace DigitML.Measure;

/// <summary>Pictures of several digits: strings, rows, sheets, amounts, forms.</summary>
internal static class StringPictures
{
    private static readonly Dictionary<string, Func<DigitSource, (Plane Picture, string Text)>> Makers = new()
    {
        ["string"] = source => OnPaper(source, 1, source.Random.Next(2, 9), 0.08f, 0.5f, Print.None),
        ["string-touching"] = source => OnPaper(source, 1, source.Random.Next(2, 6), -0.16f, 0.08f, Print.None),
        ["string-ruled"] = source => OnPaper(source, 1, source.Random.Next(2, 9), 0.08f, 0.4f, Print.Ruled),
        ["rows"] = source => OnPaper(source, source.Random.Next(2, 5), source.Random.Next(2, 7), 0.1f, 0.5f, Print.None),
        ["sheet"] = source => OnPaper(source, source.Random.Next(4, 9), source.Random.Next(5, 11), 0.35f, 0.9f, source.Random.Chance(0.5) ? Print.Squared : Print.None),
        ["column"] = source => OnPaper(source, source.Random.Next(4, 9), 1, 0.1f, 0.5f, Print.None),
        ["amount"] = Amount,
        ["cheque"] = ChequePictures.Make,
        ["dashes"] = Dashes,
        ["cells"] = Cells,
        ["drawn"] = Drawn,
        ["mixed"] = Mixed,
        ["ledger"] = Ledger,
    };

    /// <summary>The kinds that rules may be tuned on.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Makers.Keys.Except(["ledger"])];

    /// <summary>The kinds that are held back.</summary>
    public static IReadOnlyList<string> HeldBack { get; } = ["ledger"];

    /// <summary>Makes a picture.</summary>
    /// <param name="kind">One of <see cref="Kinds"/> or <see cref="HeldBack"/>.</param>
    /// <param name="source">Where the digits come from, and the random numbers.</param>
    public static (Plane Picture, string Text) Make(string kind, DigitSource source) => Makers[kind](source);

    /// <summary>One hand and one pen for the whole picture; each digit a little different.</summary>
    public static Pen OneHand(SeededRandom random) => new()
    {
        Rotation = random.Between(-0.06f, 0.06f),
        Slant = random.Between(-0.2f, 0.25f),
        Aspect = MathF.Exp(random.Between(-0.15f, 0.1f)),
        Bend = random.Between(0f, 0.03f),
        Broaden = random.Between(-0.02f, 0.02f),
        Width = random.Chance(0.4) ? random.LogBetween(0.035f, 0.13f) : null,
    };

    /// <summary>In a pattern, what is no digit: a letter, a sign or a scribble.</summary>
    public const char NoDigit = 'x';

    /// <summary>A pattern with letters, signs or scribbles before, after or between its digits.</summary>
    public static string WithOthers(string pattern, SeededRandom random)
    {
        var count = random.Next(1, 4);
        for (var i = 0; i < count; i++)
        {
            pattern = pattern.Insert(random.NextDouble() switch { < 0.3 => 0, < 0.6 => pattern.Length, _ => random.Next(pattern.Length + 1) }, NoDigit.ToString());
        }

        return pattern;
    }

    /// <summary>Writes a line; d stands for a digit, z for a zero, x for what is none, marks for themselves, other characters are gaps.</summary>
    /// <returns>Its digits.</returns>
    public static string Write(Plane coverage, DigitSource source, Pen hand, string pattern, float left, float top, float height, float leastGap, float mostGap, float tilt)
    {
        var random = source.Random;
        var text = "";
        var x = left;
        foreach (var sign in pattern)
        {
            var y = top + ((x - left) * tilt) + (random.Between(-0.05f, 0.05f) * height);
            if (sign is 'd' or 'z')
            {
                var (pixels, label) = source.Next(sign == 'z' ? 0 : null);
                var shape = (hand with { Rotation = hand.Rotation + random.Between(-0.05f, 0.05f) }).Write(pixels, random);
                var tall = height * random.Between(0.88f, 1.1f);
                shape.Draw(coverage, x, y, tall);
                text += label.ToString(CultureInfo.InvariantCulture);
                x += (tall * shape.AspectRatio) + (height * random.Between(leastGap, mostGap));
            }
            else
            {
                x += Mark(coverage, sign, x, y, height, random) + (height * random.Between(0.08f, 0.2f));
            }
        }

        return text;
    }

    /// <summary>Draws a separator; returns its width.</summary>
    private static float Mark(Plane coverage, char sign, float x, float y, float height, SeededRandom random)
    {
        var thick = Math.Max(1.2f, height * random.Between(0.05f, 0.1f));
        switch (sign)
        {
            case '.':
                PenStrokes.Line(coverage, x, y + height, x + (thick * 0.3f), y + height, thick * 1.2f);
                return thick * 1.5f;
            case ',':
                PenStrokes.Line(coverage, x + (thick * 0.8f), y + (height * 0.92f), x, y + (height * 1.15f), thick);
                return thick * 2f;
            case '-':
                PenStrokes.Line(coverage, x, y + (height * 0.52f), x + (height * 0.35f), y + (height * 0.5f), thick);
                return height * 0.35f;
            case NoDigit:
                return Other(coverage, x, y, height, random);
            default:
                return height * 0.3f;
        }
    }

    /// <summary>Draws what is no digit; returns its width.</summary>
    private static float Other(Plane coverage, float x, float y, float height, SeededRandom random)
    {
        const double ScribbleShare = 0.15;
        PenStrokes strokes;
        do
        {
            strokes = random.Chance(ScribbleShare) ? NotDigits.Scribble(random) : NotDigits.Glyph(random);
        }
        while (FallsApart(strokes)); // Two bars beside digits are two ones.

        var tall = height * random.Between(0.65f, 1.15f);
        var top = y + (random.Chance(0.7) ? height - tall : (height - tall) / 2);
        strokes.Draw(coverage, x, top, tall);
        return tall * strokes.AspectRatio;
    }

    /// <summary>Whether some column between strokes has none.</summary>
    private static bool FallsApart(PenStrokes strokes)
    {
        var right = float.PositiveInfinity;
        foreach (var (from, to) in strokes.Strokes.Select(stroke => (stroke.Min(point => point.X), stroke.Max(point => point.X))).Order())
        {
            if (from > right)
            {
                return true;
            }

            right = float.IsPositiveInfinity(right) ? to : Math.Max(right, to);
        }

        return false;
    }

    private static (Plane Picture, string Text) OnPaper(DigitSource source, int rows, int digits, float leastGap, float mostGap, Print print)
    {
        var random = source.Random;
        var height = random.LogBetween(18, rows > 3 ? 45 : 90);
        var pitch = height * random.Between(1.35f, 1.9f);
        var coverage = new Plane((int)(height * ((digits * 2.4f) + 2f)), (int)((rows * pitch) + height));
        var hand = OneHand(random);
        var tilt = random.Between(-0.03f, 0.03f);
        var lines = new List<string>();
        for (var row = 0; row < rows; row++)
        {
            var pattern = new string('d', rows > 3 ? digits : Math.Max(2, digits - random.Next(2)));
            lines.Add(Write(coverage, source, hand, pattern, height * random.Between(0.3f, 0.7f), (height * 0.4f) + (row * pitch), height, leastGap, mostGap, tilt));
        }

        return (Photograph(Trimmed(coverage, height * random.Between(0.2f, 1f)), height, print, random), string.Join('\n', lines));
    }

    /// <summary>The canvas up to a margin beyond its ink on the right: widths are not known before writing.</summary>
    public static Plane Trimmed(Plane coverage, float margin) =>
        coverage.BoxAbove(0.1f) is { } box ? coverage.Crop(new PixelBox(0, 0, Math.Max(16, box.Right + (int)margin), coverage.Height)) : coverage;

    private static Plane Photograph(Plane coverage, float height, Print print, SeededRandom random)
    {
        var paper = Paper.Sheet(coverage.Width, coverage.Height, random.Between(0.7f, 1f), random.Between(0f, 0.05f), random);
        Paper.Lines(paper, print, height * random.Between(0.5f, 1.5f), Math.Max(0.8f, height * 0.02f), random.Between(0.08f, 0.3f), random.Between(-0.03f, 0.03f), random);
        SinglePictures.Ink(paper, coverage, random.Between(0.55f, 0.95f), random.Chance(0.3) ? 0.4f : 0f, random);
        if (random.Chance(0.7))
        {
            Light.Gradient(paper, random.Between(0f, 0.4f), random.Between(0f, 6.3f));
        }

        return SinglePictures.Take(paper, height * 0.7f, random);
    }

    private static (Plane Picture, string Text) Amount(DigitSource source)
    {
        var random = source.Random;
        string[] patterns = ["dd.ddd", "d.ddd,dd", "ddd,dd", "ddd.ddd", "dddd", "dd.ddd-", "ddd,-", "-dd.ddd-", "d.ddd.ddd", "dddd.dd"];
        var height = random.LogBetween(22, 70);
        var pattern = patterns[random.Next(patterns.Length)];
        var coverage = new Plane((int)(height * ((pattern.Length * 2f) + 1.5f)), (int)(height * 1.8f));
        var text = Write(coverage, source, OneHand(random), pattern, height * 0.4f, height * 0.35f, height, -0.04f, 0.2f, random.Between(-0.04f, 0.04f));
        coverage = Trimmed(coverage, height * random.Between(0.2f, 1f));
        if (random.Chance(0.5))
        {
            var y = height * random.Between(1.42f, 1.6f);
            PenStrokes.Line(coverage, 0, y, coverage.Width, y + random.Between(-2f, 2f), Math.Max(1f, height * 0.03f));
        }

        return (Cheque(coverage, height, random), text);
    }

    /// <summary>Sets ink on the patterned paper of cheques, and takes the picture.</summary>
    public static Plane Cheque(Plane coverage, float height, SeededRandom random)
    {
        var paper = Paper.Sheet(coverage.Width, coverage.Height, random.Between(0.75f, 0.95f), 0.04f, random);
        Paper.Lines(paper, random.Chance(0.6) ? Print.Guilloche : Print.None, height * random.Between(0.15f, 0.4f), 1f, random.Between(0.04f, 0.18f), 0.1f, random);
        SinglePictures.Ink(paper, coverage, random.Between(0.5f, 0.9f), 0.2f, random);
        return SinglePictures.Take(paper, height * 0.7f, random);
    }

    private static (Plane Picture, string Text) Dashes(DigitSource source)
    {
        var random = source.Random;
        string[] patterns = ["ddd-dddd", "dd-dd-dd", "dd.dd.dddd", "d-ddd-ddd", "ddd ddd"];
        var height = random.LogBetween(22, 70);
        var coverage = new Plane((int)(height * 18), (int)(height * 1.8f));
        var text = Write(coverage, source, OneHand(random), patterns[random.Next(patterns.Length)], height * 0.4f, height * 0.4f, height, 0.04f, 0.25f, 0f);
        return (Photograph(Trimmed(coverage, height * 0.5f), height, Print.None, random), text);
    }

    /// <summary>Digits among letters and signs, as on plates and labels.</summary>
    private static (Plane Picture, string Text) Mixed(DigitSource source)
    {
        var random = source.Random;
        var pattern = WithOthers(new string('d', random.Next(3, 8)), random);
        var height = random.LogBetween(22, 70);
        var coverage = new Plane((int)(height * ((pattern.Length * 2.4f) + 2f)), (int)(height * 1.8f));
        var text = Write(coverage, source, OneHand(random), pattern, height * 0.4f, height * 0.4f, height, 0.12f, 0.4f, random.Between(-0.03f, 0.03f));
        return (Photograph(Trimmed(coverage, height * random.Between(0.2f, 1f)), height, Print.None, random), text);
    }

    private static (Plane Picture, string Text) Cells(DigitSource source)
    {
        var random = source.Random;
        var count = random.Next(3, 9);
        var side = random.LogBetween(28, 80);
        var coverage = new Plane((int)((count + 0.6f) * side), (int)(side * 1.6f));
        var thickness = Math.Max(1f, side * random.Between(0.015f, 0.05f));
        var strength = random.Between(0.4f, 1f);
        var hand = OneHand(random);
        var text = "";
        for (var i = 0; i < count; i++)
        {
            var left = (0.3f + i) * side;
            Paper.Box(coverage, left, side * 0.3f, left + side, side * 1.3f, thickness, strength);
            text += Write(coverage, source, hand, "d", left + (side * random.Between(0.15f, 0.35f)), side * random.Between(0.4f, 0.5f), side * random.Between(0.6f, 0.75f), 0, 0, 0);
        }

        return (Photograph(coverage, side * 0.7f, Print.None, random), text);
    }

    private static (Plane Picture, string Text) Drawn(DigitSource source)
    {
        var random = source.Random;
        var count = random.Next(2, 6);
        var height = random.LogBetween(40, 200);
        var coverage = new Plane((int)(height * ((count * 2.2f) + 1f)), (int)(height * 1.9f));
        var hand = OneHand(random) with { Width = random.LogBetween(0.015f, 0.12f) };
        var text = Write(coverage, source, hand, new string('d', count), height * 0.4f, height * 0.4f, height, 0.05f, 0.4f, 0f);
        coverage = Trimmed(coverage, height * 0.5f);
        return (random.Chance(0.5) ? coverage : coverage.Inverted(), text);
    }

    /// <summary>A column of figures between upright rules on yellowed paper.</summary>
    private static (Plane Picture, string Text) Ledger(DigitSource source)
    {
        var random = source.Random;
        var height = random.LogBetween(20, 45);
        var rows = random.Next(3, 7);
        var coverage = new Plane((int)(height * 6.5f), (int)((rows + 0.6f) * height * 1.7f));
        var hand = OneHand(random);
        var lines = new List<string>();
        for (var row = 0; row < rows; row++)
        {
            lines.Add(Write(coverage, source, hand, new string('d', random.Next(2, 5)), height * random.Between(0.8f, 1.2f), height * (0.5f + (1.7f * row)), height, 0.05f, 0.25f, 0f));
            var y = height * (1.75f + (1.7f * row));
            PenStrokes.Line(coverage, 0, y, coverage.Width, y, 1.2f, 0.4f);
        }

        PenStrokes.Line(coverage, height * 0.3f, 0, height * 0.3f, coverage.Height, 1.5f, 0.6f);
        PenStrokes.Line(coverage, coverage.Width - (height * 0.3f), 0, coverage.Width - (height * 0.3f), coverage.Height, 1.5f, 0.6f);
        var paper = Paper.Sheet(coverage.Width, coverage.Height, random.Between(0.7f, 0.88f), 0.1f, random);
        SinglePictures.Ink(paper, coverage, random.Between(0.5f, 0.8f), 0.2f, random);
        return (SinglePictures.Take(paper, height * 0.6f, random), string.Join('\n', lines));
    }
}
