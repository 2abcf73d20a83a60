using DigitML.Numerics;

namespace DigitML.Training;

/// <summary>Initial weights: normal with variance 2 / inputs, which keeps the signal's size through ReLU layers (He et al. 2015, equation 10); biases 0.</summary>
internal static class HeInitializer
{
    /// <summary>Fills all layers from one seed.</summary>
    public static void Fill(TrainableLayer[] layers, int seed)
    {
        var random = new SeededRandom(seed, RandomStreams.Weights);
        foreach (var layer in layers)
        {
            var deviation = Math.Sqrt(2.0 / layer.Inputs);
            var weights = new float[layer.Inputs * layer.Outputs];
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = (float)(deviation * random.NextGaussian());
            }

            layer.Import(weights, new float[layer.Outputs]);
        }
    }
}
