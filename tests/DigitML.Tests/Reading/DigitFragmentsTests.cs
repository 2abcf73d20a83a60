using DigitML.Data;
using DigitML.Pixels;
using DigitML.Reading;

namespace DigitML.Tests.Reading;

public class DigitFragmentsTests
{
    private static readonly Lazy<LabelledImages> s_digits = new(() => SyntheticDigits.Create(500, 3));

    [Fact]
    public void Make_SameNumbers_GivesTheSameFragment()
    {
        var fragments = Enumerable.Range(0, 40).Select(Fragment).ToArray();

        Assert.Equal(fragments, Enumerable.Range(0, 40).Select(Fragment));
        Assert.True(fragments.Select(Convert.ToHexString).Distinct().Count() == fragments.Length);
    }

    [Fact]
    public void Make_ManySeeds_AreFramedAndNoStraightStrokes()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var frame = Fragment(seed);

            Assert.Equal(255, frame.Max());
            Assert.True(MnistFrame.IsFramed(Plane.From(new GreyImage(28, 28, frame))), FormattableString.Invariant($"seed {seed}"));
            Assert.True(WidthOf(frame) >= 3, FormattableString.Invariant($"seed {seed}"));
        }
    }

    [Fact]
    public void Make_OfOnesAlone_StillGivesInk()
    {
        var ones = s_digits.Value.Select([.. Enumerable.Range(0, s_digits.Value.Count).Where(i => s_digits.Value.Label(i) == 1)]);
        for (var seed = 0; seed < 10; seed++)
        {
            Assert.Equal(255, DigitFragments.Make(ReaderDigits.SourceOf(ones, SeededRandom.OfItem(seed, 1))).Max());
        }
    }

    [Fact]
    public void IsFragment_RightHalfOfAnEight_MayBeAThree()
    {
        var eights = s_digits.Value.Select([.. Enumerable.Range(0, s_digits.Value.Count).Where(i => s_digits.Value.Label(i) == 8)]);
        var (left, right) = (0, 0);
        for (var seed = 0; seed < 60; seed++)
        {
            var eight = TouchingDigits.Write(ReaderDigits.SourceOf(eights, SeededRandom.OfItem(seed, 2)), 1, 0, 0);
            foreach (var run in eight.Runs(out var stroke).Where(run => DigitFragments.IsFragment(run, eight, stroke)))
            {
                left += run.Box.X == eight.Piece!.Box.X ? 1 : 0;
                right += run.Box.Right == eight.Piece.Box.Right ? 1 : 0;
            }
        }

        Assert.Equal(0, right);
        Assert.InRange(left, 20, int.MaxValue);
    }

    private static byte[] Fragment(int seed) => DigitFragments.Make(ReaderDigits.SourceOf(s_digits.Value, SeededRandom.OfItem(seed, 0)));

    private static int WidthOf(byte[] frame) =>
        Enumerable.Range(0, 28).Count(x => Enumerable.Range(0, 28).Any(y => frame[(y * 28) + x] > 127));
}
