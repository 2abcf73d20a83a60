using DigitML.Data;
using DigitML.Pictures;
using DigitML.Preprocessing;

namespace DigitML.Tests.Pictures;

public class PicturesTests
{
    private static readonly LabelledImages Digits = SyntheticDigits.Create(200, seed: 15);

    public static TheoryData<string> Singles => [.. SinglePictures.Kinds, .. HeldBackPictures.Kinds];

    public static TheoryData<string> Strings => [.. StringPictures.Kinds, .. StringPictures.HeldBack];

    [Theory]
    [MemberData(nameof(Singles))]
    public void Make_OneDigit_IsTheSameFromTheSameSeedAndHoldsTheDigitInItsBox(string kind)
    {
        var scene = SinglePictures.Make(kind, new DigitSource(Digits, new Random(33)));
        var again = SinglePictures.Make(kind, new DigitSource(Digits, new Random(33)));

        Assert.Equal(scene.Picture.Values, again.Picture.Values);
        Assert.Equal(scene.Label, again.Label);
        Assert.InRange(scene.Box.X, 0, scene.Picture.Width - 1);
        Assert.InRange(scene.Box.Bottom, 1, scene.Picture.Height);
        Assert.True(Contrast(scene.Picture) > 0.2f, "nothing was written");
    }

    [Theory]
    [MemberData(nameof(Strings))]
    public void Make_SeveralDigits_IsTheSameFromTheSameSeedAndNamesThem(string kind)
    {
        var made = StringPictures.Make(kind, new DigitSource(Digits, new Random(34)));
        var again = StringPictures.Make(kind, new DigitSource(Digits, new Random(34)));

        Assert.Equal(made.Image.Pixels.ToArray(), again.Image.Pixels.ToArray());
        Assert.Equal(made.Text, again.Text);
        Assert.True(made.Text.Length >= 2);
        Assert.All(made.Text, letter => Assert.True(letter == '\n' || char.IsAsciiDigit(letter)));
    }

    [Fact]
    public void ReaderDigits_OneThreadOrThree_AreTheSame()
    {
        var one = ReaderDigits.Create(61, 0.25, Digits, seed: 5, threads: 1);
        var three = ReaderDigits.Create(61, 0.25, Digits, seed: 5, threads: 3);
        var other = ReaderDigits.Create(61, 0.25, Digits, seed: 6, threads: 1);

        Assert.Equal(one.Hash, three.Hash);
        Assert.NotEqual(one.Hash, other.Hash);
        Assert.Contains(ReaderDigits.NotDigitLabel, one.Labels.ToArray());
        Assert.All(Enumerable.Range(0, one.Count), i => Assert.True(one.Image(i).ToArray().Max() > 100));
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

    private static float Contrast(Plane picture) => picture.Values.Max() - picture.Values.Min();
}
