using System.Buffers.Binary;

namespace DigitML.Models.Onnx;

/// <summary>
/// Writes a network as an ONNX model: <c>pixels</c> [n, inputs] → Mul, Sub, Div (the normalisation; those that
/// change nothing are left out, Mul aside, which says that scaling is inside) → Gemm, Relu or another activation, …, Gemm → Softmax →
/// <c>probabilities</c> [n, classes]. One for tables begins <c>features</c> [n, inputs] → Sub, Mul, by a number for each
/// feature. One in whole numbers: QuantizeLinear and DequantizeLinear → MatMul by what DequantizeLinear makes of bytes, Add,
/// Relu …, which is the form that runtimes know it by. Between the first layer and the last of an ensemble values are [members, n, units],
/// and MatMul has a matrix for each member. The same network gives the same bytes.
/// </summary>
internal static class OnnxExport
{
    /// <summary>By this name an import knows that a graph takes pixel values 0 to 255.</summary>
    public const string Producer = "DigitML";

    /// <summary>What the input is called of a network that takes the features of a table.</summary>
    public const string FeaturesInput = "features";

    // Old enough for every runtime in use, new enough that Softmax means its last axis.
    private const long FormatVersion = 7;
    private const long OperatorSet = 13;
    private const long SingleType = 1;
    private const long UnsignedByteType = 2;
    private const long SignedByteType = 3;
    private const long SingleAttribute = 1;
    private const long IntegerAttribute = 2;
    private const long IntegersAttribute = 7;
    private const long IntegerType = 7;

    public static ProtoWriter Write(Mlp model)
    {
        var message = new ProtoWriter()
            .Integer(1, FormatVersion)
            .Text(2, Producer)
            .Text(6, model.FeatureNormalization is null
                ? "A multilayer perceptron that reads handwritten digits. Give it grey pixel values from 0 (ground) to 255 (ink); scaling is part of the graph."
                : "A multilayer perceptron that classifies rows of features; their normalisation is part of the graph.")
            .Message(8, new ProtoWriter().Text(1, "").Integer(2, OperatorSet));
        foreach (var (key, value) in model.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            message.Message(14, new ProtoWriter().Text(1, key).Text(2, value));
        }

        // The graph comes last: a file cut anywhere then lacks some of it, which its length gives away.
        return message.Message(7, Graph(model));
    }

    private static ProtoWriter Graph(Mlp model)
    {
        var nodes = new ProtoWriter();
        var constants = new ProtoWriter();
        var input = model.FeatureNormalization is null ? "pixels" : FeaturesInput;
        var value = input;
        if (model.FeatureNormalization is { } features)
        {
            Normalize("Sub", "mean", [features.Count], features.Mean.Span);
            Normalize("Mul", "scale", [features.Count], features.Scale.Span);
        }
        else if (model.IsQuantized)
        {
            // Pixels are bytes: rounded as they come in, and worth what the normalisation multiplies them by.
            Constant("pixels.step", [], [1]);
            Constant("pixels.scale", [], [InferenceNetwork.Folded(model.Normalization, model.Layers[0]).Scale]);
            Tensor("pixels.zero", [], UnsignedByteType, [0]);
            Node("QuantizeLinear", "pixels.quantize", ["pixels.step", "pixels.zero"], "pixels.bytes");
            Node("DequantizeLinear", "pixels.dequantize", ["pixels.scale", "pixels.zero"], "pixels.scaled");
        }
        else
        {
            var (scale, mean, deviation) = model.Normalization;
            Normalize("Mul", "scale", [], [scale]);
            if (!(mean.Equals(0f) && float.IsPositive(mean)))
            {
                Normalize("Sub", "mean", [], [mean]);
            }

            if (deviation != 1)
            {
                Normalize("Div", "deviation", [], [deviation]);
            }
        }

        for (var i = 0; i < model.Layers.Count; i++)
        {
            var layer = model.Layers[i];
            var name = FormattableString.Invariant($"layers.{i}");
            if (layer.Quantization is { } quantization)
            {
                Constant($"{name}.weight.step", [layer.Outputs], quantization.WeightSteps.Span);
                Tensor($"{name}.weight.zero", [layer.Outputs], SignedByteType, new byte[layer.Outputs]);
                Tensor($"{name}.weight.bytes", [layer.Inputs, layer.Outputs], SignedByteType, InSteps(layer, quantization));
                Constant($"{name}.bias", [layer.Outputs], (i == 0 ? InferenceNetwork.Folded(model.Normalization, layer).Bias : layer.Bias).Span);
                Aside("DequantizeLinear", $"{name}.weight.dequantize", [$"{name}.weight.bytes", $"{name}.weight.step", $"{name}.weight.zero"], $"{name}.weight", Setting("axis", 1));
                Node("MatMul", $"{name}.product", [$"{name}.weight"], $"{name}.product");
                Node("Add", name, [$"{name}.bias"], $"{name}.sums");
                if (i < model.Layers.Count - 1)
                {
                    Activate(layer.Activation, name);
                    Constant($"{name}.step", [], [quantization.OutputScale]);
                    Tensor($"{name}.zero", [], UnsignedByteType, [quantization.OutputZero]);
                    Node("QuantizeLinear", $"{name}.quantize", [$"{name}.step", $"{name}.zero"], $"{name}.bytes");
                    Node("DequantizeLinear", $"{name}.dequantize", [$"{name}.step", $"{name}.zero"], $"{name}.values");
                }

                continue;
            }

            if (layer.Groups > 1)
            {
                if (i == 1)
                {
                    Reshape("members.part", [-1, layer.Groups, layer.Inputs / layer.Groups]);
                    Node("Transpose", "members.first", [], "members.first", Setting("perm", [1, 0, 2]));
                }

                Constant($"{name}.weight", [layer.Groups, layer.Inputs / layer.Groups, layer.Outputs / layer.Groups], ByInput(layer));
                Constant($"{name}.bias", [layer.Groups, 1, layer.Outputs / layer.Groups], layer.Bias.Span);
                Node("MatMul", $"{name}.product", [$"{name}.weight"], $"{name}.product");
                Node("Add", name, [$"{name}.bias"], $"{name}.sums");
                Activate(layer.Activation, name);
                if (i == model.Layers.Count - 2)
                {
                    Node("Transpose", "members.last", [], "members.last", Setting("perm", [1, 0, 2]));
                    Reshape("members.join", [-1, layer.Outputs]);
                }

                continue;
            }

            Constant($"{name}.weight", [layer.Outputs, layer.Inputs], layer.Weights.Span);
            Constant($"{name}.bias", [layer.Outputs], layer.Bias.Span);
            Node("Gemm", name, [$"{name}.weight", $"{name}.bias"], $"{name}.sums", Setting("transB", 1));
            if (i < model.Layers.Count - 1)
            {
                Activate(layer.Activation, name);
            }
        }

        Node("Softmax", "softmax", [], "probabilities", Setting("axis", -1));
        return new ProtoWriter()
            .Append(nodes)
            .Text(2, "mlp")
            .Append(constants)
            .Message(11, Value(
                input,
                model.InputCount,
                model.FeatureNormalization is null
                    ? "Grey pixel values 0 to 255, each picture row by row from the top left; 0 is the ground, 255 the ink."
                    : "Features as they were trained on; their normalisation is part of the graph."))
            .Message(12, Value("probabilities", model.ClassCount, "The probability of each class; every row sums to 1."));

        void Reshape(string name, long[] shape)
        {
            var bytes = new byte[shape.Length * sizeof(long)];
            for (var i = 0; i < shape.Length; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), shape[i]);
            }

            Tensor($"{name}.shape", [shape.Length], IntegerType, bytes);
            Node("Reshape", name, [$"{name}.shape"], name);
        }

        void Normalize(string operation, string name, long[] shape, ReadOnlySpan<float> constant)
        {
            Constant($"normalization.{name}", shape, constant);
            Node(operation, $"normalization.{operation}", [$"normalization.{name}"], $"normalized.{name}");
        }

        // GELU became an operator in version 20 and SiLU in 24, which is too new for many runtimes; these are what exporters write before.
        void Activate(Activation activation, string name)
        {
            var (sums, output) = (value, $"{name}.output");
            switch (activation.Kind)
            {
                case ActivationKind.Identity:
                    break;
                case ActivationKind.LeakyRelu:
                    Node("LeakyRelu", $"{name}.leakyrelu", [], output, Setting("alpha", activation.Alpha));
                    break;
                case ActivationKind.PRelu:
                    Constant($"{name}.slopes", [activation.Slopes.Length], activation.Slopes.Span);
                    Node("PRelu", $"{name}.prelu", [$"{name}.slopes"], output);
                    break;
                case ActivationKind.Elu:
                    Node("Elu", $"{name}.elu", [], output, Setting("alpha", activation.Alpha));
                    break;
                case ActivationKind.Gelu:
                    Step("Div", "root", 1.41421356f, "scaled");
                    Node("Erf", $"{name}.erf", [], $"{name}.erf");
                    Step("Add", "one", 1, "raised");
                    Node("Mul", $"{name}.gated", [sums], $"{name}.gated");
                    Step("Mul", "half", 0.5f, "output");
                    break;
                case ActivationKind.GeluTanh:
                    Node("Mul", $"{name}.squared", [sums], $"{name}.squared");
                    Node("Mul", $"{name}.cubed", [sums], $"{name}.cubed");
                    Step("Mul", "cubic", 0.044715f, "bent");
                    Node("Add", $"{name}.inner", [sums], $"{name}.inner");
                    Step("Mul", "factor", 0.797884561f, "scaled");
                    Node("Tanh", $"{name}.tanh", [], $"{name}.tanh");
                    Step("Add", "one", 1, "raised");
                    Node("Mul", $"{name}.gated", [sums], $"{name}.gated");
                    Step("Mul", "half", 0.5f, "output");
                    break;
                case ActivationKind.Silu:
                    Node("Sigmoid", $"{name}.sigmoid", [], $"{name}.sigmoid");
                    Node("Mul", $"{name}.gated", [sums], output);
                    break;
                case ActivationKind.Relu6:
                    Constant($"{name}.least", [], [0]);
                    Constant($"{name}.most", [], [6]);
                    Node("Clip", $"{name}.clip", [$"{name}.least", $"{name}.most"], output);
                    break;
                default:
                    // Relu, Tanh, Sigmoid: one operator without settings, of the same name.
                    Node(activation.Kind.ToString(), $"{name}.{activation.Kind.ToString().ToLowerInvariant()}", [], output);
                    break;
            }

            void Step(string operation, string constant, float number, string result)
            {
                Constant($"{name}.{constant}", [], [number]);
                Node(operation, $"{name}.{result}", [$"{name}.{constant}"], $"{name}.{result}");
            }
        }

        void Node(string operation, string name, string[] inputs, string output, ProtoWriter? setting = null)
        {
            Aside(operation, name, [value, .. inputs], output, setting);
            value = output;
        }

        // A node beside the chain: what it takes are constants.
        void Aside(string operation, string name, string[] inputs, string output, ProtoWriter? setting = null)
        {
            var node = new ProtoWriter();
            foreach (var input in inputs)
            {
                node.Text(1, input);
            }

            node.Text(2, output).Text(3, name).Text(4, operation);
            if (setting is not null)
            {
                node.Message(5, setting);
            }

            nodes.Message(1, node);
        }

        void Constant(string name, long[] shape, ReadOnlySpan<float> numbers) => Tensor(name, shape, SingleType, LittleEndian(name, numbers));

        void Tensor(string name, long[] shape, long type, byte[] bytes)
        {
            var tensor = new ProtoWriter();
            foreach (var size in shape)
            {
                tensor.Integer(1, size);
            }

            constants.Message(5, tensor.Integer(2, type).Text(8, name).Bytes(9, bytes));
        }
    }

    /// <summary>Weights in steps, [inputs, outputs], as signed bytes.</summary>
    private static byte[] InSteps(DenseLayer layer, LayerQuantization quantization)
    {
        var weights = layer.Weights.Span;
        var steps = quantization.WeightSteps.Span;
        var bytes = new byte[weights.Length];
        for (var output = 0; output < layer.Outputs; output++)
        {
            for (var input = 0; input < layer.Inputs; input++)
            {
                bytes[(input * layer.Outputs) + output] = unchecked((byte)(sbyte)MathF.Round(weights[(output * layer.Inputs) + input] / steps[output]));
            }
        }

        return bytes;
    }

    /// <summary>An ensemble's weights, [groups, inputs, outputs] of each.</summary>
    private static float[] ByInput(DenseLayer layer)
    {
        var (inputs, outputs) = (layer.Inputs / layer.Groups, layer.Outputs / layer.Groups);
        var weights = layer.Weights.Span;
        var turned = new float[weights.Length];
        for (var output = 0; output < layer.Outputs; output++)
        {
            for (var input = 0; input < inputs; input++)
            {
                turned[(((output / outputs * inputs) + input) * outputs) + (output % outputs)] = weights[(output * inputs) + input];
            }
        }

        return turned;
    }

    private static ProtoWriter Setting(string name, long value) => new ProtoWriter().Text(1, name).Integer(3, value).Integer(20, IntegerAttribute);

    private static ProtoWriter Setting(string name, long[] values)
    {
        var setting = new ProtoWriter().Text(1, name);
        foreach (var value in values)
        {
            setting.Integer(8, value);
        }

        return setting.Integer(20, IntegersAttribute);
    }

    private static ProtoWriter Setting(string name, float value) => new ProtoWriter().Text(1, name).Single(2, value).Integer(20, SingleAttribute);

    private static byte[] LittleEndian(string name, ReadOnlySpan<float> numbers)
    {
        var bytes = new byte[checked(numbers.Length * sizeof(float))];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!float.IsFinite(numbers[i]))
            {
                throw new InvalidOperationException(FormattableString.Invariant($"A model whose {name} hold {numbers[i]} (element {i}) predicts nothing, so it is not saved."));
            }

            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), numbers[i]);
        }

        return bytes;
    }

    /// <summary>A <c>ValueInfoProto</c> of float32 [n, size].</summary>
    private static ProtoWriter Value(string name, int size, string documentation)
    {
        var shape = new ProtoWriter()
            .Message(1, new ProtoWriter().Text(2, "n"))
            .Message(1, new ProtoWriter().Integer(1, size));
        var type = new ProtoWriter().Message(1, new ProtoWriter().Integer(1, SingleType).Message(2, shape));
        return new ProtoWriter().Text(1, name).Message(2, type).Text(3, documentation);
    }
}
