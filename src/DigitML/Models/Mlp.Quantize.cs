using System.Numerics.Tensors;
using DigitML.Numerics;

namespace DigitML.Models;

public sealed partial class Mlp
{
    /// <summary>
    /// The same network in whole numbers: weights of a quarter of the size and predictions in less time, for a little accuracy, which
    /// <c>Evaluate</c> tells. It predicts, saves and loads as any other; its file holds ONNX's QuantizeLinear and DequantizeLinear, which
    /// ONNX Runtime runs in whole numbers too. A picture's answer has the same bits in a batch and alone, on any threads, and after ReLU at every vector
    /// width.
    /// </summary>
    /// <remarks>
    /// Weights become −63 to 63 steps, a step for each output, so that its largest weight is 63 of them. What hidden layers give becomes bytes,
    /// from the least to the most that they give for the pictures given here. See <see cref="LayerQuantization"/> for the source. Pixel
    /// values that are not whole are rounded.
    /// </remarks>
    /// <param name="pixels">Pictures such as will be read, best some thousand of those trained on: [n, <see cref="InputCount"/>], 0 to 255.</param>
    /// <exception cref="ArgumentException">There is no picture, or the length is no multiple of a picture's.</exception>
    /// <exception cref="InvalidOperationException">The network takes the features of a table, is an ensemble, is in whole numbers already, or a layer has too many inputs or gives values that are not finite.</exception>
    public Mlp Quantize(ReadOnlySpan<byte> pixels)
    {
        if (FeatureNormalization is not null || IsQuantized)
        {
            throw new InvalidOperationException(IsQuantized ? "The model is in whole numbers already." : "Quantize is for models of pictures; this one takes the features of a table, which are no bytes.");
        }

        if (MemberCount > 1)
        {
            throw new InvalidOperationException("An ensemble is not worked out in whole numbers; quantize a single network.");
        }

        if (pixels.IsEmpty || pixels.Length % InputCount != 0)
        {
            throw new ArgumentException(Invariant($"Expected pictures of {InputCount} pixels, at least one; got {pixels.Length} pixels."), nameof(pixels));
        }

        if (Layers.Any(layer => layer.Inputs > ByteLayer.MostInputs))
        {
            throw new InvalidOperationException(Invariant($"A layer in whole numbers takes at most {ByteLayer.MostInputs} inputs; this model has one of {Layers.Max(layer => layer.Inputs)}."));
        }

        var ranges = _inference.Ranges(pixels);
        return new Mlp(Normalization, [.. Layers.Select((layer, i) => Quantize(layer, i, ranges[i], i == Layers.Count - 1))], Metadata);
    }

    private static DenseLayer Quantize(DenseLayer layer, int number, (float Least, float Most) range, bool isLast)
    {
        var steps = new float[layer.Outputs];
        var weights = layer.Weights.ToArray();
        for (var output = 0; output < layer.Outputs; output++)
        {
            var row = weights.AsSpan(output * layer.Inputs, layer.Inputs);
            steps[output] = StepOf(Math.Abs(TensorPrimitives.MaxMagnitude<float>(row)) / ByteLayer.MostSteps);
            foreach (ref var weight in row)
            {
                weight = Math.Clamp(MathF.Round(weight / steps[output]), -ByteLayer.MostSteps, ByteLayer.MostSteps) * steps[output];
            }
        }

        var (least, most) = isLast ? (0, 0) : range;
        if (!float.IsFinite(most - least))
        {
            throw new InvalidOperationException(Invariant($"Layer {number + 1} gives values from {least} to {most}, which cannot be divided into steps."));
        }

        var scale = StepOf((most - least) / byte.MaxValue);
        var zero = (byte)Math.Clamp(MathF.Round(-least / scale), 0, byte.MaxValue);
        return new DenseLayer(layer.Inputs, layer.Outputs, weights, layer.Bias, layer.Activation, new LayerQuantization(steps, scale, zero));
    }

    /// <summary>A step that can be divided by: 1 where all there is is 0, or next to it.</summary>
    private static float StepOf(float step) => step > 1e-30f ? step : 1;
}
