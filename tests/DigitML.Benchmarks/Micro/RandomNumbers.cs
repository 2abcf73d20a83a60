using DigitML.Numerics;
using DigitML.Pixels;

namespace DigitML.Benchmarks.Micro;

/// <summary>What the kernels work on here.</summary>
internal static class RandomNumbers
{
    /// <summary>A step so small that weights stay what they are, however often a benchmark takes it.</summary>
    public static UpdateStep Adam { get; } = new() { Kind = UpdateKind.Adam, Rate = 1e-9f, Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-7f, Keep = 1f };

    /// <summary>Fills a matrix with numbers between −scale and scale.</summary>
    public static void Fill(ref SeededRandom random, in PanelMatrix matrix, float scale)
    {
        foreach (ref var value in matrix.Span)
        {
            value = (float)((random.NextDouble() * 2) - 1) * scale;
        }
    }

    /// <summary>A layer of random weights.</summary>
    public static TrainableLayer Layer(ref SeededRandom random, int inputs, int outputs)
    {
        var layer = new TrainableLayer(inputs, outputs);
        Fill(ref random, layer.Weights, scale: 0.05f);
        return layer;
    }
}
