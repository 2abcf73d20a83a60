using DigitML.Data;
using DigitML.Measure;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Synthesis;

namespace DigitML.Tests.Synthesis;

public class PicturesTests
{
    private static readonly LabelledImages Digits = SyntheticDigits.Create(200, seed: 15);

    public static TheoryData<string> Singles => [.. SinglePictures.Kinds];

    public static TheoryData<string> All => [.. MadeKinds.Matching(null)];

    [Theory]
    [MemberData(nameof(Singles))]
    public void Make_OneDigit_IsTheSameFromTheSameSeedAndHoldsTheDigitInItsBox(string kind)
    {
        var scene = SinglePictures.Make(kind, ReaderDigits.SourceOf(Digits, SeededRandom.OfItem(33, 0)));
        var again = SinglePictures.Make(kind, ReaderDigits.SourceOf(Digits, SeededRandom.OfItem(33, 0)));

        Assert.Equal(scene.Picture.Values, again.Picture.Values);
        Assert.Equal(scene.Label, again.Label);
        Assert.InRange(scene.Box.X, 0, scene.Picture.Width - 1);
        Assert.InRange(scene.Box.Bottom, 1, scene.Picture.Height);
        Assert.True(scene.Picture.Values.Max() - scene.Picture.Values.Min() > 0.2f, "nothing was written");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Make_EveryKind_IsTheSameFromTheSameSeedAndNamesItsDigits(string kind)
    {
        var made = MadeKinds.Make(kind, MadeKinds.SourceFor(kind, Digits, 34));
        var again = MadeKinds.Make(kind, MadeKinds.SourceFor(kind, Digits, 34));

        Assert.Equal(made.Image.Pixels.ToArray(), again.Image.Pixels.ToArray());
        Assert.Equal(made.Text, again.Text);
        Assert.Equal(MadeKinds.IsSingle(kind) || kind.StartsWith("pad", StringComparison.Ordinal), made.Text.Length == 1);
        Assert.All(made.Text, letter => Assert.True(letter == '\n' || char.IsAsciiDigit(letter)));
        Assert.True(made.Image.Pixels.ToArray().Max() - made.Image.Pixels.ToArray().Min() > 50, "nothing was written");
    }

    [Fact]
    public void ReaderDigits_OneThreadOrThree_AreTheSame()
    {
        var one = ReaderDigits.Create(61, 0.25, Digits, seed: 5, threads: 1);
        var three = ReaderDigits.Create(61, 0.25, Digits, seed: 5, threads: 3);
        var other = ReaderDigits.Create(61, 0.25, Digits, seed: 6, threads: 1);

        Assert.Equal((one.Digits.Hash, one.Outliers.Hash), (three.Digits.Hash, three.Outliers.Hash));
        Assert.NotEqual(one.Digits.Hash, other.Digits.Hash);
        Assert.Equal(61, one.Digits.Count + one.Outliers.Count);
        Assert.InRange(one.Outliers.Count, 3, 30);
        Assert.False(one.Outliers.HasLabels);
        Assert.All(new[] { one.Digits, one.Outliers }, images => Assert.All(Enumerable.Range(0, images.Count), i => Assert.True(images.Image(i).ToArray().Max() > 100)));
    }

    [Fact]
    public void Thin_ABroadBar_LeavesALine()
    {
        var mask = new bool[41 * 17];
        for (var y = 4; y < 13; y++)
        {
            mask.AsSpan((y * 41) + 5, 30).Fill(true);
        }

        Thinning.Thin(41, mask);

        Assert.InRange(mask.Count(value => value), 15, 34);
        Assert.All(Enumerable.Range(12, 16), x => Assert.Equal(1, Enumerable.Range(0, 17).Count(y => mask[(y * 41) + x])));
    }

    [Theory]
    [InlineData(95, 0.02)]
    [InlineData(30, 0.15)]
    public void JpegLoss_Quality_LosesAsMuchAsItSays(int quality, double most)
    {
        var picture = new Plane(53, 45);
        for (var i = 0; i < picture.Values.Length; i++)
        {
            picture.Values[i] = 0.5f + (0.4f * MathF.Sin(i * 0.13f));
        }

        var before = (float[])picture.Values.Clone();

        JpegLoss.Apply(picture, quality);

        var error = Math.Sqrt(before.Zip(picture.Values, (a, b) => (double)(a - b) * (a - b)).Average());
        Assert.InRange(error, 0.0005, most);
    }
}
