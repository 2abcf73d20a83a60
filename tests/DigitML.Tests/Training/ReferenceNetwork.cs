using DigitML.Numerics;
using DigitML.Training;

namespace DigitML.Tests.Training;

/// <summary>The network as a textbook writes it, in doubles: the oracle of the trainer's tests.</summary>
internal sealed class ReferenceNetwork(double[][] weights, double[][] biases)
{
    /// <summary>Of each layer: row-major [outputs, inputs].</summary>
    public double[][] Weights { get; } = weights;

    /// <summary>Of each layer: [outputs].</summary>
    public double[][] Biases { get; } = biases;

    /// <summary>What hidden units do with their sums.</summary>
    public Func<double, double> Activate { get; init; } = sum => Math.Max(0, sum);

    /// <summary>Dropout's factor for a hidden unit: of the picture's number, the layer and the unit.</summary>
    public Func<int, int, int, double> Keep { get; init; } = (_, _, _) => 1;

    public static ReferenceNetwork From(TrainableLayer[] layers) => new(
        Array.ConvertAll(layers, layer => Array.ConvertAll(layer.Export(layer.Weights), w => (double)w)),
        Array.ConvertAll(layers, layer => Array.ConvertAll(layer.Bias.Span[..layer.Outputs].ToArray(), b => (double)b)));

    /// <summary>Of each hidden layer: what its sums, normalised over the batch, are multiplied by; empty where they are not normalised.</summary>
    public double[][] Scales { get; init; } = [];

    /// <summary>What is added to normalised sums before they are scaled: of the picture's number, the layer and the unit.</summary>
    public Func<int, int, int, double> Noise { get; init; } = (_, _, _) => 0;

    /// <summary>The probabilities of one picture's classes.</summary>
    public double[] Probabilities(ReadOnlySpan<double> input) => Probabilities([input.ToArray()])[0];

    /// <summary>The probabilities of a batch's classes.</summary>
    private double[][] Probabilities(double[][] values)
    {
        for (var layer = 0; layer < Weights.Length; layer++)
        {
            var hidden = layer < Weights.Length - 1;
            var sums = Array.ConvertAll(values, input => Product(Weights[layer], input));
            for (var output = 0; output < Biases[layer].Length; output++)
            {
                if (hidden && Scales.Length > 0)
                {
                    var mean = sums.Average(row => row[output]);
                    var inverse = 1 / Math.Sqrt(sums.Average(row => (row[output] - mean) * (row[output] - mean)) + 1e-3);
                    for (var row = 0; row < sums.Length; row++)
                    {
                        sums[row][output] = (((sums[row][output] - mean) * inverse) + Noise(row, layer, output)) * Scales[layer][output];
                    }
                }

                for (var row = 0; row < sums.Length; row++)
                {
                    sums[row][output] += Biases[layer][output];
                    sums[row][output] = hidden ? Activate(sums[row][output]) * Keep(row, layer, output) : sums[row][output];
                }
            }

            values = sums;
        }

        return Array.ConvertAll(values, logits =>
        {
            var max = logits.Max();
            var sum = logits.Sum(v => Math.Exp(v - max));
            return Array.ConvertAll(logits, v => Math.Exp(v - max) / sum);
        });
    }

    private static double[] Product(double[] weights, double[] input)
    {
        var sums = new double[weights.Length / input.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            sums[i / input.Length] += weights[i] * input[i % input.Length];
        }

        return sums;
    }

    /// <summary>Share of a class in a picture's target, by the picture's number.</summary>
    public Func<int, int, double> Target { get; init; } = (_, _) => throw new InvalidOperationException("No targets were given.");

    /// <summary>A teacher's softened answer to a row; null where there is none.</summary>
    public Func<int, float[]?> Taught { get; init; } = _ => null;

    /// <summary>How much is learnt from it.</summary>
    public DistillationOptions Distillation { get; init; } = new();

    /// <summary>Mean cross-entropy of a batch with its targets, and with a teacher's answers.</summary>
    public double Loss(ReadOnlySpan<double> inputs, int rows)
    {
        var size = inputs.Length / rows;
        var loss = 0.0;
        var probabilities = Probabilities([.. inputs.ToArray().Chunk(size)]);
        for (var row = 0; row < rows; row++)
        {
            var taught = Taught(row);
            var (share, temperature) = taught is null ? (0, 1) : ((double)Distillation.Share, (double)Distillation.Temperature);
            var softened = probabilities[row].Sum(p => Math.Pow(p, 1 / temperature));
            for (var c = 0; c < probabilities[row].Length; c++)
            {
                loss -= (1 - share) * Target(row, c) * Math.Log(probabilities[row][c]);
                loss -= taught is null ? 0 : share * temperature * temperature * taught[c] * Math.Log(Math.Pow(probabilities[row][c], 1 / temperature) / softened);
            }
        }

        return loss / rows;
    }
}
