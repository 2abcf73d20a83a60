using DigitML.Reading;

namespace DigitML.Tests.Reading;

public class PadDigitsTests
{
    private static readonly Lazy<DigitReader> s_reader = new(() => new DigitReader());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_LevelBarsOfEveryWidthAndPen_AreStrokesOfTheirDigit(bool single)
    {
        const int Count = 500;
        var wrong = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            var digit = PadDigits.Barred[i % PadDigits.Barred.Length];
            var picture = PadDigits.Draw(digit, new Random(9000 + i));
            var text = s_reader.Value.Read(picture, single).Text;
            if (text != FormattableString.Invariant($"{digit}"))
            {
                wrong.Add(FormattableString.Invariant($"{i}: {digit} as {text}"));
            }
        }

        Assert.True(wrong.Count <= Count / 100, FormattableString.Invariant($"{wrong.Count} of {Count}: {string.Join("; ", wrong.Take(60))}"));
    }
}
