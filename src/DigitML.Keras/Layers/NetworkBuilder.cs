using DigitML.Models;

namespace DigitML.Keras.Layers;

/// <summary>
/// Makes a network of a model's steps: what scales values is folded into the dense layers beside it, and before the first layer into the
/// normalisation where that can hold it.
/// </summary>
internal sealed class NetworkBuilder
{
    private readonly KerasLoadOptions _options;
    private readonly InputScale _input;
    private readonly List<LayerInMaking> _layers = [];
    private AffineStep? _beforeLayer;
    private bool _hasProbabilities;

    private NetworkBuilder(KerasLoadOptions options, PixelNormalization? written)
    {
        _options = options;
        _input = new InputScale(options, written);
    }

    /// <summary>Makes the network.</summary>
    /// <param name="steps">What the model does, in order.</param>
    /// <param name="reading">How the caller has the model read, with what the file says that is done to pixels before its layers; null when it does not say.</param>
    /// <param name="metadata">What is known of the file.</param>
    /// <exception cref="KerasFormatException">The steps are no multilayer perceptron.</exception>
    public static Mlp Build(IReadOnlyList<KerasStep> steps, (PixelNormalization? Written, KerasLoadOptions Options) reading, IReadOnlyDictionary<string, string> metadata)
    {
        var builder = new NetworkBuilder(reading.Options, reading.Written);
        foreach (var step in steps)
        {
            builder.Add(step);
        }

        return builder.Finish(metadata);
    }

    private void Add(KerasStep step)
    {
        KerasFormatException.Require(!_hasProbabilities || step is AffineStep { Factor: [1], Offset: [0] }, $"layer {KerasFormatException.Quote(step.Layer)} follows the softmax, which must come last");
        switch (step)
        {
            case DenseStep dense:
                AddDense(dense);
                break;
            case AffineStep affine when _layers.Count == 0:
                _input.Add(affine);
                break;
            case AffineStep affine when _layers[^1].Activation is null:
                _layers[^1].Follow(affine);
                break;
            case AffineStep affine:
                _beforeLayer = _beforeLayer is null ? affine : Then(_beforeLayer, affine);
                break;
            case ActivationStep activation:
                AddActivation(activation);
                break;
            case SoftmaxStep:
                KerasFormatException.Require(_layers.Count > 0 && _layers[^1].Activation is null, $"the softmax of layer {KerasFormatException.Quote(step.Layer)} must follow the last dense layer");
                _hasProbabilities = true;
                break;
        }
    }

    private void AddDense(DenseStep dense)
    {
        var layer = new LayerInMaking(dense);
        if (_layers.Count == 0)
        {
            layer.Precede(_input.Resolve(dense.Inputs));
        }
        else if (_beforeLayer is { } affine)
        {
            layer.Precede(affine);
            _beforeLayer = null;
        }

        _layers.Add(layer);
    }

    private void AddActivation(ActivationStep step)
    {
        KerasFormatException.Require(_layers.Count > 0, $"the activation of layer {KerasFormatException.Quote(step.Layer)} comes before the first dense layer");
        var layer = _layers[^1];
        if (layer.Activation is { Kind: ActivationKind.Relu } && step.Activation.Kind == ActivationKind.Relu && _beforeLayer is null)
        {
            // ReLU of ReLU is ReLU.
            return;
        }

        KerasFormatException.Require(layer.Activation is null, $"the activation of layer {KerasFormatException.Quote(step.Layer)} follows another one without a dense layer between them");
        KerasFormatException.Require(step.Activation.Slopes.Length <= 1 || step.Activation.Slopes.Length == layer.Outputs, $"the slopes of layer {KerasFormatException.Quote(step.Layer)} do not fit the dense layer before it");
        layer.Activation = step.Activation;
    }

    private Mlp Finish(IReadOnlyDictionary<string, string> metadata)
    {
        KerasFormatException.Require(_layers.Count > 0, "it has no dense layer");
        var last = _layers[^1];
        if (last is { Outputs: 1, Activation.Kind: ActivationKind.Sigmoid } && _beforeLayer is null)
        {
            last.BecomeTwoClasses();
        }

        KerasFormatException.Require(
            last.Activation is null && _beforeLayer is null,
            $"expected the last dense layer to be followed by softmax or nothing but after layer {KerasFormatException.Quote(last.Name)} comes something else; probabilities that do not add up to 1 are not read");
        KerasFormatException.Require(last.Outputs > 1, $"its last layer, {KerasFormatException.Quote(last.Name)}, has one unit without sigmoid, so it does not tell classes apart");
        DenseLayer[] layers = [.. _layers.Select((layer, i) => layer.Finish(isLast: i == _layers.Count - 1))];
        var entries = new Dictionary<string, string>(metadata) { ["inputScale"] = _input.Reason };
        return _options.TakesFeatures ? new Mlp(_input.Features(layers[0].Inputs), layers, entries) : new Mlp(_input.Normalization, layers, entries);
    }

    /// <summary>One step that does what two do.</summary>
    private static AffineStep Then(AffineStep first, AffineStep next)
    {
        var (factor, offset) = InputScale.Then((first.Factor, first.Offset), next);
        return new AffineStep(next.Layer, factor, offset);
    }
}
