using DigitML.Imaging;
using DigitML.Pixels;

namespace DigitML.Reading;

/// <summary>
/// Pages that lie on their side: where little of the ink looks like digits, the other directions are tried, and one is taken in which most
/// of it does. On its head a page of digits mostly looks like digits, and is found when it does not.
/// </summary>
internal static class TurnedPages
{
    /// <summary>Ways to turn a picture upright, as EXIF counts them: a quarter right, a quarter left, half.</summary>
    private static readonly int[] Turns = [6, 8, Half];

    private const int Half = 3;

    private const string SameOnTheirHeads = "018\n";

    /// <summary>The mean evidence of a page below which other directions are tried: of made pages nine tenths of the worst kind are above it upright.</summary>
    private const double Poor = -0.4;

    /// <summary>A direction is taken from this mean evidence on, and when it is ahead of the others by <see cref="Ahead"/>.</summary>
    private const double Good = -0.3;

    private const double Ahead = 0.3;

    /// <summary>And by so much over all digits together: few pass for others by chance when turned, as zeros do.</summary>
    private const double AheadTogether = 4;

    /// <summary>A digit alone may be another one on its head; lines of so many on average seldom are.</summary>
    private const int LeastDigits = 2;

    /// <summary>Tries the other directions.</summary>
    /// <param name="picture">As it is.</param>
    /// <param name="upright">What was read in it.</param>
    /// <param name="evidence">The mean evidence of that.</param>
    /// <param name="pieces">How many pieces of ink it has, digits or not.</param>
    /// <param name="wanted">Boxes of ink that is known to be a digit's, in places of the picture as it is.</param>
    /// <param name="read">Reads another picture as a page, with what is wanted of it.</param>
    /// <returns>The best reading, in places of the picture as it is.</returns>
    public static ReadingResult Best(
        GreyImage picture,
        ReadingResult upright,
        double evidence,
        int pieces,
        IReadOnlyList<PixelBox> wanted,
        Func<GreyImage, IReadOnlyList<PixelBox>, (ReadingResult Result, double Evidence)> read)
    {
        if (evidence >= Poor || pieces < LeastDigits)
        {
            return upright;
        }

        var (best, most) = (upright, Math.Max(Good, evidence + Ahead));
        foreach (var turn in Turns)
        {
            var (turned, found) = read(Orientation.Apply(picture, turn), [.. wanted.Select(box => Turned(box, turn, upright.Width, upright.Height))]);
            var digits = turned.Digits.Count(digit => digit.Verdict != Verdict.NotADigit);
            // A line on its side is a column of lines with one digit each, but for what its signs may pass for.
            var isColumn = digits < LeastDigits * turned.Text.Split('\n').Length;
            // What is the same on its head says nothing of where up is.
            var isSameOnItsHead = turn == Half && !turned.Text.AsSpan().ContainsAnyExcept(SameOnTheirHeads);
            if (!isSameOnItsHead && found >= most && (found - evidence) * digits >= AheadTogether && turned.Verdict is Verdict.Digit or Verdict.Ambiguous && !isColumn)
            {
                (best, most) = (Back(turned, turn, upright), found);
            }
        }

        return best;
    }

    private static ReadingResult Back(ReadingResult turned, int turn, ReadingResult upright) => turned with
    {
        Digits = [.. turned.Digits.Select(digit => digit with { Box = Back(digit.Box, turn, upright.Width, upright.Height) })],
        LeftOut = [.. turned.LeftOut.Select(ink => ink with { Box = Back(ink.Box, turn, upright.Width, upright.Height) })],
        Width = upright.Width,
        Height = upright.Height,
    };

    /// <summary>Where a box lies once the picture is turned: the other way round, what <see cref="Back(PixelBox, int, int, int)"/> does.</summary>
    private static PixelBox Turned(PixelBox box, int turn, int width, int height) => turn switch
    {
        6 => Back(box, 8, height, width),
        8 => Back(box, 6, height, width),
        _ => Back(box, turn, width, height),
    };

    private static PixelBox Back(PixelBox box, int turn, int width, int height) => turn switch
    {
        6 => new PixelBox(box.Y, height - box.Right, box.Height, box.Width),
        8 => new PixelBox(width - box.Bottom, box.X, box.Height, box.Width),
        _ => new PixelBox(width - box.Right, height - box.Bottom, box.Width, box.Height),
    };
}
