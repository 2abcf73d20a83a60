using DigitML.Data;
using DigitML.Models;
using DigitML.Reading;

namespace DigitML.Tests.Reading;

public class SimilarDigitsTests
{
    private const int Count = 400;

    private static readonly SimilarDigits s_similar = SimilarDigits.Of(ShippedModel.Mlp, Count, TestContext.Current.CancellationToken);

    [Fact]
    public void Nearest_OneOfThemselves_IsItFirst()
    {
        var digits = SyntheticDigits.Create(Count, ReaderTrainer.Recipe.Seed);
        for (var i = 0; i < Count; i += 7)
        {
            var found = s_similar.Nearest(digits.Image(i));

            Assert.Equal(digits.Image(i).ToArray(), found[0].Picture.Pixels.ToArray());
            Assert.Equal((int)digits.Label(i), found[0].Digit);
            Assert.Equal(1, found[0].Likeness, 1e-5);
            Assert.Equal(6, found.Count);
            Assert.Equal(found.Select(digit => digit.Likeness).OrderDescending(), found.Select(digit => digit.Likeness));
        }
    }

    [Fact]
    public void Nearest_DigitsOfOtherWriters_AreMostlyTheSameDigit()
    {
        var others = SyntheticDigits.Create(100, seed: 77);
        var same = Enumerable.Range(0, others.Count).Sum(i => s_similar.Nearest(others.Image(i)).Count(found => found.Digit == others.Label(i)));

        Assert.True(same >= 0.8 * 600, $"{same} of 600");
    }

    [Fact]
    public void Nearest_APictureWithoutInk_IsLikeNone() =>
        Assert.All(SimilarDigits.Of(Unbiased(), 20, TestContext.Current.CancellationToken).Nearest(new byte[784], 3), found => Assert.Equal(0, found.Likeness));

    [Theory]
    [InlineData(784, false)]
    [InlineData(64, true)]
    public void Of_NetworkThatDoesNotSuit_SaysWhatIsNeeded(int inputs, bool hasHidden)
    {
        DenseLayer Layer(int from, int to) => new(from, to, new float[from * to], new float[to]);
        var model = new Mlp(PixelNormalization.UnitRange, hasHidden ? [Layer(inputs, 5), Layer(5, 10)] : [Layer(inputs, 10)]);

        Assert.False(SimilarDigits.Suits(model));
        Assert.StartsWith("SimilarDigits needs a network of 784 pixels with a hidden layer; got", Assert.Throws<ArgumentException>(() => SimilarDigits.Of(model, cancellationToken: TestContext.Current.CancellationToken)).Message);
    }

    private static Mlp Unbiased() => new(
        PixelNormalization.UnitRange,
        [.. ShippedModel.Mlp.Layers.Select(layer => new DenseLayer(layer.Inputs, layer.Outputs, layer.Weights, new float[layer.Outputs]))]);
}
