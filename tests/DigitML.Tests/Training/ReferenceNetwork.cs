using DigitML.Numerics;

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

    /// <summary>The probabilities of one picture's classes.</summary>
    public double[] Probabilities(ReadOnlySpan<double> input, int row = 0)
    {
        var values = input.ToArray();
        for (var layer = 0; layer < Weights.Length; layer++)
        {
            var next = (double[])Biases[layer].Clone();
            for (var output = 0; output < next.Length; output++)
            {
                for (var i = 0; i < values.Length; i++)
                {
                    next[output] += values[i] * Weights[layer][(output * values.Length) + i];
                }

                if (layer < Weights.Length - 1)
                {
                    next[output] = Activate(next[output]) * Keep(row, layer, output);
                }
            }

            values = next;
        }

        var max = values.Max();
        var sum = values.Sum(v => Math.Exp(v - max));
        return Array.ConvertAll(values, v => Math.Exp(v - max) / sum);
    }

    /// <summary>Share of a class in a picture's target, by the picture's number.</summary>
    public Func<int, int, double> Target { get; init; } = (_, _) => throw new InvalidOperationException("No targets were given.");

    /// <summary>Mean cross-entropy of a batch with its targets.</summary>
    public double Loss(ReadOnlySpan<double> inputs, int rows)
    {
        var size = inputs.Length / rows;
        var loss = 0.0;
        for (var row = 0; row < rows; row++)
        {
            var probabilities = Probabilities(inputs.Slice(row * size, size), row);
            for (var c = 0; c < probabilities.Length; c++)
            {
                loss -= Target(row, c) * Math.Log(probabilities[c]);
            }
        }

        return loss / rows;
    }
}
