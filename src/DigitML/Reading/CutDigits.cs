using DigitML.Preprocessing;
using DigitML.Synthesis;

namespace DigitML.Reading;

/// <summary>
/// Whole digits as <see cref="CutFinder"/> takes them out of touching ones: with scars where a stroke was parted, without a tip that stayed with
/// the next, and with a bit of its ink.
/// </summary>
internal static class CutDigits
{
    /// <summary>Of a digit at least this share is left.</summary>
    private const double LeastShare = 0.85;

    /// <summary>Of any other digit at most this share is.</summary>
    private const double MostOfAnother = 0.15;

    private const int MostDigits = 3;

    private const int Attempts = 4;

    /// <summary>Makes one.</summary>
    /// <param name="source">Where digits come from, and the random numbers; the same numbers give the same digit.</param>
    /// <returns>[28, 28] as <see cref="DigitFrame"/> leaves it, and the digit; null when these digits could not be parted, as some cannot.</returns>
    public static (byte[] Frame, byte Label)? Make(DigitSource source)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var digits = TouchingDigits.Write(source, source.Random.Next(2, MostDigits + 1), -0.16f, 0.04f);
            var runs = digits.Runs(out _).ToArray();
            var count = digits.Labels.Count;
            var first = source.Random.Next(count);
            for (var i = first; i < first + count; i++)
            {
                if (Best(digits, runs, i % count) is { } run)
                {
                    return (DigitFrame.Put(run.Ink), (byte)digits.Labels[i % count]);
                }
            }
        }

        return null;
    }

    /// <summary>The run that has most of a digit and least of the others; null when none has enough of the one and little enough of the others.</summary>
    private static InkPiece? Best(TouchingDigits digits, InkPiece[] runs, int wanted)
    {
        InkPiece? best = null;
        var most = double.NegativeInfinity;
        foreach (var run in runs)
        {
            var share = digits.ShareOf(run, wanted);
            if (share < LeastShare)
            {
                continue;
            }

            var another = Enumerable.Range(0, digits.Labels.Count).Where(i => i != wanted).Max(i => digits.ShareOf(run, i));
            if (another <= MostOfAnother && share - another > most)
            {
                (best, most) = (run, share - another);
            }
        }

        return best;
    }
}
