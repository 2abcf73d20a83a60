namespace DigitML.Models;

/// <summary>One fully connected layer: <c>output = input · weightsᵀ + bias</c>.</summary>
public sealed class DenseLayer
{
    /// <summary>Wraps a layer's numbers; nothing is copied, so the arrays must not change afterwards.</summary>
    /// <param name="inputs">Values that come in, at least 1.</param>
    /// <param name="outputs">Values that go out, at least 1.</param>
    /// <param name="weights">Row-major [outputs, inputs].</param>
    /// <param name="bias">[outputs].</param>
    /// <exception cref="ArgumentException">A length disagrees with the shape.</exception>
    public DenseLayer(int inputs, int outputs, ReadOnlyMemory<float> weights, ReadOnlyMemory<float> bias)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        if (weights.Length != (long)inputs * outputs || bias.Length != outputs)
        {
            throw new ArgumentException(Invariant($"A layer of {inputs} inputs and {outputs} outputs needs {(long)inputs * outputs} weights and {outputs} biases; got {weights.Length} and {bias.Length}."));
        }

        Inputs = inputs;
        Outputs = outputs;
        Weights = weights;
        Bias = bias;
    }

    /// <summary>Values that come in.</summary>
    public int Inputs { get; }

    /// <summary>Values that go out.</summary>
    public int Outputs { get; }

    /// <summary>Row-major [outputs, inputs].</summary>
    public ReadOnlyMemory<float> Weights { get; }

    /// <summary>[outputs].</summary>
    public ReadOnlyMemory<float> Bias { get; }
}
