namespace DigitML.Models.Onnx;

/// <summary>
/// The constants of a graph by name: tensors that lie in it, nodes that are constants, and what Identity, Cast and
/// Transpose make of either, as exporters that do not tidy up write them.
/// </summary>
internal sealed class GraphConstants(OnnxGraph graph, IReadOnlyDictionary<string, OnnxNode> producers, ExternalFiles files)
{
    /// <summary>The most numbers that all constants together may have: 1 GiB of float32.</summary>
    public const int MaximumNumbers = 1 << 28;

    private const int MaximumDepth = 8;
    private const long SingleType = 1;
    private const long HalfType = 10;
    private const long DoubleType = 11;
    private const long BrainType = 16;

    private long _taken;

    /// <summary>Whether a name stands for numbers that are known before the graph runs.</summary>
    public bool Contains(string name) => Source(name) is not null;

    /// <summary>A constant's numbers as float32, each finite.</summary>
    public NumberArray Singles(string name)
    {
        var steps = new List<OnnxNode>();
        var numbers = Source(name, steps) switch
        {
            OnnxTensor tensor => Take(tensor, name),
            OnnxNode node when node.Attributes.TryGetValue("value", out var value) && value.Tensor is { } tensor => Take(tensor, name),
            OnnxNode node when node.Attributes.TryGetValue("value_float", out var value) => new NumberArray([value.Single], []),
            OnnxNode node when node.Attributes.TryGetValue("value_floats", out var value) => new NumberArray([.. value.Singles], [value.Singles.Count]),
            _ => throw NoNumbers(name),
        };
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            numbers = steps[i].IsStandard("Transpose") ? Transpose(numbers, steps[i], name) : numbers;
        }

        return numbers;
    }

    /// <summary>Weights that the file holds as bytes, by output columns, and what DequantizeLinear makes of them.</summary>
    /// <returns>Null when the constant is no such.</returns>
    public QuantizedWeights? Quantized(string name)
    {
        if (!producers.TryGetValue(name, out var node) || !node.IsStandard("DequantizeLinear"))
        {
            return null;
        }

        if (node.Inputs.Count is not (2 or 3) || !graph.Constants.TryGetValue(node.Inputs[0], out var tensor) || !tensor.IsSignedBytes || tensor.Dimensions.Count != 2
            || node.Integer("axis", 1) is not (1 or -1) || node.Integer("block_size", 0) != 0)
        {
            throw new OnnxFormatException($"operator {node.Title} must make weights of a constant matrix of INT8, with a step for each of its columns");
        }

        _taken += tensor.Count(node.Inputs[0]);
        if (_taken > MaximumNumbers)
        {
            throw new OnnxFormatException($"its constants hold more than {MaximumNumbers} numbers");
        }

        var bytes = tensor.Bytes(node.Inputs[0], files);
        var steps = Singles(node.Inputs[1]).Values;
        var (rows, columns) = ((int)tensor.Dimensions[0], (int)tensor.Dimensions[1]);
        if (steps.Length != columns || (node.Inputs.Count == 3 && node.Inputs[2].Length > 0 && Bytes(node.Inputs[2]).Any(zero => zero != 0)))
        {
            throw new OnnxFormatException(Invariant($"operator {node.Title} must have a step for each of {columns} columns and no zero but 0"));
        }

        var weights = new float[bytes.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = bytes[i] * steps[i % columns];
        }

        return new QuantizedWeights(weights, rows, columns, steps);
    }

    /// <summary>A small constant of bytes, such as what stands for 0.</summary>
    public int[] Bytes(string name) =>
        graph.Constants.TryGetValue(name, out var tensor) ? tensor.Bytes(name, files) : throw NoNumbers(name);

    /// <summary>The whole numbers of a small constant, such as a shape.</summary>
    public long[] Integers(string name) => Source(name) switch
    {
        OnnxTensor tensor => tensor.Integers(name, files),
        OnnxNode node when node.Attributes.TryGetValue("value", out var value) && value.Tensor is { } tensor => tensor.Integers(name, files),
        OnnxNode node when node.Attributes.TryGetValue("value_ints", out var value) => [.. value.Integers],
        _ => throw NoNumbers(name),
    };

    /// <summary>A constant list of classes' names; null when they are the numbers from 0 on, or it is no such list.</summary>
    public IReadOnlyList<string>? Names(string name) => Source(name) switch
    {
        OnnxTensor tensor => tensor.Names(name, files),
        OnnxNode node when node.Attributes.TryGetValue("value", out var value) && value.Tensor is { } tensor => tensor.Names(name, files),
        _ => null,
    };

    /// <summary>The tensor or Constant node that a name leads to, or null; the nodes on the way are noted.</summary>
    private object? Source(string name, List<OnnxNode>? steps = null)
    {
        for (var depth = 0; depth < MaximumDepth; depth++)
        {
            if (graph.Constants.TryGetValue(name, out var tensor))
            {
                return tensor;
            }

            if (!producers.TryGetValue(name, out var node))
            {
                return null;
            }

            if (node.IsStandard("Constant"))
            {
                return node;
            }

            var passes = node.IsStandard("Identity") || node.IsStandard("Transpose") || (node.IsStandard("Cast") && IsFloatCast(node));
            if (!passes || node.Inputs.Count == 0)
            {
                return null;
            }

            steps?.Add(node);
            name = node.Inputs[0];
        }

        return null;
    }

    /// <summary>Whether a Cast leaves values as they are but for digits that the exporter did without; float32 is kept here throughout.</summary>
    public static bool IsFloatCast(OnnxNode cast) => cast.Integer("to", 0) is SingleType or DoubleType or HalfType or BrainType;

    private NumberArray Take(OnnxTensor tensor, string name)
    {
        _taken += tensor.Count(name);
        return _taken <= MaximumNumbers
            ? new NumberArray(tensor.Singles(name, files), [.. tensor.Dimensions])
            : throw new OnnxFormatException($"its constants hold more than {MaximumNumbers} numbers");
    }

    private static NumberArray Transpose(NumberArray numbers, OnnxNode node, string name)
    {
        var order = node.Attributes.TryGetValue("perm", out var attribute) ? attribute.Integers : [1, 0];
        if (numbers.Dimensions.Length != 2 || order is not [1, 0])
        {
            throw new OnnxFormatException($"tensor {Quote.Name(name)} of shape {numbers.Shape} is transposed to [{string.Join(", ", order)}]; DigitML transposes matrices alone");
        }

        var (rows, columns) = ((int)numbers.Dimensions[0], (int)numbers.Dimensions[1]);
        return new NumberArray(Transpose(numbers.Values, rows, columns), [columns, rows]);
    }

    /// <summary>[rows, columns] to [columns, rows].</summary>
    public static float[] Transpose(float[] values, int rows, int columns)
    {
        var transposed = new float[values.Length];
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                transposed[c * rows + r] = values[r * columns + c];
            }
        }

        return transposed;
    }

    private static OnnxFormatException NoNumbers(string name) =>
        new($"constant {Quote.Name(name)} holds no tensor that DigitML reads");
}

/// <summary>Weights that a file holds as bytes.</summary>
/// <param name="Values">[inputs, outputs], each a whole number of its output's steps.</param>
/// <param name="Inputs">Rows.</param>
/// <param name="Outputs">Columns.</param>
/// <param name="Steps">[outputs].</param>
internal sealed record QuantizedWeights(float[] Values, int Inputs, int Outputs, float[] Steps);
