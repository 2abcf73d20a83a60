using DigitML.Pixels;
using DigitML.Synthesis;

namespace DigitML.Measure;

/// <summary>A dark thing that reaches into a picture from one side: a thumb, a cup, the edge of a table.</summary>
internal static class BorderObject
{
    /// <summary>Gives a picture more room at one side, and the object in it.</summary>
    /// <param name="picture">0 black to 1 white, dark ink on a light ground.</param>
    /// <param name="random">The random numbers.</param>
    public static Plane Beside(Plane picture, SeededRandom random)
    {
        var isAcross = random.Chance(0.5);
        var room = (int)((isAcross ? picture.Width : picture.Height) * random.Between(0.15f, 0.5f)) + 4;
        var (width, height) = isAcross ? (picture.Width + room, picture.Height) : (picture.Width, picture.Height + room);
        var isFirst = random.Chance(0.5);
        var (left, top) = !isFirst ? (0, 0) : isAcross ? (room, 0) : (0, room);
        var roomy = new Plane(width, height);
        var tone = random.Between(0.05f, 0.35f);
        var reach = room * random.Between(0.4f, 0.85f);
        var along = isAcross ? height : width;
        var (centre, half) = (along * random.NextSingle(), along * random.Between(0.1f, 0.6f));
        var power = random.Between(1.5f, 6f);
        var rough = new NoiseField(random, 8, 8);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var paper = picture[Math.Clamp(x - left, 0, picture.Width - 1), Math.Clamp(y - top, 0, picture.Height - 1)];
                var depth = isAcross ? x : y;
                depth = isFirst ? depth : (isAcross ? width : height) - 1 - depth;
                var aside = ((isAcross ? y : x) - centre) / half;
                var edge = reach * MathF.Pow(Math.Max(0, 1 - MathF.Pow(Math.Abs(aside), power)), 1 / power);
                edge *= 1 + (0.08f * rough.At(x / (float)width, y / (float)height));
                var cover = Math.Clamp(edge - depth + 0.5f, 0f, 1f);
                roomy.Values[(y * width) + x] = paper + (cover * (tone - paper));
            }
        }

        return roomy;
    }
}
