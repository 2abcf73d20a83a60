using DigitML.Models;
using DigitML.Tests.Training;

namespace DigitML.Tests.Models;

/// <summary>Random networks and what a textbook says they answer.</summary>
internal static class TestNetworks
{
    public static float[] Numbers(int count, int seed, float spread = 0.5f)
    {
        var random = new Random(seed);
        var numbers = new float[count];
        foreach (ref var number in numbers.AsSpan())
        {
            number = (float)(random.NextDouble() * 2 - 1) * spread;
        }

        return numbers;
    }

    public static Mlp Create(int seed, PixelNormalization normalization, Dictionary<string, string>? metadata, params int[] sizes)
    {
        var layers = new DenseLayer[sizes.Length - 1];
        for (var i = 0; i < layers.Length; i++)
        {
            layers[i] = new DenseLayer(sizes[i], sizes[i + 1], Numbers(sizes[i] * sizes[i + 1], seed + i), Numbers(sizes[i + 1], seed + 100 + i));
        }

        return new Mlp(normalization, layers, metadata);
    }

    /// <summary>The same weights with another activation after every layer.</summary>
    public static Mlp Activated(Mlp model, Activation activation) => new(
        model.Normalization,
        [.. model.Layers.Select(layer => new DenseLayer(layer.Inputs, layer.Outputs, layer.Weights, layer.Bias, activation))],
        model.Metadata);

    public static byte[] Pixels(int count, int seed)
    {
        var pixels = new byte[count];
        new Random(seed).NextBytes(pixels);
        return pixels;
    }

    public static byte[] Bytes(Mlp model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    /// <summary>Checks a model's probabilities on random pictures against layers worked out in doubles.</summary>
    /// <param name="model">The model.</param>
    /// <param name="valueOf">What the first layer is given for a pixel: of its index and value.</param>
    /// <param name="layers">Weights [outputs, inputs] and biases.</param>
    public static void AssertPredicts(Mlp model, Func<int, byte, double> valueOf, params (float[] Weights, float[] Bias)[] layers)
    {
        var reference = new ReferenceNetwork(
            [.. layers.Select(layer => Array.ConvertAll(layer.Weights, weight => (double)weight))],
            [.. layers.Select(layer => Array.ConvertAll(layer.Bias, bias => (double)bias))]);
        const int count = 7;
        var pixels = Pixels(count * model.InputCount, seed: 5);
        for (var i = 0; i < count; i++)
        {
            var image = pixels.AsSpan(i * model.InputCount, model.InputCount).ToArray();
            var expected = reference.Probabilities([.. image.Select((pixel, p) => valueOf(p, pixel))]);
            var found = model.Predict(image).Probabilities.ToArray();
            for (var c = 0; c < expected.Length; c++)
            {
                // Sums of a few hundred float32 products, softmaxed.
                Assert.Equal(expected[c], found[c], 1e-5);
            }
        }
    }
}
