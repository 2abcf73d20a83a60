using DigitML.Numerics;
using DigitML.Pixels;

namespace DigitML.Training;

/// <summary>
/// Initial weights: normal with variance 2 / inputs, which keeps the signal's size through ReLU layers (He et al. 2015, equation 10),
/// drawn again beyond two deviations as Keras's he_normal does; biases 0. Layers of tanh and sigmoid have 2 / (inputs + outputs)
/// (Glorot and Bengio 2010, equation 12), which does the same for units that are linear near 0.
/// </summary>
internal static class WeightInitializer
{
    /// <summary>The deviation of a standard normal that is cut off at ±2.</summary>
    private const double TruncatedDeviation = 0.87962566103423978;

    /// <summary>Fills all layers from one seed.</summary>
    public static void Fill(TrainableLayer[] layers, int seed)
    {
        var random = new SeededRandom(seed, RandomStreams.Weights);
        var isGlorot = layers[0].Function.Kind is UnitFunctionKind.Tanh or UnitFunctionKind.Sigmoid;
        foreach (var layer in layers)
        {
            var deviation = Math.Sqrt(2.0 / (layer.Inputs + (isGlorot ? (double)layer.Outputs : 0))) / TruncatedDeviation;
            var weights = new float[layer.Inputs * layer.Outputs];
            for (var i = 0; i < weights.Length; i++)
            {
                double draw;
                do
                {
                    draw = random.NextGaussian();
                }
                while (Math.Abs(draw) > 2);

                weights[i] = (float)(deviation * draw);
            }

            layer.Import(weights, new float[layer.Outputs]);
        }
    }
}

/// <summary>What each stream of random numbers of a run is for: none may share another's.</summary>
internal static class RandomStreams
{
    public const ulong Split = 1;
    public const ulong Weights = 2;
    public const ulong Shuffle = 3;
    public const ulong Dropout = 4;
    public const ulong Augmentation = 5;
    public const ulong InputDropout = 6;
    public const ulong Noise = 7;
}
