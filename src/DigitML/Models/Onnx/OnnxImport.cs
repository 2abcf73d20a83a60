namespace DigitML.Models.Onnx;

/// <summary>
/// Makes a network of an ONNX graph: walks its chain from the input on, collects dense layers, and folds the
/// constants beside them into them, those before the first layer into the normalisation where that can hold them.
/// </summary>
internal sealed class OnnxImport
{
    // Operators mean what they mean here since version 7, when broadcasting became implicit.
    private const long OldestOperatorSet = 7;

    // A file of narrow layers must not make the layout for prediction, which pads them, many times its size.
    private const int MaximumLayers = 65;
    private const int MaximumPixels = 1 << 20;
    private const int MaximumUnits = 1 << 16;

    private readonly OnnxModel _model;
    private readonly GraphChain _chain;
    private readonly FlowShape _shape;
    private readonly InputScaling _scaling;
    private readonly List<LayerInMaking> _layers = [];
    private Affine _beforeLayer = Affine.Identity;
    private Place _place = Place.Input;

    public OnnxImport(OnnxModel model, MlpLoadOptions options)
    {
        if (model.OperatorSet < OldestOperatorSet)
        {
            throw new OnnxFormatException(Invariant($"expected ONNX operators of version {OldestOperatorSet} or later but they are of version {model.OperatorSet}; export the model anew"));
        }

        _model = model;
        _chain = GraphChain.Find(model.Graph);
        _shape = new FlowShape(_chain.Input);
        var isOurs = model.Producer == OnnxExport.Producer;
        _scaling = new InputScaling(options.Normalization, isOurs, options.TakesFeatures || model.Producer == LinearModels.Producer || (isOurs && _chain.Input.Name == OnnxExport.FeaturesInput));
    }

    /// <summary>What the values that flow are at a place of the chain.</summary>
    private enum Place
    {
        /// <summary>Pixels, perhaps scaled.</summary>
        Input,

        /// <summary>A layer's sums before its activation.</summary>
        Sums,

        /// <summary>What ReLU let through.</summary>
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

        if (_place is Place.Input or Place.Activations)
        {
            throw new OnnxFormatException(_layers.Count == 0
                ? "its chain of operators holds no dense layer (Gemm or MatMul)"
                : "expected the last dense layer to be followed by Softmax or nothing but Relu follows it");
        }

        DenseLayer[] layers = [.. _layers.Select((layer, i) => layer.Finish(i + 1))];
        return _scaling.Features is { } features ? new Mlp(features, layers, _model.Metadata) : new Mlp(_scaling.Normalization, layers, _model.Metadata);
    }

    private void Visit(ChainStep step)
    {
        var node = step.Node;
        if (_place == Place.Probabilities && node.Operator is not ("Identity" or "Cast"))
        {
            throw new OnnxFormatException($"operator {node.Title} follows the softmax, which must come last");
        }

        switch (node.Operator)
        {
            case "Identity":
                break;
            case "Dropout":
                Require(node.Inputs.Count < 3 || node.Inputs[2].Length == 0, "operator 'Dropout' is there for training; export the model for inference");
                break;
            case "Cast":
                Require(GraphConstants.IsWideCast(node), Invariant($"operator 'Cast' to type {node.Integer("to", 0)} loses digits; DigitML runs float32"));
                break;
            case "Flatten":
                _shape.Flatten(node.Integer("axis", 1), node.Title);
                break;
            case "Reshape":
                VisitReshape(node);
                break;
            case "Mul" or "Div" or "Sub" or "Add":
                VisitArithmetic(step);
                break;
            case "Gemm":
                VisitGemm(node);
                break;
            case "Scaler":
                VisitScaler(step);
                break;
            case "LinearClassifier":
                VisitLinearClassifier(node);
                break;
            case "MatMul":
                VisitMatMul(node);
                break;
            case "Relu":
                Require(_place == Place.Sums || (_place == Place.Activations && _beforeLayer.IsIdentity), "operator 'Relu' must follow a dense layer");
                _place = Place.Activations;
                break;
            case "Softmax" or "LogSoftmax":
                // The default was axis 1 before version 13 and the last since; values are [n, classes], so both are the same.
                Require(_place == Place.Sums && node.Integer("axis", -1) is 1 or -1, $"operator {node.Title} must follow the last dense layer, over its classes");
                _place = Place.Probabilities;
                break;
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

    private void VisitArithmetic(ChainStep step)
    {
        var constant = _chain.Constants.Singles(step.Node.Inputs[1 - step.DataIndex]);
        _shape.PassConstant(constant, step.Node.Title);
        switch (_place)
        {
            case Place.Input:
                _scaling.Add(step, constant.Values);
                break;
            case Place.Sums:
                _layers[^1].Follow(Affine.Of(step, constant.Values));
                break;
            case Place.Activations:
                _beforeLayer = _beforeLayer.Then(Affine.Of(step, constant.Values));
                break;
        }
    }

    private void VisitGemm(OnnxNode node)
    {
        Require(node.Inputs.Count is 2 or 3 && node.Integer("transA", 0) == 0, "operator 'Gemm' must take the values as they are (transA 0), weights and perhaps a bias");
        var layer = AddLayer(node, weightsAreOutputsFirst: node.Integer("transB", 0) != 0);
        if (node.Single("alpha", 1) is var alpha and not 1)
        {
            layer.Follow(Affine.Of(alpha, 0));
        }

        if (node.Inputs.Count == 3 && node.Inputs[2].Length > 0)
        {
            var bias = _chain.Constants.Singles(node.Inputs[2]);
            _shape.PassConstant(bias, node.Title);
            var beta = node.Single("beta", 1);
            layer.Follow(Affine.Shift(Array.ConvertAll(bias.Values, value => (double)value * beta)));
        }
    }

    private void VisitMatMul(OnnxNode node)
    {
        Require(node.Inputs.Count == 2, "operator 'MatMul' must take two inputs");
        AddLayer(node, weightsAreOutputsFirst: false);
    }

    private void VisitScaler(ChainStep step)
    {
        Require(_place == Place.Input, $"operator {step.Node.Title} must come before the first layer");
        var (offset, scale) = LinearModels.Scaling(step.Node);
        _shape.PassConstant(new NumberArray(offset, [offset.Length]), step.Node.Title);
        _shape.PassConstant(new NumberArray(scale, [scale.Length]), step.Node.Title);
        _scaling.Add("Sub", offset);
        _scaling.Add("Mul", scale);
    }

    private void VisitLinearClassifier(OnnxNode node)
    {
        var (weights, bias) = LinearModels.Layer(node);
        AddLayer(node, weights.Length / bias.Length, bias.Length, weights).Follow(Affine.Shift(Array.ConvertAll(bias, value => (double)value)));
        _place = Place.Probabilities;
    }

    private LayerInMaking AddLayer(OnnxNode node, bool weightsAreOutputsFirst)
    {
        Require(_chain.Constants.Contains(node.Inputs[1]), $"operator {node.Title} multiplies by {Quote.Name(node.Inputs[1])}, which is no constant of the file");
        var weights = _chain.Constants.Singles(node.Inputs[1]);
        Require(weights.Dimensions.Length == 2 && weights.Values.Length > 0, $"operator {node.Title} needs a matrix of weights; {Quote.Name(node.Inputs[1])} is {weights.Shape}");
        var (first, second) = ((int)weights.Dimensions[0], (int)weights.Dimensions[1]);
        var (inputs, outputs) = weightsAreOutputsFirst ? (second, first) : (first, second);
        return AddLayer(node, inputs, outputs, weightsAreOutputsFirst ? weights.Values : GraphConstants.Transpose(weights.Values, inputs, outputs));
    }

    private LayerInMaking AddLayer(OnnxNode node, int inputs, int outputs, float[] weights)
    {
        Require(_place != Place.Sums, $"operator {node.Title} follows another dense layer without Relu between them");
        Require(_layers.Count < MaximumLayers, $"it has more than {MaximumLayers} dense layers");
        Require(inputs <= (_layers.Count == 0 ? MaximumPixels : MaximumUnits) && outputs <= MaximumUnits, Invariant($"operator {node.Title} has weights of [{outputs}, {inputs}]; at most {MaximumPixels} pixels and {MaximumUnits} units a layer are read"));
        _shape.PassLayer(inputs, outputs, node.Title);
        var layer = new LayerInMaking(inputs, outputs, weights);
        layer.Precede(_place == Place.Input ? _scaling.Resolve(inputs) : _beforeLayer);
        _beforeLayer = Affine.Identity;
        _layers.Add(layer);
        _place = Place.Sums;
        return layer;
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new OnnxFormatException(otherwise);
        }
    }
}
