using DigitML.Models;

namespace DigitML.Keras.Layers;

/// <summary>A dense layer while the steps around it are folded into it.</summary>
internal sealed class LayerInMaking
{
    private readonly int _inputs;
    private float[] _weights;
    private double[] _bias;

    /// <summary>Takes a layer, its kernel turned so that each unit's weights lie together.</summary>
    public LayerInMaking(DenseStep dense)
    {
        (Name, _inputs, Outputs) = (dense.Layer, dense.Inputs, dense.Units);
        _weights = new float[dense.Kernel.Length];
        for (var i = 0; i < _inputs; i++)
        {
            for (var o = 0; o < Outputs; o++)
            {
                _weights[(o * _inputs) + i] = dense.Kernel[(i * Outputs) + o];
            }
        }

        _bias = dense.Bias is null ? new double[Outputs] : Array.ConvertAll(dense.Bias, value => (double)value);
    }

    /// <summary>The layer's name, for errors.</summary>
    public string Name { get; }

    /// <summary>Units.</summary>
    public int Outputs { get; private set; }

    /// <summary>What follows the sums; null when nothing does so far.</summary>
    public Activation? Activation { get; set; }

    /// <summary>Folds in what is done to the layer's inputs: weights · (f∘x + o) = (weights∘f) · x + weights · o.</summary>
    /// <param name="affine">One number for all inputs or one for each; null for nothing.</param>
    public void Precede(AffineStep? affine)
    {
        if (affine is null)
        {
            return;
        }

        CheckLength(affine, _inputs);
        var one = affine.Factor.Length == 1;
        for (var o = 0; o < Outputs; o++)
        {
            var row = _weights.AsSpan(o * _inputs, _inputs);
            for (var i = 0; i < _inputs; i++)
            {
                _bias[o] += row[i] * affine.Offset[one ? 0 : i];
                row[i] = (float)(row[i] * affine.Factor[one ? 0 : i]);
            }
        }
    }

    /// <summary>Folds in what is done to the layer's sums.</summary>
    /// <param name="affine">One number for all units or one for each.</param>
    public void Follow(AffineStep affine)
    {
        CheckLength(affine, Outputs);
        var one = affine.Factor.Length == 1;
        for (var o = 0; o < Outputs; o++)
        {
            var factor = affine.Factor[one ? 0 : o];
            _bias[o] = (_bias[o] * factor) + affine.Offset[one ? 0 : o];
            foreach (ref var weight in _weights.AsSpan(o * _inputs, _inputs))
            {
                weight = (float)(weight * factor);
            }
        }
    }

    /// <summary>Makes one unit with sigmoid two with softmax: softmax over 0 and x is 1 − sigmoid(x) and sigmoid(x).</summary>
    public void BecomeTwoClasses()
    {
        _weights = [.. new float[_inputs], .. _weights];
        _bias = [0, .. _bias];
        (Outputs, Activation) = (2, null);
    }

    /// <summary>The layer.</summary>
    /// <param name="isLast">Whether softmax follows it.</param>
    public DenseLayer Finish(bool isLast)
    {
        var bias = Array.ConvertAll(_bias, value => (float)value);
        KerasFormatException.Require(_weights.All(float.IsFinite) && bias.All(float.IsFinite), $"the weights of layer {KerasFormatException.Quote(Name)} are not finite once the layers around it are folded in");
        return isLast ? new DenseLayer(_inputs, Outputs, _weights, bias) : new DenseLayer(_inputs, Outputs, _weights, bias, Activation ?? Models.Activation.Identity);
    }

    private static void CheckLength(AffineStep affine, int values) =>
        KerasFormatException.Require(affine.Factor.Length == 1 || affine.Factor.Length == values, Invariant($"layer {KerasFormatException.Quote(affine.Layer)} has {affine.Factor.Length} numbers for {values} values"));
}
