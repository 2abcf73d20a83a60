using DigitML.Pixels;
using DigitML.Preprocessing;
using DigitML.Synthesis;

namespace DigitML.Reading;

/// <summary>
/// What <see cref="CutFinder"/> leaves when it cuts digits where none end: halves of digits, and a digit with a good deal of the next one. A
/// network that has learnt that these are no digits tells a <see cref="LineLattice"/> where not to cut.
/// </summary>
internal static class DigitFragments
{
    /// <summary>Of less than this share of a digit hardly anything is left, and of more than the other nearly all.</summary>
    private const double LeastShare = 0.2;

    private const double MostShare = 0.8;

    /// <summary>A whole digit with more of the next one than this is none.</summary>
    private const double NeighbourShare = 0.25;

    /// <summary>Ink whose deviation across its direction is less than this share of a stroke is straight, and may well be a one.</summary>
    private const double StraightShare = 0.6;

    private const double PairShare = 0.4;

    private const int Attempts = 8;

    /// <summary>Makes one.</summary>
    /// <param name="source">Where digits come from, and the random numbers; the same numbers give the same fragment.</param>
    /// <returns>[28, 28] as <see cref="DigitFrame"/> leaves it.</returns>
    public static byte[] Make(DigitSource source)
    {
        Plane? last = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (first, second, height, firstLabel) = Draw(source);
            var ink = Worn(second is null ? first : Darker(first, second), height, source.Random);
            if (InkPiece.From(ink, 0, 0) is not { } piece)
            {
                continue;
            }

            var stroke = Math.Max(1, StrokeWidth.Measure(piece.Ink));
            var (parts, _) = CutFinder.Split(piece, height, stroke);
            var runs = Runs(parts).Where(run => IsFragment(run, first, second, stroke) && !(second is null && firstLabel == 8 && run.Box.Right == piece.Box.Right)).ToList();
            if (runs.Count > 0)
            {
                return DigitFrame.Put(runs[source.Random.Next(runs.Count)].Ink);
            }

            last = ink;
        }

        // Nothing but ones and threads: half of a digit across is none either.
        last ??= Draw(source).First;
        return DigitFrame.Put(last.Crop(new PixelBox(0, 0, last.Width, Math.Max(1, last.Height / 3))));
    }

    private static (Plane First, Plane? Second, float Height, int FirstLabel) Draw(DigitSource source)
    {
        var random = source.Random;
        var (pixels, label) = source.Next();
        var pen = random.Chance(0.4) ? Pen.Any(random) with { Width = random.LogBetween(0.03f, 0.15f) } : Pen.Any(random);
        var shape = pen.Write(pixels, random);
        var height = random.LogBetween(18, 56);
        var isPair = random.Chance(PairShare);
        var other = isPair ? (pen with { Rotation = pen.Rotation + random.Between(-0.05f, 0.05f) }).Write(source.Next().Pixels, random) : null;
        var otherHeight = height * random.Between(0.88f, 1.12f);
        var otherLeft = 2 + (height * (shape.AspectRatio + random.Between(-0.14f, 0.02f)));
        var width = other is null ? height * shape.AspectRatio : otherLeft + (otherHeight * other.AspectRatio);
        var canvas = new Plane((int)Math.Ceiling(width) + 4, (int)Math.Ceiling(height * 1.12f) + 4);
        shape.Draw(canvas, 2, 2, height);
        if (other is null)
        {
            return (canvas, null, height, label);
        }

        var second = new Plane(canvas.Width, canvas.Height);
        other.Draw(second, otherLeft, 2, otherHeight);
        return (canvas, second, height, label);
    }

    private static IEnumerable<InkPiece> Runs(List<InkPiece> parts)
    {
        for (var from = 0; from < parts.Count; from++)
        {
            for (var to = from + 1; to <= parts.Count; to++)
            {
                if (to - from < parts.Count)
                {
                    yield return InkPiece.Join(parts[from..to]);
                }
            }
        }
    }

    private static bool IsFragment(InkPiece run, Plane first, Plane? second, double stroke)
    {
        var (a, b) = (ShareOf(run, first), second is null ? 0 : ShareOf(run, second));
        var (most, least) = (Math.Max(a, b), Math.Min(a, b));
        return (most is > LeastShare and < MostShare || (most >= MostShare && least > NeighbourShare)) && Thickness(run.Ink) >= StraightShare * stroke;
    }

    /// <summary>How much of a digit's ink lies where a run has ink.</summary>
    private static double ShareOf(InkPiece run, Plane digit)
    {
        double common = 0, all = 0;
        for (var y = 0; y < digit.Height; y++)
        {
            for (var x = 0; x < digit.Width; x++)
            {
                var value = digit[x, y];
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

    /// <summary>The deviation of ink across the direction in which it extends most, in pixels.</summary>
    private static double Thickness(Plane ink)
    {
        double sum = 0, x1 = 0, y1 = 0, xx = 0, yy = 0, xy = 0;
        for (var y = 0; y < ink.Height; y++)
        {
            for (var x = 0; x < ink.Width; x++)
            {
                var value = ink[x, y];
                sum += value;
                x1 += value * (double)x;
                y1 += value * (double)y;
                xx += value * (double)x * x;
                yy += value * (double)y * y;
                xy += value * (double)x * y;
            }
        }

        var (varianceX, varianceY, common) = ((xx / sum) - (x1 / sum * (x1 / sum)), (yy / sum) - (y1 / sum * (y1 / sum)), (xy / sum) - (x1 / sum * (y1 / sum)));
        var half = (varianceX + varianceY) / 2;
        return Math.Sqrt(Math.Max(0, half - Math.Sqrt(Math.Max(0, (half * half) - (varianceX * varianceY) + (common * common)))));
    }

    private static Plane Darker(Plane a, Plane b)
    {
        var darker = new Plane(a.Width, a.Height);
        for (var i = 0; i < darker.Values.Length; i++)
        {
            darker.Values[i] = Math.Max(a.Values[i], b.Values[i]);
        }

        return darker;
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
