using System.Globalization;
using DigitML.Data;
using DigitML.Measure;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Synthesis;

namespace DigitML.Tests.Reading;

/// <summary>What the shipped model makes of a sample of made pictures: a change that loses a kind is seen.</summary>
public class MadeKindsGateTests
{
    private const int Count = 300;

    /// <summary>
    /// Synthetic writers are wilder than people. Today's worst kind loses 25, small boxes that digits cross 31, shadows 24, and 29 where the ground does not
    /// follow them; a network that was trained anew and is none the worse loses some of a kind and gains others.
    /// </summary>
    private const int MostWrong = 30;

    private const int MostWrongInBoxes = 38;

    private const int MostWrongInShadows = 27;

    private static readonly LabelledImages s_digits = SyntheticDigits.Create(2_000, seed: 31);

    private static readonly DigitReader s_reader = new();

    public static TheoryData<string> Kinds => [.. SinglePictures.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_SyntheticDigitsOfAKind_AreRight(string kind)
    {
        var source = ReaderDigits.SourceOf(s_digits, SeededRandom.OfItem(77, 0));

        AssertMostRight(kind, kind == "form-box" ? MostWrongInBoxes : MostWrong, () => SinglePictures.Make(kind, source));
    }

    [Fact]
    public void Read_SyntheticDigitsInShadows_AreRight()
    {
        var source = ReaderDigits.SourceOf(s_digits, SeededRandom.OfItem(77, 0));

        AssertMostRight("photo-shadow", MostWrongInShadows, () => MeasuredPictures.Make("photo-shadow", source));
    }

    private static void AssertMostRight(string kind, int most, Func<Scene> make)
    {
        var wrong = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            var scene = make();
            var text = s_reader.Read(scene.Picture.ToPicture(), single: true).Text;
            if (text != scene.Label.ToString(CultureInfo.InvariantCulture))
            {
                wrong.Add(FormattableString.Invariant($"{scene.Label} as {text}"));
            }
        }

        Assert.True(wrong.Count <= most, $"{wrong.Count} of {Count} {kind}: {string.Join(", ", wrong)}");
    }
}
