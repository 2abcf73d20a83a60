using DigitML.Pixels;
using DigitML.Preprocessing;
using DigitML.Synthesis;

namespace DigitML.Reading;

/// <summary>
/// Digits that one hand wrote beside or into one another, together and each on a plane of its own: so it can be told how much of each a cut
/// leaves.
/// </summary>
internal sealed class TouchingDigits
{
    private readonly Plane[] _digits;

    private TouchingDigits(Plane ink, Plane[] digits, int[] labels, float height)
    {
        _digits = digits;
        (Ink, Labels, Height, Piece) = (ink, labels, height, InkPiece.From(ink, 0, 0));
    }

    /// <summary>All digits, as paper and camera leave them.</summary>
    public Plane Ink { get; }

    /// <summary>All of their ink as one; null where there is none left.</summary>
    public InkPiece? Piece { get; }

    /// <summary>What the digits are, from left to right.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>The height of the first.</summary>
    public float Height { get; }

    /// <summary>Writes some.</summary>
    /// <param name="source">Where digits come from, and the random numbers; the same numbers give the same digits.</param>
    /// <param name="count">How many.</param>
    /// <param name="leastGap">From one digit's box to the next's, as a share of the height; below 0 they overlap.</param>
    /// <param name="mostGap">The same at most.</param>
    public static TouchingDigits Write(DigitSource source, int count, float leastGap, float mostGap)
    {
        const float Margin = 2;
        var random = source.Random;
        var pen = random.Chance(0.4) ? Pen.Any(random) with { Width = random.LogBetween(0.03f, 0.15f) } : Pen.Any(random);
        var height = random.LogBetween(18, 56);
        var labels = new int[count];
        var places = new (InkShape Shape, float Left, float Top, float Height)[count];
        var left = Margin;
        for (var i = 0; i < count; i++)
        {
            var (pixels, label) = source.Next();
            var shape = (i == 0 ? pen : pen with { Rotation = pen.Rotation + random.Between(-0.05f, 0.05f) }).Write(pixels, random);
            var tall = i == 0 ? height : height * random.Between(0.88f, 1.12f);
            labels[i] = label;
            places[i] = (shape, left, Margin + (i == 0 ? 0 : height * random.Between(0, 0.06f)), tall);
            left = Math.Max(Margin, left + (tall * shape.AspectRatio) + (height * random.Between(leastGap, mostGap)));
        }

        var width = (int)Math.Ceiling(places.Max(place => place.Left + (place.Height * place.Shape.AspectRatio)) + Margin);
        var digits = Array.ConvertAll(places, place =>
        {
            var plane = new Plane(width, (int)Math.Ceiling((height * 1.18f) + (2 * Margin)));
            place.Shape.Draw(plane, place.Left, place.Top, place.Height);
            return plane;
        });
        return new TouchingDigits(Worn(Darkest(digits), height, random), digits, labels, height);
    }

    /// <summary>Cuts them, as a <see cref="LineLattice"/> does, and takes every run of neighbouring parts but all of them together.</summary>
    /// <param name="stroke">The width of their strokes.</param>
    public IEnumerable<InkPiece> Runs(out double stroke)
    {
        if (Piece is null)
        {
            stroke = 1;
            return [];
        }

        stroke = Math.Max(1, StrokeWidth.Measure(Piece.Ink));
        var (parts, _) = CutFinder.Split(Piece, Height, stroke);
        return
            from first in Enumerable.Range(0, parts.Count)
            from length in Enumerable.Range(1, parts.Count - first)
            where length < parts.Count
            select InkPiece.Join(parts[first..(first + length)]);
    }

    /// <summary>How much of a digit's ink lies where a run has ink, 0 to 1.</summary>
    public double ShareOf(InkPiece run, int digit)
    {
        var plane = _digits[digit];
        double common = 0, all = 0;
        for (var y = 0; y < plane.Height; y++)
        {
            for (var x = 0; x < plane.Width; x++)
            {
                var value = plane[x, y];
                all += value;
                var (column, row) = (x - run.Box.X + 1, y - run.Box.Y + 1);
                if (column >= 0 && row >= 0 && column < run.Ink.Width && row < run.Ink.Height)
                {
                    common += Math.Min(value, run.Ink[column, row]);
                }
            }
        }

        return all == 0 ? 0 : common / all;
    }

    private static Plane Darkest(Plane[] planes)
    {
        var darkest = new Plane(planes[0].Width, planes[0].Height);
        foreach (var plane in planes)
        {
            for (var i = 0; i < darkest.Values.Length; i++)
            {
                darkest.Values[i] = Math.Max(darkest.Values[i], plane.Values[i]);
            }
        }

        return darkest;
    }

    private static Plane Worn(Plane ink, float height, SeededRandom random)
    {
        if (random.Chance(0.4))
        {
            ink = Camera.Blur(ink, random.Between(0.1f, 0.3f + (0.03f * height)));
        }

        if (random.Chance(0.25))
        {
            Wear.Roughen(ink, random.Between(0.15f, 0.5f), random);
        }

        return ink;
    }
}
