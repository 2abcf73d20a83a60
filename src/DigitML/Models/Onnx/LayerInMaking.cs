namespace DigitML.Models.Onnx;

/// <summary>A dense layer while the operators around it are folded into it.</summary>
internal sealed class LayerInMaking(int inputs, int outputs, float[] weights)
{
    // None until something adds one, so that the first is kept bit for bit, −0 included.
    private double[]? _bias;

    /// <summary>Folds in what is done to the layer's inputs: weights · (f∘x + o) = (weights∘f) · x + weights · o.</summary>
    public void Precede(Affine affine)
    {
        if (affine.IsIdentity)
        {
            return;
        }

        var bias = new double[outputs];
        for (var o = 0; o < outputs; o++)
        {
            var row = weights.AsSpan(o * inputs, inputs);
            for (var i = 0; i < inputs; i++)
            {
                bias[o] += row[i] * affine.Offset(i);
                row[i] = (float)(row[i] * affine.Factor(i));
            }
        }

        Follow(Affine.Shift(bias));
    }

    /// <summary>Folds in what is done to the layer's sums.</summary>
    public void Follow(Affine affine)
    {
        var bias = new double[outputs];
        for (var o = 0; o < outputs; o++)
        {
            var factor = affine.Factor(o);
            bias[o] = _bias is null ? affine.Offset(o) : _bias[o] * factor + affine.Offset(o);
            if (factor != 1)
            {
                foreach (ref var weight in weights.AsSpan(o * inputs, inputs))
                {
                    weight = (float)(weight * factor);
                }
            }
        }

        _bias = bias;
    }

    /// <param name="number">The layer's place, from 1, for errors.</param>
    public DenseLayer Finish(int number)
    {
        var bias = _bias is null ? new float[outputs] : Array.ConvertAll(_bias, value => (float)value);
        return weights.All(float.IsFinite) && bias.All(float.IsFinite)
            ? new DenseLayer(inputs, outputs, weights, bias)
            : throw new OnnxFormatException(Invariant($"the weights of layer {number} are not finite once the constants around it are folded in"));
    }
}
