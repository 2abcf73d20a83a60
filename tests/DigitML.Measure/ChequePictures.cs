using DigitML.Pixels;
using DigitML.Synthesis;

namespace DigitML.Measure;

/// <summary>
/// Amounts as they stand on cheques: with a currency's sign, asterisks or dashes around them that keep others from adding digits, with commas as
/// broad as the pen, and with zeros at the end that touch or hang together.
/// </summary>
internal static class ChequePictures
{
    private const int PiecesPerSpan = 10;

    private static readonly string[] s_before = ["", "", "", "$", "$ ", "€", "£", "**", "*", "#", "=", "-"];

    private static readonly string[] s_bodies = ["d.ddd,zz", "ddd,dd", "ddd,zz", "dd.zzz,-", "d.zzz", "ddzz", "dzzz", "ddd.zzz", "dd,dd", "d.ddd,dd", "dddd.dd", "dzzz,zz"];

    private static readonly string[] s_after = ["", "", "", "=", "-", "*", "**", "#", "--"];

    private static readonly Dictionary<char, PenPoint[][]> s_signs = new()
    {
        ['$'] = Trace("90,20 50,8 10,25 50,50 90,75 50,92 10,80 / 50,0 50,100"),
        ['€'] = Trace("80,12 50,0 18,25 12,60 25,90 55,100 80,88 / 0,40 60,40 / 0,60 55,60"),
        ['£'] = Trace("75,15 50,0 28,20 30,60 25,90 5,100 40,95 80,98 / 8,52 60,50"),
        ['*'] = Trace("50,0 50,100 / 5,22 95,78 / 95,22 5,78"),
        ['#'] = Trace("0,35 90,28 / 0,70 90,64 / 35,0 20,100 / 75,0 60,100"),
        ['='] = Trace("0,0 60,-2 / 0,32 60,30"),
    };

    /// <summary>Makes a picture.</summary>
    public static (Plane Picture, string Text) Make(DigitSource source)
    {
        var random = source.Random;
        var height = random.LogBetween(24, 75);
        var pattern = s_before[random.Next(s_before.Length)] + s_bodies[random.Next(s_bodies.Length)] + s_after[random.Next(s_after.Length)];
        var hand = StringPictures.OneHand(random);
        var pen = height * (hand.Width ?? random.Between(0.06f, 0.11f));
        var coverage = new Plane((int)(height * ((pattern.Length * 1.8f) + 2f)), (int)(height * 2f));
        var isLinked = random.Chance(0.35);
        var (x, tilt, text) = (height * 0.4f, random.Between(-0.04f, 0.04f), "");
        (float X, float Y)? lastZero = null;
        foreach (var sign in pattern)
        {
            var y = (height * 0.4f) + (x * tilt) + (random.Between(-0.05f, 0.05f) * height);
            if (sign is 'd' or 'z')
            {
                var (pixels, label) = source.Next(sign == 'z' ? 0 : null);
                var shape = (hand with { Rotation = hand.Rotation + random.Between(-0.05f, 0.05f) }).Write(pixels, random);
                var tall = height * (sign == 'z' ? random.Between(0.7f, 1f) : random.Between(0.88f, 1.1f));
                y += height - tall;
                var width = tall * shape.AspectRatio;
                shape.Draw(coverage, x, y, tall);
                if (sign == 'z' && isLinked && lastZero is { } last)
                {
                    // The pen goes from one zero to the next without being lifted.
                    PenStrokes.Line(coverage, last.X, last.Y, x + (width * 0.5f), y + (pen / 2), pen * 0.8f);
                }

                lastZero = sign == 'z' ? (x + (width * 0.6f), y + (pen / 2)) : null;
                text += (char)('0' + label);
                x += width + (height * (sign == 'z' ? random.Between(-0.12f, 0.08f) : random.Between(-0.05f, 0.18f)));
            }
            else
            {
                x += Mark(coverage, sign, x, y, height, pen, random) + (height * random.Between(0.05f, 0.2f));
                lastZero = null;
            }
        }

        return (StringPictures.Cheque(StringPictures.Trimmed(coverage, height * random.Between(0.2f, 1f)), height, random), text);
    }

    private static float Mark(Plane coverage, char sign, float x, float y, float height, float pen, SeededRandom random)
    {
        if (s_signs.TryGetValue(sign, out var strokes))
        {
            var tall = height * (sign == '*' ? random.Between(0.35f, 0.75f) : sign == '=' ? random.Between(0.2f, 0.35f) : random.Between(0.85f, 1.2f));
            var shape = new PenStrokes(strokes, pen / tall, PenNib.Round);
            shape.Draw(coverage, x, y + ((height - tall) / 2), tall);
            return tall * shape.AspectRatio;
        }

        if (sign == '-')
        {
            var wide = height * random.Between(0.3f, 0.9f);
            PenStrokes.Line(coverage, x, y + (height * random.Between(0.45f, 0.6f)), x + wide, y + (height * random.Between(0.45f, 0.6f)), pen);
            return wide;
        }

        if (sign is '.' or ',')
        {
            var deep = height * (sign == '.' ? random.Between(0f, 0.06f) : random.Between(0.15f, 0.35f));
            PenStrokes.Line(coverage, x + (pen / 2) + (deep * 0.4f), y + (height * 0.95f), x + (pen / 2), y + (height * 0.95f) + deep, pen * random.Between(0.9f, 1.4f));
            return pen + (deep * 0.4f);
        }

        return height * 0.3f;
    }

    private static PenPoint[][] Trace(string drawing) =>
        Array.ConvertAll(PenStrokes.Parse(drawing), stroke => PenStrokes.Trace(stroke, PiecesPerSpan));
}
