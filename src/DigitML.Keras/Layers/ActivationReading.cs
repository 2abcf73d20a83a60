using System.Globalization;
using System.Text.Json;
using DigitML.Models;

namespace DigitML.Keras.Layers;

/// <summary>Reads activations: names of functions, functions written out as objects, and layers that are activations.</summary>
internal static class ActivationReading
{
    /// <summary>Whether a layer's option is softmax.</summary>
    public static bool IsSoftmax(JsonElement? activation) => FunctionName(activation) == "softmax" || (activation is { } value && value.Text("class_name") == "Softmax");

    /// <summary>What a layer's option does to its values.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="activation">The option; null for none.</param>
    /// <returns>Null where it changes nothing.</returns>
    /// <exception cref="KerasFormatException">It is not run here.</exception>
    public static ActivationStep? Of(KerasLayer layer, JsonElement? activation)
    {
        if (activation is null)
        {
            return null;
        }

        if (FunctionName(activation) is { } name)
        {
            return name switch
            {
                "linear" => null,
                "relu" => new(layer.Name, Activation.Relu),
                "relu6" => new(layer.Name, Activation.Relu6),
                "leaky_relu" => new(layer.Name, Activation.LeakyRelu(0.2f)),
                "elu" => new(layer.Name, Activation.Elu()),
                "gelu" => new(layer.Name, Activation.Gelu),
                // The function that KerasHub registers for GELU by tanh; Keras itself has no name for it.
                "gelu_approximate" or "keras_hub>gelu_approximate" or "keras_nlp>gelu_approximate" => new(layer.Name, Activation.GeluTanh),
                "silu" or "swish" => new(layer.Name, Activation.Silu),
                "tanh" => new(layer.Name, Activation.Tanh),
                "sigmoid" => new(layer.Name, Activation.Sigmoid),
                _ => throw NotRun(name, layer),
            };
        }

        // An activation may also be a layer: Dense(…, activation=LeakyReLU(0.1)).
        var className = activation.Value.Text("class_name");
        return className is not null && activation.Value.Option("config") is { ValueKind: JsonValueKind.Object } config
            && OfLayer(layer with { ClassName = className, Config = config }) is { } step
            ? step
            : throw NotRun(className ?? "of an unknown form", layer);
    }

    /// <summary>The name of an activation that is the same in Keras 2 and 3; null where a layer of its own says more than a name can.</summary>
    public static string? Name(ActivationKind activation) => activation switch
    {
        ActivationKind.Identity => "linear",
        ActivationKind.Relu => "relu",
        ActivationKind.Gelu => "gelu",
        ActivationKind.Silu => "swish",
        ActivationKind.Tanh => "tanh",
        ActivationKind.Sigmoid => "sigmoid",
        _ => null,
    };

    /// <summary>What a layer does that is an activation and has no weights.</summary>
    /// <returns>Null for any other layer.</returns>
    /// <exception cref="KerasFormatException">It is one whose options are not run here.</exception>
    public static ActivationStep? OfLayer(KerasLayer layer) => layer.ClassName switch
    {
        "ReLU" => OfReLU(layer),
        // 'alpha' until Keras 2, 'negative_slope' since Keras 3.
        "LeakyReLU" => Leaky(layer, layer.Number("negative_slope", layer.Number("alpha", 0.3))),
        "ELU" => new(layer.Name, Activation.Elu(Finite(layer, layer.Number("alpha", 1)))),
        _ => null,
    };

    private static ActivationStep OfReLU(KerasLayer layer)
    {
        var slope = layer.Number("negative_slope", 0);
        var threshold = layer.Number("threshold", 0);
        var most = layer.Number("max_value", double.PositiveInfinity);
        return (slope, threshold, most) switch
        {
            (0, 0, double.PositiveInfinity) => new(layer.Name, Activation.Relu),
            (0, 0, 6) => new(layer.Name, Activation.Relu6),
            (_, 0, double.PositiveInfinity) => Leaky(layer, slope),
            _ => throw new KerasFormatException($"{layer.Title} has max_value {Text(most)}, negative_slope {Text(slope)} and threshold {Text(threshold)}; DigitML runs ReLU with a slope, and with max_value 6"),
        };
    }

    private static ActivationStep Leaky(KerasLayer layer, double slope) => new(layer.Name, Activation.LeakyRelu(Finite(layer, slope)));

    private static float Finite(KerasLayer layer, double number) =>
        float.IsFinite((float)number) ? (float)number : throw new KerasFormatException($"{layer.Title} has the number {Text(number)}, which float32 does not hold");

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? FunctionName(JsonElement? activation) => activation switch
    {
        { ValueKind: JsonValueKind.String } name => name.Text(),
        { ValueKind: JsonValueKind.Object } value when value.Text("class_name") == "function" => value.Text("registered_name") is { } registered && registered.Contains('>', StringComparison.Ordinal) ? registered : value.Text("config"),
        _ => null,
    };

    private static KerasFormatException NotRun(string activation, KerasLayer layer) =>
        new($"activation {KerasFormatException.Quote(activation)} of {layer.Title} is not run here; DigitML runs linear, relu, relu6, leaky_relu, elu, gelu, silu, tanh, sigmoid and, last, softmax");
}
