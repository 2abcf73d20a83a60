using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;

namespace DigitML.Tests.Reading;

public class DigitReaderTests
{
    [Theory]
    [InlineData(1, 1, 93)]
    [InlineData(3, 71, 0)]
    [InlineData(28, 28, 93)]
    [InlineData(28, 28, 0)]
    [InlineData(28, 28, 255)]
    [InlineData(301, 203, 254)]
    [InlineData(301, 203, 255)]
    public void Read_PictureOfOneTone_IsBlank(int width, int height, byte tone)
    {
        var reading = new DigitReader(AnyModel()).Read(new GreyImage(width, height, Enumerable.Repeat(tone, width * height).ToArray()));

        Assert.Equal(Verdict.Blank, reading.Verdict);
        Assert.Equal("", reading.Text);
        Assert.Empty(reading.Digits);
    }

    [Theory]
    [InlineData(301, 203)]
    [InlineData(1507, 1309)]
    public void Read_Noise_IsNoDigit(int width, int height)
    {
        var pixels = new byte[width * height];
        new Random(73).NextBytes(pixels);

        var reading = new DigitReader().Read(new GreyImage(width, height, pixels));

        Assert.Equal(Verdict.NotADigit, reading.Verdict);
        Assert.Equal("", reading.Text);
    }

    [Theory]
    [InlineData(0.0999999f)]
    [InlineData(0.1f)]
    public void Evidence_OfANetworkThatIsSureOfNothing_IsTheLeast(float probability)
    {
        // Rounding may leave the surest of ten equal classes a little under a tenth; that is no evidence, and not no number.
        var classified = new Classified([], [.. Enumerable.Repeat(probability, 10)], Digit: 0, RunnerUp: 1);

        Assert.Equal(-5, classified.Evidence);
    }

    [Fact]
    public void Constructor_ModelOfAnotherShape_SaysWhatIsNeeded()
    {
        var layer = new DenseLayer(4, 3, new float[12], new float[3]);
        var error = Assert.Throws<ArgumentException>(() => new DigitReader(new Mlp(PixelNormalization.UnitRange, [layer])));
        Assert.Contains("784 pixels and 10 classes; got 4 and 3", error.Message);
    }

    [Fact]
    public void Read_Stroke_HasItsBoxInPixelsOfThePicture()
    {
        var pixels = new byte[127 * 89];
        pixels.AsSpan().Fill(255);
        for (var y = 20; y < 70; y++)
        {
            pixels.AsSpan((y * 127) + 40, 6).Clear();
        }

        var digit = Assert.Single(new DigitReader(AnyModel()).Read(new GreyImage(127, 89, pixels), single: true).Digits);

        Assert.Equal(new DigitML.Pixels.PixelBox(40, 20, 6, 50), digit.Box);
    }

    /// <summary>Weights by chance: enough where the answer does not matter.</summary>
    private static Mlp AnyModel()
    {
        var random = new Random(41);
        var weights = new float[7840];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = random.NextSingle() - 0.5f;
        }

        return new Mlp(PixelNormalization.UnitRange, [new DenseLayer(784, 10, weights, new float[10])]);
    }
}
