using DigitML.Models.Folding;

namespace DigitML.Models.Onnx;

/// <summary>The operators that begin a layer, with the scaler that comes before the first.</summary>
internal sealed partial class OnnxImport
{
    // A file of narrow layers must not make the layout for prediction, which pads them, many times its size.
    private const int MaximumLayers = 65;
    private const int MaximumPixels = 1 << 20;
    private const int MaximumUnits = 1 << 16;

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
        if (_isQuantized)
        {
            AddQuantizedLayer(node);
            return;
        }

        if (_shape.IsTurned)
        {
            AddGroups(node);
            return;
        }

        AddLayer(node, weightsAreOutputsFirst: false);
    }

    /// <summary>Adds a layer of an ensemble: a matrix for each of its members.</summary>
    private void AddGroups(OnnxNode node)
    {
        Require(_place == Place.Activations && _beforeLayer.IsIdentity, $"operator {node.Title} must follow an activation");
        var weights = Weights(node);
        Require(weights.Dimensions.Length == 3 && weights.Values.Length > 0, $"operator {node.Title} needs a matrix of weights for each group; {Quote.Name(node.Inputs[1])} is {weights.Shape}");
        var (groups, inputs, outputs) = (weights.Dimensions[0], weights.Dimensions[1], weights.Dimensions[2]);
        Require(_layers.Count < MaximumLayers, $"it has more than {MaximumLayers} dense layers");
        Require(groups * inputs <= MaximumUnits && groups * outputs <= MaximumUnits, Invariant($"operator {node.Title} has weights of [{groups}, {inputs}, {outputs}]; at most {MaximumUnits} units a layer are read"));
        _shape.PassGroups(groups, inputs, outputs, node.Title);
        var each = (int)(inputs * outputs);
        var own = new float[weights.Values.Length];
        for (var group = 0; group < groups; group++)
        {
            GraphConstants.Transpose(weights.Values[(group * each)..((group + 1) * each)], (int)inputs, (int)outputs).CopyTo(own, group * each);
        }

        _layers.Add(new LayerInMaking((int)(groups * inputs), (int)(groups * outputs), own, (int)groups));
        _place = Place.Sums;
    }

    private NumberArray Weights(OnnxNode node)
    {
        Require(_chain.Constants.Contains(node.Inputs[1]), $"operator {node.Title} multiplies by {Quote.Name(node.Inputs[1])}, which is no constant of the file");
        return _chain.Constants.Singles(node.Inputs[1]);
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
        var weights = Weights(node);
        Require(weights.Dimensions.Length == 2 && weights.Values.Length > 0, $"operator {node.Title} needs a matrix of weights; {Quote.Name(node.Inputs[1])} is {weights.Shape}");
        var (first, second) = ((int)weights.Dimensions[0], (int)weights.Dimensions[1]);
        var (inputs, outputs) = weightsAreOutputsFirst ? (second, first) : (first, second);
        return AddLayer(node, inputs, outputs, weightsAreOutputsFirst ? weights.Values : GraphConstants.Transpose(weights.Values, inputs, outputs));
    }

    private LayerInMaking AddLayer(OnnxNode node, int inputs, int outputs, float[] weights, float[]? steps = null)
    {
        if (_place == Place.Sums)
        {
            _layers[^1].Activation = Activation.Identity;
        }

        Require(_layers.Count < MaximumLayers, $"it has more than {MaximumLayers} dense layers");
        Require(inputs <= (_layers.Count == 0 ? MaximumPixels : MaximumUnits) && outputs <= MaximumUnits, Invariant($"operator {node.Title} has weights of [{outputs}, {inputs}]; at most {MaximumPixels} pixels and {MaximumUnits} units a layer are read"));
        _shape.PassLayer(inputs, outputs, node.Title);
        var layer = new LayerInMaking(inputs, outputs, weights) { WeightSteps = steps };
        if (_place == Place.Input)
        {
            layer.Precede(_scaling.Resolve(inputs));
            if (_scaling.Order is { } order)
            {
                layer.Reorder(order);
            }
        }
        else
        {
            layer.Precede(_beforeLayer);
        }

        _beforeLayer = Affine.Identity;
        _layers.Add(layer);
        _place = Place.Sums;
        return layer;
    }
}
