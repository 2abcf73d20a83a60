using DigitML.Numerics;

namespace DigitML.Models.Onnx;

/// <summary>Networks in whole numbers, in the form that <see cref="OnnxExport"/> writes.</summary>
internal sealed partial class OnnxImport
{
    private bool _isQuantized;

    /// <summary>What the last QuantizeLinear divided by and added, until its DequantizeLinear comes.</summary>
    private (float Scale, byte Zero)? _open;

    private void VisitQuantize(OnnxNode node)
    {
        // Others' may have bytes of other kinds, and clip where ours have an activation.
        Require(_model.Producer == OnnxExport.Producer && _chain.Input.Name != OnnxExport.FeaturesInput, $"the model holds operator {node.Title}; DigitML runs models in whole numbers that it made itself (digitml quantize)");
        Require(_open is null && node.Inputs.Count == 3, $"operator {node.Title} must have a step and what stands for 0, and follow no other");
        var steps = StepsOf(node);
        if (_place == Place.Input)
        {
            Require(steps is { Scale: 1, Zero: 0 }, $"operator {node.Title} must take pixel values as they are");
            _isQuantized = true;
        }
        else
        {
            Require(_isQuantized && _place is Place.Sums or Place.Activations, $"operator {node.Title} must stand before the first layer and between layers");
            if (_place == Place.Sums)
            {
                Activate(Activation.Identity, node.Title);
            }

            _layers[^1].OutputSteps = steps;
        }

        _open = steps;
    }

    private void VisitDequantize(OnnxNode node)
    {
        Require(_open is not null && node.Inputs.Count == 3, $"operator {node.Title} must follow operator 'QuantizeLinear'");
        var steps = StepsOf(node);
        if (_place == Place.Input)
        {
            // Whatever their normalisation makes of them: it may turn light into dark.
            Require(steps.Zero == 0, $"operator {node.Title} must take pixel values as they are");
            _scaling.Add("Mul", [steps.Scale]);
        }
        else
        {
            Require(steps == _open, $"operator {node.Title} must undo what operator 'QuantizeLinear' did");
        }

        _open = null;
    }

    private (float Scale, byte Zero) StepsOf(OnnxNode node)
    {
        Require(_chain.Constants.Contains(node.Inputs[1]) && _chain.Constants.Contains(node.Inputs[2]), $"operator {node.Title} must have a constant step and zero");
        var (scale, zero) = (_chain.Constants.Singles(node.Inputs[1]).Values, _chain.Constants.Bytes(node.Inputs[2]));
        Require(scale is [var step] && (IsStep(step) || _place == Place.Input) && zero is [>= 0], $"operator {node.Title} must have one step above 0 and one UINT8 for 0");
        return (scale[0], (byte)zero[0]);
    }

    private void AddQuantizedLayer(OnnxNode node)
    {
        Require(_open is null && _place is Place.Input or Place.Activations, $"operator {node.Title} must follow operator 'DequantizeLinear'");
        var weights = _chain.Constants.Quantized(node.Inputs[1]) ?? throw new OnnxFormatException($"operator {node.Title} must multiply by weights from operator 'DequantizeLinear'");
        Require(weights.Values.Length > 0 && weights.Inputs <= ByteLayer.MostInputs && Array.TrueForAll(weights.Steps, IsStep), $"operator {node.Title} needs weights of at most {ByteLayer.MostInputs} inputs, and steps above 0");
        AddLayer(node, weights.Inputs, weights.Outputs, GraphConstants.Transpose(weights.Values, weights.Inputs, weights.Outputs), weights.Steps);
    }

    private DenseLayer[] QuantizedLayers()
    {
        Require(_scaling.Features is null, "it is in whole numbers, which the features of a table are not");
        Require(_open is null && _layers.TrueForAll(layer => layer.WeightSteps is not null), "it is in whole numbers in part, where DigitML writes all layers so or none");
        try
        {
            return [.. _layers.Select(layer => layer.Finish() ?? throw new OnnxFormatException("its biases are not finite"))];
        }
        catch (ArgumentException error)
        {
            // Weights out of their range, or no whole steps once what stands around them was folded in.
            throw new OnnxFormatException(error.Message);
        }
    }

    private static bool IsStep(float step) => float.IsNormal(step) && step > 0 && float.IsFinite(1 / step);
}
