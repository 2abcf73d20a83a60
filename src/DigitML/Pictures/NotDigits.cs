namespace DigitML.Pictures;

/// <summary>Ink that is no digit: letters, signs and scribbles.</summary>
internal static class NotDigits
{
    /// <summary>A letter, sign or shape, written by a hand of its own.</summary>
    public static InkShape Glyph(Random random)
    {
        var strokes = DrawnStrokes.Parse(Glyphs.All[random.Next(Glyphs.All.Count)]);
        var bendX = new NoiseField(random, 3, 3);
        var bendY = new NoiseField(random, 3, 3);
        var bend = random.Between(0f, 0.25f);
        var slant = random.Between(-0.25f, 0.25f);
        var aspect = random.Scale(0.55f, 1f);
        return DrawnStrokes.Draw(strokes.Select(stroke => stroke.Select(point =>
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

        return DrawnStrokes.Draw([random.Chance(0.7) ? DrawnStrokes.Curve(points) : points], random.Scale(0.02f, 0.12f));
    }
}
