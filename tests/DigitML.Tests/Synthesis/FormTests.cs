using DigitML.Data;
using DigitML.Pixels;
using DigitML.Synthesis;

namespace DigitML.Tests.Synthesis;

/// <summary>Forms and proportions that MNIST's digits do not have.</summary>
public class FormTests
{
    [Fact]
    public void WriteRareForm_ManyHands_DrawsEachDigitItNames()
    {
        var counts = new int[10];
        for (var i = 0; i < 900; i++)
        {
            var (strokes, digit) = Writer.WriteRareForm(SeededRandom.OfItem(5, i));
            var ink = strokes.DrawBilevel(41);

            counts[digit]++;
            Assert.InRange(ink.Values.Average(), 0.02, 0.7);
        }

        Assert.All(new[] { 0, 1, 4, 7, 9 }, digit => Assert.True(counts[digit] > 20, $"{digit}: {counts[digit]}"));
        Assert.All(new[] { 2, 3, 5, 6, 8 }, digit => Assert.Equal(0, counts[digit]));
    }

    [Fact]
    public void Stretched_DigitsOfEveryProportion_BecomeAsBroadAsTallOften_AndNeverBroaderThanFrames()
    {
        var digits = SyntheticDigits.Create(300, seed: 9);
        var square = 0;
        for (var i = 0; i < digits.Count; i++)
        {
            var random = SeededRandom.OfItem(6, i);
            var digit = digits.Image(i);
            var shape = new Pen().Stretched(digit, random).Write(digit, random);

            // Stretching stops at 4.5 times, where the thinnest ones are a third to half as broad as tall; the pen adds a little.
            Assert.InRange(shape.AspectRatio, 0.1f, 1.6f);
            square += shape.AspectRatio is > 0.75f and < 1.3f ? 1 : 0;
        }

        Assert.InRange(square, 100, 250);
    }
}
