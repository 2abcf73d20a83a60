using DigitML.Models.Folding;

namespace DigitML.Models.Onnx;

/// <summary>
/// What happens to pixel values before the first layer, put together of what the caller says, what the graph does
/// and, where both are silent, what such models expect.
/// </summary>
/// <param name="stated">What the caller says is done before the graph; null when it is to be found out, and for a graph of our own.</param>
/// <param name="isOurs">Whether DigitML wrote the graph, which then takes pixel values 0 to 255.</param>
/// <param name="takesFeatures">Whether the graph takes the features of a table, as they are.</param>
/// <param name="isWhole">Whether the graph's input is declared to be whole numbers, which pixels are from 0 to 255 alone.</param>
internal sealed class InputScaling(PixelNormalization? stated, bool isOurs, bool takesFeatures, bool isWhole)
{
    private static readonly PixelNormalization None = new(1, 0, 1);

    private readonly List<(string Operation, int DataIndex, float[] Constants)> _operations = [];
    private Affine _graph = Affine.Identity;

    /// <summary>The mean farthest from 0 that the graph subtracts, in units of its input.</summary>
    private double _farthestMean;

    /// <summary>For each value as it stands now, its place in the picture; null when none has moved.</summary>
    public int[]? Order { get; private set; }

    /// <summary>What was taken for the graph's input and why, for the model's metadata; null for a table, and for a graph of our own.</summary>
    public string? Origin { get; private set; }

    /// <summary>The part that the model's normalisation holds; valid once <see cref="Resolve"/> was called.</summary>
    public PixelNormalization Normalization { get; private set; }

    /// <summary>The same for a graph that takes the features of a table; null for any other.</summary>
    public FeatureNormalization? Features { get; private set; }

    /// <summary>Takes an operation of the graph.</summary>
    public void Add(ChainStep step, float[] constant)
    {
        _graph = _graph.Then(step.ToAffine(constant));
        _operations.Add((step.Node.Operator, step.DataIndex, constant));
        NoteMean(step.Node.Operator == "Sub" && step.DataIndex == 0);
    }

    /// <summary>Takes a subtraction of, or a multiplication by, one number for all or one for each.</summary>
    public void Add(string operation, float[] constant)
    {
        for (var i = 0; i < constant.Length; i++)
        {
            if (!float.IsFinite(constant[i]))
            {
                throw new OnnxFormatException(Invariant($"what it does to input {i} before the first layer is not finite"));
            }
        }

        _graph = _graph.Then(operation == "Sub" ? Affine.Shift(Array.ConvertAll(constant, value => -(double)value)) : Affine.Scale(Array.ConvertAll(constant, value => (double)value)));
        _operations.Add((operation, 0, constant));
        NoteMean(operation == "Sub");
    }

    /// <summary>Takes an operation that is more than one of the four.</summary>
    /// <param name="affine">What it does.</param>
    /// <param name="operation">Its name.</param>
    /// <param name="isMean">Whether it takes means off.</param>
    public void Add(Affine affine, string operation, bool isMean = false)
    {
        _graph = _graph.Then(affine);
        _operations.Add((operation, 0, []));
        NoteMean(isMean);
    }

    // What comes out as 0 once means are taken off is a mean. Later shifts are not: a batch normalisation's is learnt.
    private void NoteMean(bool isMean) => _farthestMean = isMean ? Math.Max(_farthestMean, _graph.FarthestZero) : _farthestMean;

    /// <summary>Takes a change of the values' order.</summary>
    /// <param name="order">For each new place the old one.</param>
    public void Reorder(int[] order)
    {
        _graph = _graph.Reordered(order);
        Order = Order is null ? order : [.. order.Select(old => Order[old])];
    }

    /// <summary>Decides on <see cref="Normalization"/>.</summary>
    /// <param name="inputs">Inputs of the first layer.</param>
    /// <returns>What is left for the first layer.</returns>
    public Affine Resolve(int inputs)
    {
        if (takesFeatures)
        {
            Normalization = None;
            if (_operations is [("Sub", 0, { } mean), ("Mul", 0, { } scale)] && mean.Length == inputs && scale.Length == inputs && Order is null)
            {
                // As we write it, so that it comes back bit for bit.
                Features = new FeatureNormalization(mean, scale);
                return Affine.Identity;
            }

            Features = FeatureNormalization.Uniform(inputs, 1);
            return _graph;
        }

        var outer = Outer();
        if (_graph.IsScalar && _operations.Count == 0)
        {
            Normalization = outer;
            return Affine.Identity;
        }

        if (_graph.IsScalar && outer == None && AsWritten() is { } exact)
        {
            Normalization = exact;
            return Affine.Identity;
        }

        (Normalization, var rest) = PixelScaling.Divide(outer, _graph) ?? throw new OnnxFormatException("what it does to pixels before the first layer is not finite");
        return rest;
    }

    /// <summary>What is done to pixels before the graph.</summary>
    private PixelNormalization Outer()
    {
        if (isOurs)
        {
            return None;
        }

        var (outer, why) =
            stated is { } given ? (given, "stated") :
            isWhole ? (None, "by the type of the graph's input") :
            PixelScaling.IsForBytes(_graph, _farthestMean) ? (None, "by the graph's constants") :
            (PixelNormalization.UnitRange, "by default");
        Origin = $"{InputScale.Format(outer)}, {why}";
        return outer;
    }

    /// <summary>The normalisation when the graph spells it out as we write it, so that it comes back bit for bit; or null.</summary>
    private PixelNormalization? AsWritten()
    {
        if (_operations.Any(operation => operation.DataIndex != 0))
        {
            return null;
        }

        PixelNormalization? normalization = _operations.Select(operation => operation.Operation).ToArray() switch
        {
            ["Mul"] => new(_operations[0].Constants[0], 0, 1),
            ["Mul", "Sub"] => new(_operations[0].Constants[0], _operations[1].Constants[0], 1),
            ["Mul", "Div"] => new(_operations[0].Constants[0], 0, _operations[1].Constants[0]),
            ["Mul", "Sub", "Div"] => new(_operations[0].Constants[0], _operations[1].Constants[0], _operations[2].Constants[0]),
            _ => null,
        };
        return normalization is { Deviation: > 0 } ? normalization : null;
    }
}
