using System.Numerics.Tensors;

namespace DigitML.Models;

public sealed partial class Mlp
{
    /// <summary>
    /// How much each pixel spoke for or against a class: the gradient of the class's logit by the pixel, times the pixel
    /// ("gradient × input": Shrikumar et al., "Not Just a Black Box", 2016; Ancona et al., ICLR 2018, equation 3).
    /// </summary>
    /// <remarks>
    /// Between the kinks of ReLU a network of it is linear, so the values sum to the logit less what a picture of zeros with
    /// the same units active would get. A pixel of value 0 has attribution 0.
    /// </remarks>
    /// <param name="pixels">[<see cref="InputCount"/>], 0 to 255.</param>
    /// <param name="classIndex">The class, 0 to <see cref="ClassCount"/> − 1.</param>
    /// <returns>[<see cref="InputCount"/>], in units of the logit; above 0 for the class, below 0 against it.</returns>
    /// <exception cref="ArgumentException">The span disagrees with its shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public float[] Attribution(ReadOnlySpan<byte> pixels, int classIndex)
    {
        if (pixels.Length != InputCount)
        {
            throw new ArgumentException(Invariant($"The model takes {InputCount} pixels a picture; got {pixels.Length}."), nameof(pixels));
        }

        if (classIndex < 0 || classIndex >= ClassCount)
        {
            throw new ArgumentOutOfRangeException(nameof(classIndex), classIndex, Invariant($"A class is 0 to {ClassCount - 1}; got {classIndex}."));
        }

        var (slopes, _) = Hidden(pixels);
        var gradient = Layers[^1].Weights.Slice(classIndex * Layers[^1].Inputs, Layers[^1].Inputs).ToArray();
        for (var i = Layers.Count - 2; i >= 0; i--)
        {
            gradient = GradientBefore(Layers[i], slopes[i], gradient);
        }

        var slope = Normalization.Scale / Normalization.Deviation;
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] *= slope * pixels[i];
        }

        return gradient;
    }

    /// <summary>What the units of each hidden layer give for a picture, after their activation; the layer next to the pixels first.</summary>
    /// <param name="pixels">[<see cref="InputCount"/>], 0 to 255.</param>
    /// <returns>For each hidden layer its outputs, as many as it has units; of a network without hidden layers nothing.</returns>
    /// <exception cref="ArgumentException">The span disagrees with its shape.</exception>
    public float[][] Activations(ReadOnlySpan<byte> pixels) =>
        pixels.Length == InputCount
            ? Hidden(pixels).Outputs
            : throw new ArgumentException(Invariant($"The model takes {InputCount} pixels a picture; got {pixels.Length}."), nameof(pixels));

    /// <summary>The derivatives of each hidden layer's activation, and its outputs, input first.</summary>
    private (float[][] Slopes, float[][] Outputs) Hidden(ReadOnlySpan<byte> pixels)
    {
        var values = new float[InputCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ((pixels[i] * Normalization.Scale) - Normalization.Mean) / Normalization.Deviation;
        }

        var slopes = new float[Layers.Count - 1][];
        var all = new float[slopes.Length][];
        for (var i = 0; i < slopes.Length; i++)
        {
            var layer = Layers[i];
            var outputs = layer.Bias.ToArray();
            slopes[i] = new float[outputs.Length];
            for (var output = 0; output < outputs.Length; output++)
            {
                var weights = layer.WeightsInto(output);
                outputs[output] += TensorPrimitives.Dot<float>(weights, values.AsSpan(layer.FirstInputOf(output), weights.Length));
                slopes[i][output] = (float)layer.Activation.SlopeAt(outputs[output], output);
                outputs[output] = (float)layer.Activation.ValueAt(outputs[output], output);
            }

            values = all[i] = outputs;
        }

        return (slopes, all);
    }

    /// <summary>The gradient by a hidden layer's inputs, given the one by its outputs after the activation.</summary>
    private static float[] GradientBefore(DenseLayer layer, float[] slopes, float[] gradient)
    {
        var before = new float[layer.Inputs];
        for (var output = 0; output < slopes.Length; output++)
        {
            var passed = gradient[output] * slopes[output];
            if (passed != 0)
            {
                var weights = layer.WeightsInto(output);
                var first = layer.FirstInputOf(output);
                for (var input = 0; input < weights.Length; input++)
                {
                    before[first + input] += passed * weights[input];
                }
            }
        }

        return before;
    }
}
