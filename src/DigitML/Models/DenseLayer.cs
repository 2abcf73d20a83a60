namespace DigitML.Models;

/// <summary>One fully connected layer: <c>output = input · weightsᵀ + bias</c>, and what follows it.</summary>
public sealed class DenseLayer
{
    /// <summary>Wraps a layer's numbers; nothing is copied, so the arrays must not change afterwards.</summary>
    /// <param name="inputs">Values that come in, at least 1.</param>
    /// <param name="outputs">Values that go out, at least 1.</param>
    /// <param name="weights">Row-major [outputs, inputs].</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="activation">What follows the layer when it is a hidden one; null for ReLU. The last layer's is not used: softmax follows it.</param>
    /// <exception cref="ArgumentException">A length disagrees with the shape.</exception>
    public DenseLayer(int inputs, int outputs, ReadOnlyMemory<float> weights, ReadOnlyMemory<float> bias, Activation? activation = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        if (weights.Length != (long)inputs * outputs || bias.Length != outputs)
        {
            throw new ArgumentException(Invariant($"A layer of {inputs} inputs and {outputs} outputs needs {(long)inputs * outputs} weights and {outputs} biases; got {weights.Length} and {bias.Length}."));
        }

        if (activation is { Slopes.Length: > 1 } && activation.Slopes.Length != outputs)
        {
            throw new ArgumentException(Invariant($"PReLU after a layer of {outputs} outputs needs as many slopes, or one for all; got {activation.Slopes.Length}."), nameof(activation));
        }

        Inputs = inputs;
        Outputs = outputs;
        Weights = weights;
        Bias = bias;
        Activation = activation ?? Activation.Relu;
    }

    /// <summary>Values that come in.</summary>
    public int Inputs { get; }

    /// <summary>Values that go out.</summary>
    public int Outputs { get; }

    /// <summary>Row-major [outputs, inputs].</summary>
    public ReadOnlyMemory<float> Weights { get; }

    /// <summary>[outputs].</summary>
    public ReadOnlyMemory<float> Bias { get; }

    /// <summary>What follows the layer when it is a hidden one.</summary>
    public Activation Activation { get; }
}
