using DigitML.Models;
using DigitML.Tests.Training;

namespace DigitML.Tests.Models;

public class MlpAttributionTests
{
    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(0.13f, 0.31f)]
    public void Attribution_EveryPixel_MatchesTheCentralDifferenceTimesThePixel(float mean, float deviation) =>
        Check(TestNetworks.Create(61, new PixelNormalization(1 / 255f, mean, deviation), null, 23, 17, 9, 5));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Attribution_EveryActivation_MatchesTheCentralDifferenceTimesThePixel(ActivationKind kind) =>
        Check(TestNetworks.Activated(TestNetworks.Create(66, PixelNormalization.UnitRange, null, 23, 17, 9, 5), ReferenceActivations.Of(kind)));

    public static TheoryData<ActivationKind> Kinds => [.. Enum.GetValues<ActivationKind>()];

    private static void Check(Mlp model)
    {
        var pixels = TestNetworks.Pixels(23, seed: 62);
        pixels[4] = 0;
        const double step = 1e-4;
        for (var c = 0; c < 5; c++)
        {
            var attribution = model.Attribution(pixels, c);

            for (var i = 0; i < pixels.Length; i++)
            {
                var values = Array.ConvertAll(pixels, pixel => (double)pixel);
                values[i] = pixels[i] + step;
                var above = Logit(model, values, c);
                values[i] = pixels[i] - step;
                var expected = (above - Logit(model, values, c)) / (2 * step) * pixels[i];

                // The attribution is a product of float32 sums over up to 23 terms.
                Assert.Equal(expected, attribution[i], 1e-4);
            }
        }
    }

    [Fact]
    public void Attribution_OneLayer_SumsToTheLogitWithoutItsBias()
    {
        var model = TestNetworks.Create(63, PixelNormalization.UnitRange, null, 31, 3);
        var pixels = TestNetworks.Pixels(31, seed: 64);
        var logit = Logit(model, Array.ConvertAll(pixels, pixel => (double)pixel), 1);

        Assert.Equal(logit - model.Layers[0].Bias.Span[1], model.Attribution(pixels, 1).Sum(value => (double)value), 1e-4);
    }

    [Theory]
    [InlineData(30, 0)]
    [InlineData(31, -1)]
    [InlineData(31, 3)]
    public void Attribution_WrongShapeOrClass_Throws(int pixels, int classIndex)
    {
        var model = TestNetworks.Create(65, PixelNormalization.UnitRange, null, 31, 3);
        Assert.ThrowsAny<ArgumentException>(() => model.Attribution(new byte[pixels], classIndex));
    }

    /// <summary>A class's logit in doubles, for pixel values that need not be whole.</summary>
    private static double Logit(Mlp model, double[] pixels, int classIndex)
    {
        var (scale, mean, deviation) = model.Normalization;
        var values = Array.ConvertAll(pixels, pixel => ((pixel * scale) - mean) / deviation);
        for (var i = 0; i < model.Layers.Count; i++)
        {
            var layer = model.Layers[i];
            var outputs = new double[layer.Outputs];
            for (var output = 0; output < outputs.Length; output++)
            {
                outputs[output] = layer.Bias.Span[output];
                for (var input = 0; input < layer.Inputs; input++)
                {
                    outputs[output] += layer.Weights.Span[(output * layer.Inputs) + input] * values[input];
                }

                outputs[output] = i < model.Layers.Count - 1 ? ReferenceActivations.Value(layer.Activation.Kind, outputs[output]) : outputs[output];
            }

            values = outputs;
        }

        return values[classIndex];
    }
}
