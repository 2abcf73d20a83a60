using DigitML.Models;

namespace DigitML.Keras.Layers;

/// <summary>Keras's activations as the library's, and back.</summary>
internal static class ActivationMapping
{
    /// <summary>A layer that softmax does not follow; without a step, nothing follows its sums.</summary>
    public static DenseLayer Layer(int inputs, int outputs, float[] weights, float[] bias, ActivationStep? step) =>
        new(inputs, outputs, weights, bias, step?.Activation switch
        {
            null or KerasActivation.Linear => Activation.Identity,
            KerasActivation.Relu => Activation.Relu,
            KerasActivation.LeakyRelu => Activation.LeakyRelu(step.Alpha),
            KerasActivation.PRelu => Activation.PRelu(step.Slopes),
            KerasActivation.Elu => Activation.Elu(step.Alpha),
            KerasActivation.Gelu => Activation.Gelu,
            KerasActivation.GeluTanh => Activation.GeluTanh,
            KerasActivation.Silu => Activation.Silu,
            KerasActivation.Tanh => Activation.Tanh,
            KerasActivation.Sigmoid => Activation.Sigmoid,
            _ => Activation.Relu6,
        });

    /// <summary>What follows a layer that is not the last.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="activation">The library's activation.</param>
    public static ActivationStep Step(string name, Activation activation) => activation.Kind switch
    {
        ActivationKind.Identity => new(name, KerasActivation.Linear),
        ActivationKind.Relu => new(name, KerasActivation.Relu),
        ActivationKind.LeakyRelu => new(name, KerasActivation.LeakyRelu, activation.Alpha),
        ActivationKind.PRelu => new(name, KerasActivation.PRelu, Slopes: activation.Slopes.ToArray()),
        ActivationKind.Elu => new(name, KerasActivation.Elu, activation.Alpha),
        ActivationKind.Gelu => new(name, KerasActivation.Gelu),
        ActivationKind.GeluTanh => new(name, KerasActivation.GeluTanh),
        ActivationKind.Silu => new(name, KerasActivation.Silu),
        ActivationKind.Tanh => new(name, KerasActivation.Tanh),
        ActivationKind.Sigmoid => new(name, KerasActivation.Sigmoid),
        ActivationKind.Relu6 => new(name, KerasActivation.Relu6),
        _ => throw new InvalidOperationException($"Keras has no layer for the activation {activation.Kind}, which this model has; save it as ONNX."),
    };
}
