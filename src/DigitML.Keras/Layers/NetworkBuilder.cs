using DigitML.Models;
using DigitML.Models.Folding;

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
    private readonly List<string> _names = [];
    private Affine _beforeLayer = Affine.Identity;
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
        KerasFormatException.Require(!_hasProbabilities || step is AffineStep { Affine.IsIdentity: true }, $"layer {KerasFormatException.Quote(step.Layer)} follows the softmax, which must come last");
        switch (step)
        {
            case DenseStep dense:
                AddDense(dense);
                break;
            case AffineStep affine when _layers.Count == 0:
                _input.Add(affine);
                break;
            case AffineStep affine when _layers[^1].Activation is null:
                CheckLength(affine.Layer, affine.Affine, _layers[^1].Outputs);
                _layers[^1].Follow(affine.Affine);
                break;
            case AffineStep affine:
                _beforeLayer = Then(_beforeLayer, affine);
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
        // Keras stores [inputs, units]; here each unit's weights lie together.
        var weights = new float[dense.Kernel.Length];
        for (var i = 0; i < dense.Inputs; i++)
        {
            for (var o = 0; o < dense.Units; o++)
            {
                weights[(o * dense.Inputs) + i] = dense.Kernel[(i * dense.Units) + o];
            }
        }

        var layer = new LayerInMaking(dense.Inputs, dense.Units, weights);
        if (dense.Bias is { } bias)
        {
            layer.Follow(Affine.Shift(Array.ConvertAll(bias, value => (double)value)));
        }

        var before = _layers.Count == 0 ? _input.Resolve(dense.Inputs) : _beforeLayer;
        CheckLength(dense.Layer, before, dense.Inputs);
        layer.Precede(before);
        _beforeLayer = Affine.Identity;
        if (_layers.Count > 0)
        {
            _layers[^1].Activation ??= Activation.Identity;
        }

        _layers.Add(layer);
        _names.Add(dense.Layer);
    }

    private void AddActivation(ActivationStep step)
    {
        KerasFormatException.Require(_layers.Count > 0, $"the activation of layer {KerasFormatException.Quote(step.Layer)} comes before the first dense layer");
        var layer = _layers[^1];
        if (layer.Activation is { Kind: ActivationKind.Relu } && step.Activation.Kind == ActivationKind.Relu && _beforeLayer.IsIdentity)
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
        if (_layers[^1] is { Outputs: 1, Activation.Kind: ActivationKind.Sigmoid } && _beforeLayer.IsIdentity)
        {
            _layers[^1] = _layers[^1].AsTwoClasses();
        }

        var (last, name) = (_layers[^1], KerasFormatException.Quote(_names[^1]));
        KerasFormatException.Require(
            last.Activation is null && _beforeLayer.IsIdentity,
            $"expected the last dense layer to be followed by softmax or nothing but after layer {name} comes something else; probabilities that do not add up to 1 are not read");
        KerasFormatException.Require(last.Outputs > 1, $"its last layer, {name}, has one unit without sigmoid, so it does not tell classes apart");
        DenseLayer[] layers = [.. _layers.Select((layer, i) => layer.Finish() ?? throw new KerasFormatException($"the weights of layer {KerasFormatException.Quote(_names[i])} are not finite once the layers around it are folded in"))];
        var entries = new Dictionary<string, string>(metadata) { ["inputScale"] = _input.Reason };
        return _options.TakesFeatures ? new Mlp(_input.Features(layers[0].Inputs), layers, entries) : new Mlp(_input.Normalization, layers, entries);
    }

    /// <summary>What two do, one after the other.</summary>
    public static Affine Then(Affine first, AffineStep next)
    {
        CheckLength(next.Layer, next.Affine, first.Length == 1 ? next.Affine.Length : first.Length);
        return first.Then(next.Affine);
    }

    private static void CheckLength(string layer, Affine affine, int values) =>
        KerasFormatException.Require(affine.Length == 1 || affine.Length == values, Invariant($"layer {KerasFormatException.Quote(layer)} has {affine.Length} numbers for {values} values"));
}
