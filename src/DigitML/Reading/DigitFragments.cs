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
            var digits = Write(source);
            var runs = digits.Runs(out var stroke).Where(run => IsFragment(run, digits, stroke)).ToList();
            if (runs.Count > 0)
            {
                return DigitFrame.Put(runs[source.Random.Next(runs.Count)].Ink);
            }

            last = digits.Piece is null ? last : digits.Ink;
        }

        // Nothing but ones and threads: half of a digit across is none either.
        last ??= Write(source).Ink;
        return DigitFrame.Put(last.Crop(new PixelBox(0, 0, last.Width, Math.Max(1, last.Height / 3))));
    }

    private static TouchingDigits Write(DigitSource source) => TouchingDigits.Write(source, source.Random.Chance(PairShare) ? 2 : 1, -0.14f, 0.02f);

    /// <summary>Whether a run is no digit. The right half of an eight is a three, and what is straight may be a one.</summary>
    internal static bool IsFragment(InkPiece run, TouchingDigits digits, double stroke)
    {
        if (digits.Labels is [8] && run.Box.Right == digits.Piece!.Box.Right)
        {
            return false;
        }

        var (a, b) = (digits.ShareOf(run, 0), digits.Labels.Count > 1 ? digits.ShareOf(run, 1) : 0);
        var (most, least) = (Math.Max(a, b), Math.Min(a, b));
        return (most is > LeastShare and < MostShare || (most >= MostShare && least > NeighbourShare)) && Thickness(run.Ink) >= StraightShare * stroke;
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
}
