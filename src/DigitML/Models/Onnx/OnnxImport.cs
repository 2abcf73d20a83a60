using System.Text.Json;
using System.Text.Json.Serialization;
using DigitML.Models.Folding;

namespace DigitML.Models.Onnx;

/// <summary>
/// Makes a network of an ONNX graph: walks its chain from the input on, collects dense layers, and folds the
/// constants beside them into them, those before the first layer into the normalisation where that can hold them.
/// </summary>
internal sealed partial class OnnxImport
{
    // Operators mean what they mean here since version 7, when broadcasting became implicit.
    private const long OldestOperatorSet = 7;

    private const string OfOthers = "an input scale (--input-scale) is stated for models of pictures that other programs wrote";

    private readonly OnnxModel _model;
    private readonly GraphChain _chain;
    private readonly FlowShape _shape;
    private readonly InputScaling _scaling;
    private readonly List<LayerInMaking> _layers = [];
    /// <summary>Steps since the last that is not for every number by itself, with one constant for all: what may be an activation.</summary>
    private readonly List<ChainStep> _segment = [];
    private Affine _beforeLayer = Affine.Identity;
    private Place _place = Place.Input;

    public OnnxImport(OnnxModel model, MlpLoadOptions options, ExternalFiles files)
    {
        if (model.OperatorSet < OldestOperatorSet)
        {
            throw new OnnxFormatException(Invariant($"expected ONNX operators of version {OldestOperatorSet} or later but they are of version {model.OperatorSet}; export the model anew"));
        }

        _model = model;
        _chain = GraphChain.Find(model.Graph, files);
        _shape = new FlowShape(_chain.Input);
        var isOurs = model.Producer == OnnxExport.Producer;
        var takesFeatures = options.TakesFeatures || model.Producer == LinearModels.Producer || (isOurs && _chain.Input.Name == OnnxExport.FeaturesInput);
        Require(options.Normalization is null || !isOurs, $"DigitML wrote it, with what is done to its input inside; {OfOthers}");
        Require(options.Normalization is null || !takesFeatures, $"it takes the features of a table as they are; {OfOthers}");
        _scaling = new InputScaling(options.Normalization, isOurs, takesFeatures, _chain.Input.IsWhole);
    }

    /// <summary>What the values that flow are at a place of the chain.</summary>
    private enum Place
    {
        /// <summary>Pixels, perhaps scaled.</summary>
        Input,

        /// <summary>A layer's sums before its activation.</summary>
        Sums,

        /// <summary>What an activation gave.</summary>
        Activations,

        /// <summary>Probabilities.</summary>
        Probabilities,
    }

    /// <exception cref="OnnxFormatException">The chain is not a multilayer perceptron.</exception>
    public Mlp Build()
    {
        foreach (var step in _chain.Steps)
        {
            Visit(step);
        }

        Flush();
        if (_place == Place.Activations && _layers[^1].Activation is { Kind: ActivationKind.Sigmoid } && _beforeLayer.IsIdentity)
        {
            EndInSigmoid();
        }

        if (_place is Place.Input or Place.Activations)
        {
            throw new OnnxFormatException(_layers.Count == 0
                ? "its chain of operators holds no dense layer (Gemm or MatMul)"
                : $"expected the last dense layer to be followed by Softmax or nothing but {_layers[^1].Activation!.Title} follows it");
        }

        DenseLayer[] layers = _isQuantized ? QuantizedLayers() : [.. _layers.Select((layer, i) => layer.Finish() ?? throw new OnnxFormatException(Invariant($"the weights of layer {i + 1} are not finite once the constants around it are folded in")))];
        Require(layers[0].Groups == 1 && layers[^1].Groups == 1 && layers.Skip(1).SkipLast(1).Select(layer => layer.Groups).Distinct().Count() <= 1, "its layers are of different numbers of groups; an ensemble has as many in all of its hidden layers but the first");
        var metadata = Metadata(layers[^1].Outputs);
        return _scaling.Features is { } features ? new Mlp(features, layers, metadata) : new Mlp(_scaling.Normalization, layers, metadata);
    }

    private Dictionary<string, string> Metadata(int classes)
    {
        var metadata = new Dictionary<string, string>(_model.Metadata);
        if (_scaling.Origin is { } origin)
        {
            metadata[InputScale.MetadataKey] = origin;
        }

        if (_chain.ClassNames is { } names)
        {
            Require(names.Count == classes, Invariant($"it names {names.Count} classes but gives {classes} probabilities"));
            metadata["classNames"] = JsonSerializer.Serialize(names, ClassNamesJson.Default.IReadOnlyListString);
        }

        return metadata;
    }

    private void Visit(ChainStep step)
    {
        var node = step.Node;
        if (_place == Place.Probabilities && !Elementwise.IsNothing(node) && !LinearModels.IsNormalizer(node))
        {
            throw new OnnxFormatException($"operator {node.Title} follows the softmax, which must come last");
        }

        Require(!_shape.IsTurned || node.Operator is "MatMul" or "Transpose" || Elementwise.Is(node), $"operator {node.Title} stands among the groups of an ensemble; DigitML follows MatMul, Add, activations and the Transpose that ends them there");
        switch (node.Operator)
        {
            case "Identity" or "Cast":
                // Digits that a file casts away are kept here, which brings the answer nearer to what was trained.
                break;
            case "Dropout":
                Require(node.Inputs.Count < 3 || node.Inputs[2].Length == 0, "operator 'Dropout' is there for training; export the model for inference");
                break;
            case "Flatten":
                _shape.Flatten(node.Integer("axis", 1), node.Title);
                break;
            case "Reshape":
                VisitReshape(node);
                break;
            case "Transpose":
                VisitTranspose(node);
                break;
            case "Squeeze":
                _shape.Squeeze(Axes(node), node.Title);
                break;
            case "Unsqueeze":
                _shape.Unsqueeze(Axes(node) ?? throw new OnnxFormatException("operator 'Unsqueeze' has no axes"), node.Title);
                break;
            case "Gemm":
                Flush();
                VisitGemm(node);
                break;
            case "MatMul":
                Flush();
                VisitMatMul(node);
                break;
            case "QuantizeLinear":
                Flush();
                VisitQuantize(node);
                break;
            case "DequantizeLinear":
                VisitDequantize(node);
                break;
            case "BatchNormalization":
                Flush();
                VisitBatchNormalization(node);
                break;
            case "Scaler":
                VisitScaler(step);
                break;
            case "LinearClassifier":
                Flush();
                VisitLinearClassifier(node);
                break;
            case "Normalizer":
                Require(_place == Place.Probabilities, $"operator {node.Title} must follow the softmax");
                break;
            case "Concat":
                Flush();
                Require(_place == Place.Activations && _layers[^1].Activation is { Kind: ActivationKind.Sigmoid } && _beforeLayer.IsIdentity, "operator 'Concat' must put 1 − p and p of a sigmoid side by side");
                EndInSigmoid();
                break;
            case "Softmax" or "LogSoftmax":
                Flush();
                // The default was axis 1 before version 13 and the last since; values are [n, classes], so both are the same.
                Require(_place == Place.Sums && node.Integer("axis", -1) is 1 or -1, $"operator {node.Title} must follow the last dense layer, over its classes");
                _place = Place.Probabilities;
                break;
            default:
                VisitElementwise(step);
                break;
        }
    }

    /// <summary>Takes what is done to every number by itself: by one constant for each at once, else as a part of what may be an activation.</summary>
    private void VisitElementwise(ChainStep step)
    {
        var node = step.Node;
        if (_place == Place.Input)
        {
            Require(!step.Joins && node.Operator is "Mul" or "Div" or "Sub" or "Add" or "Neg", $"operator {node.Title} must follow a dense layer");
        }

        if (!step.Joins && node.Operator is "Mul" or "Div" or "Sub" or "Add")
        {
            Require(node.Inputs.Count == 2, $"operator {node.Title} must take two inputs");
            var constant = _chain.Constants.Singles(node.Inputs[1 - step.DataIndex]);
            _shape.PassConstant(constant, node.Title);
            if (_place == Place.Input)
            {
                _scaling.Add(step, constant.Values);
                return;
            }

            if (constant.Values.Length > 1)
            {
                Flush();
                Take(step.ToAffine(constant.Values));
                return;
            }
        }
        else if (_place == Place.Input)
        {
            _scaling.Add(Affine.Of(-1, 0), node.Operator);
            return;
        }

        if (node.Operator == "PRelu" && node.Inputs.Count == 2 && !step.Joins && step.DataIndex == 0 && _chain.Constants.Singles(node.Inputs[1]) is { Values.Length: > 1 } slopes)
        {
            Flush();
            _shape.PassConstant(slopes, node.Title);
            Activate(Activation.PRelu(slopes.Values), node.Title);
            return;
        }

        _segment.Add(step);
    }

    /// <summary>Works the steps off that may be an activation.</summary>
    private void Flush()
    {
        if (_segment.Count == 0)
        {
            return;
        }

        ChainStep[] steps = [.. _segment];
        _segment.Clear();
        if (steps.All(Elementwise.IsAffine))
        {
            Fold(steps);
            return;
        }

        var (activation, before, after, factor) = ActivationForm.Recognise(steps, _chain.Constants);
        Fold(steps[..before]);
        Activate(activation, steps[before].Node.Title);
        _beforeLayer = Affine.Of(factor, 0);
        Fold(steps[^after..]);
    }

    private void Activate(Activation activation, string title)
    {
        Require(_place == Place.Sums, $"operator {title} follows another activation, with no dense layer between them");
        _layers[^1].Activation = activation;
        _place = Place.Activations;
    }

    private void Fold(ChainStep[] steps)
    {
        foreach (var step in steps)
        {
            Take(step.ToAffine(step.Node.Operator == "Neg" ? [] : _chain.Constants.Singles(step.Node.Inputs[1 - step.DataIndex]).Values));
        }
    }

    private void Take(Affine affine)
    {
        if (_place == Place.Sums)
        {
            _layers[^1].Follow(affine);
        }
        else
        {
            _beforeLayer = _beforeLayer.Then(affine);
        }
    }

    /// <summary>Reads one probability as two classes.</summary>
    private void EndInSigmoid()
    {
        Require(_layers[^1].Outputs == 1, Invariant($"it ends in a sigmoid of {_layers[^1].Outputs} outputs, each a yes or no of its own; DigitML reads probabilities of classes that exclude each other, which Softmax gives"));
        _layers[^1] = _layers[^1].AsTwoClasses();
        _place = Place.Probabilities;
    }

    private void VisitTranspose(OnnxNode node)
    {
        // [n, groups, units] to [groups, n, units] or back: how an ensemble gives each member its own matrix.
        if (_place is Place.Activations or Place.Sums && node.Attributes.TryGetValue("perm", out var turn) && turn.Integers is [1, 0, 2])
        {
            Flush();
            _shape.TurnGroups(node.Title);
            return;
        }

        var order = _shape.Transpose(node.Attributes.TryGetValue("perm", out var found) ? found.Integers : null, node.Title);
        if (order is not null)
        {
            Require(_place == Place.Input, $"operator {node.Title} changes the order of values between layers; DigitML follows it before the first alone");
            _scaling.Reorder(order);
        }
    }

    /// <summary>An attribute before version 13, an input since.</summary>
    private IReadOnlyList<long>? Axes(OnnxNode node)
    {
        if (node.Inputs.Count > 1 && node.Inputs[1].Length > 0)
        {
            Require(_chain.Constants.Contains(node.Inputs[1]), $"operator {node.Title} works its axes out as the graph runs; DigitML must know them");
            return _chain.Constants.Integers(node.Inputs[1]);
        }

        return node.Attributes.TryGetValue("axes", out var found) ? found.Integers : null;
    }

    private void VisitBatchNormalization(OnnxNode node)
    {
        Require(node.Inputs.Count == 5 && node.Integer("training_mode", 0) == 0 && node.Integer("spatial", 1) == 1, "operator 'BatchNormalization' must have four constants and be exported for inference");
        var numbers = node.Inputs.Skip(1).Select(_chain.Constants.Singles).ToArray();
        var (scale, shift, mean, variance) = (numbers[0].Values, numbers[1].Values, numbers[2].Values, numbers[3].Values);
        Require(scale.Length > 0 && numbers.All(part => part.Values.Length == scale.Length), $"operator 'BatchNormalization' has constants of shapes {string.Join(", ", numbers.Select(part => part.Shape))}; expected one number a channel in each");
        var (less, factor, offset) = (Array.ConvertAll(mean, value => -(double)value), new double[scale.Length], Array.ConvertAll(shift, value => (double)value));
        for (var i = 0; i < factor.Length; i++)
        {
            factor[i] = scale[i] / Math.Sqrt(variance[i] + (double)node.Single("epsilon", 1e-5f));
        }

        Require(factor.All(double.IsFinite), "operator 'BatchNormalization' divides by a deviation that is no number above 0");
        var meanOff = Affine.Shift(_shape.Spread(less, node.Title));
        var rest = Affine.Of(_shape.Spread(factor, node.Title), _shape.Spread(offset, node.Title));
        if (_place == Place.Input)
        {
            _scaling.Add(meanOff, node.Operator, isMean: true);
            _scaling.Add(rest, node.Operator);
        }
        else
        {
            Take(meanOff.Then(rest));
        }
    }

    private void VisitReshape(OnnxNode node)
    {
        Require(node.Inputs.Count == 2, "operator 'Reshape' has no shape to change to");
        if (_chain.Constants.Contains(node.Inputs[1]))
        {
            _shape.Reshape(_chain.Constants.Integers(node.Inputs[1]), node.Title);
        }
        else
        {
            _shape.ReshapeUnknown();
        }
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new OnnxFormatException(otherwise);
        }
    }
}

/// <summary>Names of classes as a list in JSON, as training on a table writes them.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class ClassNamesJson : JsonSerializerContext;
