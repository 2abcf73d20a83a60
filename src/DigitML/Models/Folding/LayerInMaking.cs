using DigitML.Numerics;

namespace DigitML.Models.Folding;

/// <summary>A dense layer of a model that another program wrote, while what stands around it is folded into it.</summary>
/// <param name="inputs">Values that come in.</param>
/// <param name="outputs">Units.</param>
/// <param name="weights">Row-major [outputs, inputs / groups]; taken over.</param>
/// <param name="groups">Into how many runs inputs and outputs are parted; only one of a single group can be preceded or reordered.</param>
internal sealed class LayerInMaking(int inputs, int outputs, float[] weights, int groups = 1)
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
                foreach (ref var weight in weights.AsSpan(o * (inputs / groups), inputs / groups))
                {
                    weight = (float)(weight * factor);
                }
            }
        }

        _bias = bias;
    }

    /// <summary>What follows the layer's sums; null until it is known.</summary>
    public Activation? Activation { get; set; }

    /// <summary>[outputs] what a step of each output's weights is worth, in a network of whole numbers; null in one of floats.</summary>
    public float[]? WeightSteps { get; init; }

    /// <summary>In a network of whole numbers, what a step of the layer's results is worth, and the byte that stands for 0.</summary>
    public (float Scale, byte Zero) OutputSteps { get; set; } = (1, 0);

    /// <summary>Units.</summary>
    public int Outputs => outputs;

    /// <summary>Into how many runs inputs and outputs are parted.</summary>
    public int Groups => groups;

    /// <summary>Takes the layer's inputs in another order.</summary>
    /// <param name="order">For each input as the layer has them now, the place that it is to have.</param>
    public void Reorder(int[] order)
    {
        var row = new float[inputs];
        for (var o = 0; o < outputs; o++)
        {
            var current = weights.AsSpan(o * inputs, inputs);
            for (var i = 0; i < inputs; i++)
            {
                row[order[i]] = current[i];
            }

            row.CopyTo(current);
        }
    }

    /// <summary>A layer of one output z as one of two, 0 and z: softmax then gives 1 − sigmoid(z) and sigmoid(z).</summary>
    public LayerInMaking AsTwoClasses() =>
        new(inputs, 2, [.. new float[inputs], .. weights]) { _bias = [0, _bias?[0] ?? 0] };

    /// <summary>The layer; null when a weight of it is not finite.</summary>
    public DenseLayer? Finish()
    {
        var bias = _bias is null ? new float[outputs] : Array.ConvertAll(_bias, value => (float)value);
        return Finite.FirstOther(weights) < 0 && Finite.FirstOther(bias) < 0 ? new DenseLayer(inputs, outputs, weights, bias, Activation, WeightSteps is null ? null : new LayerQuantization(WeightSteps, OutputSteps.Scale, OutputSteps.Zero), groups) : null;
    }
}
