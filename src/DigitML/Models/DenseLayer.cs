using DigitML.Numerics;

namespace DigitML.Models;

/// <summary>One fully connected layer: <c>output = input · weightsᵀ + bias</c>, and what follows it.</summary>
public sealed class DenseLayer
{
    /// <summary>Wraps a layer's numbers; nothing is copied, so the arrays must not change afterwards.</summary>
    /// <param name="inputs">Values that come in, at least 1.</param>
    /// <param name="outputs">Values that go out, at least 1.</param>
    /// <param name="weights">Row-major [outputs, inputs / groups].</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="activation">What follows the layer when it is a hidden one; null for ReLU. The last layer's is not used: softmax follows it.</param>
    /// <param name="quantization">How it is worked out in whole numbers; null for floats. Every weight is then a whole number of its output's steps, −63 to 63.</param>
    /// <param name="groups">Into how many runs of equal length inputs and outputs are parted, each run of outputs taking its own run of inputs alone; see <see cref="Groups"/>.</param>
    /// <exception cref="ArgumentException">A length disagrees with the shape, the groups with inputs or outputs, or a weight with its steps.</exception>
    public DenseLayer(int inputs, int outputs, ReadOnlyMemory<float> weights, ReadOnlyMemory<float> bias, Activation? activation = null, LayerQuantization? quantization = null, int groups = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        if (groups < 1 || inputs % groups != 0 || outputs % groups != 0 || (groups > 1 && quantization is not null))
        {
            throw new ArgumentException(Invariant($"{inputs} inputs and {outputs} outputs must be parted into equal groups{(quantization is null ? "" : ", and into one where they are worked out in whole numbers")}; got {groups} groups."), nameof(groups));
        }

        if (weights.Length != (long)(inputs / groups) * outputs || bias.Length != outputs)
        {
            throw new ArgumentException(Invariant($"A layer of {inputs} inputs and {outputs} outputs{(groups == 1 ? "" : Invariant($" in {groups} groups"))} needs {(long)(inputs / groups) * outputs} weights and {outputs} biases; got {weights.Length} and {bias.Length}."));
        }

        if (activation is { Slopes.Length: > 1 } && activation.Slopes.Length != outputs)
        {
            throw new ArgumentException(Invariant($"PReLU after a layer of {outputs} outputs needs as many slopes, or one for all; got {activation.Slopes.Length}."), nameof(activation));
        }

        if (quantization is not null)
        {
            CheckSteps(inputs, weights.Span, quantization.WeightSteps.Span, outputs);
        }

        Inputs = inputs;
        Outputs = outputs;
        Groups = groups;
        Quantization = quantization;
        Weights = weights;
        Bias = bias;
        Activation = activation ?? Activation.Relu;
    }

    /// <summary>Values that come in.</summary>
    public int Inputs { get; }

    /// <summary>Values that go out.</summary>
    public int Outputs { get; }

    /// <summary>
    /// Into how many runs of equal length inputs and outputs are parted, each run of outputs taking its own run of inputs alone: 1, or, of a
    /// hidden layer of an ensemble, as many as it has members.
    /// </summary>
    public int Groups { get; }

    /// <summary>Row-major [outputs, inputs / groups].</summary>
    public ReadOnlyMemory<float> Weights { get; }

    /// <summary>The weights into one output: [inputs / groups].</summary>
    internal ReadOnlySpan<float> WeightsInto(int output) => Weights.Span.Slice(output * (Inputs / Groups), Inputs / Groups);

    /// <summary>The first of the inputs that an output takes.</summary>
    internal int FirstInputOf(int output) => output / (Outputs / Groups) * (Inputs / Groups);

    /// <summary>[outputs].</summary>
    public ReadOnlyMemory<float> Bias { get; }

    /// <summary>What follows the layer when it is a hidden one.</summary>
    public Activation Activation { get; }

    /// <summary>How the layer is worked out in whole numbers; null for floats.</summary>
    public LayerQuantization? Quantization { get; }

    private static void CheckSteps(int inputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> steps, int outputs)
    {
        if (steps.Length != outputs)
        {
            throw new ArgumentException(Invariant($"A layer of {outputs} outputs needs as many steps of weights; got {steps.Length}."));
        }

        if (inputs > ByteLayer.MostInputs)
        {
            throw new ArgumentException(Invariant($"A layer that is worked out in whole numbers takes at most {ByteLayer.MostInputs} inputs; got {inputs}."));
        }

        for (var i = 0; i < weights.Length; i++)
        {
            var step = steps[i / inputs];
            var count = MathF.Round(weights[i] / step);
            if (!(MathF.Abs(count) <= ByteLayer.MostSteps) || count * step != weights[i])
            {
                throw new ArgumentException(Invariant($"Weight {i} must be a whole number of steps of {step}, {-ByteLayer.MostSteps} to {ByteLayer.MostSteps}; it is {weights[i]}."));
            }
        }
    }
}
