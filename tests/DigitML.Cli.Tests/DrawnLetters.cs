using DigitML.Imaging;
using DigitML.Pixels;

namespace DigitML.Cli.Tests;

/// <summary>Capital letters of straight strokes, dark on white, of many sizes, turns and widths: classes that are no digits.</summary>
internal static class DrawnLetters
{
    /// <summary>Each letter's strokes: points <c>xy</c> on a grid of 4 across and 6 down, <c>y</c> downwards.</summary>
    private static readonly string[] s_letters =
    [
        "062046 1434", "0006304143130313445606", "40100105163646", "00063645413000", "40000646 0333", "400006 0333", "41300105164643 23", "0006 4046 0343", "2026", "30362605", "0006 400346",
        "000646", "0600234046", "06004640", "10304145361605011010", "06003041423303", "10304145361605011010 2446", "06003041423303 2346", "40100102334445360605", "0040 2026", "0005163645 4540", "002640", "0016223640", "0046 4006", "0023 4023 2326", "00400646",
    ];

    /// <summary>Writes <paramref name="each"/> PNG files a letter into a folder of that letter.</summary>
    public static void Write(string folder, int each, int seed)
    {
        var random = new Random(seed);
        for (var letter = 0; letter < s_letters.Length; letter++)
        {
            var place = Directory.CreateDirectory(Path.Combine(folder, $"{(char)('A' + letter)}")).FullName;
            for (var i = 0; i < each; i++)
            {
                File.WriteAllBytes(Path.Combine(place, $"{i}.png"), PngEncoder.Encode(Draw(s_letters[letter], random)));
            }
        }
    }

    private static GreyImage Draw(string letter, Random random)
    {
        var (height, turn, pen, stretch) = (Between(20f, 60f), Between(-0.15f, 0.15f), Between(0.06f, 0.14f), Between(0.8f, 1.2f));
        var side = (int)(height * 1.5f);
        var strokes = letter.Split(' ').SelectMany(stroke => Enumerable.Range(0, (stroke.Length / 2) - 1).Select(i => (From: Point(stroke, i), To: Point(stroke, i + 1)))).ToArray();
        var pixels = new byte[side * side];
        for (var i = 0; i < pixels.Length; i++)
        {
            var nearest = strokes.Min(stroke => Distance(i % side, i / side, stroke.From, stroke.To));
            pixels[i] = (byte)(255 * Math.Clamp(nearest - (height * pen / 2) + 0.5f, 0, 1));
        }

        return new GreyImage(side, side, pixels);

        float Between(float least, float most) => least + ((most - least) * random.NextSingle());

        (float X, float Y) Point(string stroke, int i)
        {
            var (x, y) = ((stroke[2 * i] - '2') * height * stretch / 6, (stroke[(2 * i) + 1] - '3') * height / 6);
            return ((side / 2f) + (x * MathF.Cos(turn)) - (y * MathF.Sin(turn)), (side / 2f) + (x * MathF.Sin(turn)) + (y * MathF.Cos(turn)));
        }
    }

    private static float Distance(float x, float y, (float X, float Y) from, (float X, float Y) to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var along = Math.Clamp((((x - from.X) * dx) + ((y - from.Y) * dy)) / Math.Max((dx * dx) + (dy * dy), 1e-6f), 0, 1);
        return MathF.Sqrt(MathF.Pow(x - from.X - (along * dx), 2) + MathF.Pow(y - from.Y - (along * dy), 2));
    }
}
