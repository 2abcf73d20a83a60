using DigitML.Models;

namespace DigitML.Keras.Layers;

/// <summary>Keras's activations as the library's.</summary>
internal static class ActivationMapping
{
    /// <summary>A layer that softmax does not follow.</summary>
    /// <exception cref="KerasFormatException">The library does not run the activation.</exception>
    public static DenseLayer Layer(string name, int inputs, int outputs, float[] weights, float[] bias, ActivationStep? step) =>
        step is { Activation: KerasActivation.Relu }
            ? new DenseLayer(inputs, outputs, weights, bias)
            : throw new KerasFormatException($"layer {KerasFormatException.Quote(name)} is not followed by ReLU");

    /// <summary>What follows a layer that is not the last.</summary>
    public static ActivationStep Step(DenseLayer layer) => new(Invariant($"{layer.Outputs}"), KerasActivation.Relu);
}
