using DigitML.Data;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Synthesis;

namespace DigitML.Tests.Reading;

public class CutDigitsTests
{
    private static readonly Lazy<LabelledImages> s_digits = new(() => SyntheticDigits.Create(500, 4));

    [Fact]
    public void Make_SameNumbers_GivesTheSameDigit()
    {
        var first = Enumerable.Range(0, 30).Select(seed => CutDigits.Make(Source(seed))).ToArray();
        var again = Enumerable.Range(0, 30).Select(seed => CutDigits.Make(Source(seed))).ToArray();

        Assert.Equal(first.Select(cut => cut?.Label), again.Select(cut => cut?.Label));
        Assert.Equal(first.Select(cut => cut?.Frame), again.Select(cut => cut?.Frame));
    }

    [Fact]
    public void Make_ManySeeds_GivesFramedDigitsOfEveryClass()
    {
        var made = Enumerable.Range(0, 300).Select(seed => CutDigits.Make(Source(seed))).OfType<(byte[] Frame, byte Label)>().ToArray();

        Assert.InRange(made.Length, 250, 300);
        Assert.Equal(10, made.Select(cut => cut.Label).Distinct().Count());
        Assert.All(made, cut => Assert.True(MnistFrame.IsFramed(Plane.From(new GreyImage(28, 28, cut.Frame)))));
    }

    [Fact]
    public void Make_OfZerosAndOnes_TakesTheOneThatItSays()
    {
        // Whatever else is cut off: a zero is broad and hollow, a one narrow.
        var digits = s_digits.Value.Select([.. Enumerable.Range(0, s_digits.Value.Count).Where(i => s_digits.Value.Label(i) is 0 or 1)]);
        var made = Enumerable.Range(0, 200).Select(seed => CutDigits.Make(ReaderDigits.SourceOf(digits, SeededRandom.OfItem(seed, 1)))).OfType<(byte[] Frame, byte Label)>().ToArray();

        Assert.InRange(made.Count(cut => IsHollow(cut.Frame) == (cut.Label == 0)), 0.9 * made.Length, made.Length);
    }

    [Fact]
    public void ShareOf_TheWholeInk_IsAllOfEveryDigit()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var digits = TouchingDigits.Write(Source(seed), 3, 0.1f, 0.2f);
            var all = digits.Piece!;

            Assert.Equal(3, digits.Labels.Count);
            Assert.All(Enumerable.Range(0, 3), i => Assert.InRange(digits.ShareOf(all, i), 0.6, 1.0001));
        }
    }

    [Fact]
    public void Runs_OfDigitsApart_HaveOneForEachDigitAndNeverAllTogether()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var digits = TouchingDigits.Write(Source(seed), 2, 0.2f, 0.3f);
            var runs = digits.Runs(out _).ToArray();

            Assert.All([0, 1], wanted => Assert.Contains(runs, run => digits.ShareOf(run, wanted) > 0.55 && digits.ShareOf(run, 1 - wanted) < 0.05));
            Assert.All(runs, run => Assert.True(run.Mass < digits.Piece!.Mass - 0.1));
        }
    }

    private static DigitSource Source(int seed) => ReaderDigits.SourceOf(s_digits.Value, SeededRandom.OfItem(seed, 0));

    /// <summary>Whether there is ground in the frame's middle, between ink on both sides.</summary>
    private static bool IsHollow(byte[] frame) =>
        Enumerable.Range(11, 6).Any(y =>
        {
            var row = frame.AsSpan(y * 28, 28);
            return row[..14].ContainsAnyInRange((byte)128, byte.MaxValue) && row[14..].ContainsAnyInRange((byte)128, byte.MaxValue) && row[13..15].ContainsAnyInRange((byte)0, (byte)99) && row[..13].LastIndexOfAnyInRange((byte)128, byte.MaxValue) < 12;
        });
}
