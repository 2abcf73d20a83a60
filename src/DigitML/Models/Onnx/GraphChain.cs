using DigitML.Models.Folding;

namespace DigitML.Models.Onnx;

/// <summary>One operation of a chain: the value that flows through it and the constants it takes.</summary>
/// <param name="Node">The operation.</param>
/// <param name="DataIndex">Which of its inputs is the value that flows.</param>
internal readonly record struct ChainStep(OnnxNode Node, int DataIndex)
{
    /// <summary>Whether more than one of its inputs is made of the value that flows.</summary>
    public bool Joins { get; init; }

    /// <summary>Of an operation that joins branches: what lies on them, in order.</summary>
    public IReadOnlyList<OnnxNode> Branches { get; init; } = [];

    /// <summary>The value that flows in.</summary>
    public string Input { get; init; } = "";

    /// <summary>What one of the four operations by a constant does.</summary>
    /// <param name="constant">One number, or one for each element; none for Neg.</param>
    public Affine ToAffine(float[] constant)
    {
        if (Node.Operator == "Neg")
        {
            return Affine.Of(-1, 0);
        }

        var (factor, offset) = (new double[constant.Length], new double[constant.Length]);
        for (var i = 0; i < constant.Length; i++)
        {
            (factor[i], offset[i]) = (Node.Operator, DataIndex) switch
            {
                ("Mul", _) => ((double)constant[i], 0.0),
                ("Add", _) => (1.0, (double)constant[i]),
                ("Sub", 0) => (1.0, -(double)constant[i]),
                ("Sub", _) => (-1.0, (double)constant[i]),
                ("Div", 0) when constant[i] != 0 => (1.0 / constant[i], 0.0),
                ("Div", 0) => throw new OnnxFormatException("operator 'Div' divides by 0"),
                _ => throw new OnnxFormatException("operator 'Div' divides a constant by the pixels; DigitML divides by constants alone"),
            };
        }

        return Affine.Of(factor, offset);
    }
}

/// <summary>
/// The way from a graph's input to its output, found backwards from the output, so that what hangs beside it
/// (the arithmetic of shapes that PyTorch writes for <c>view</c>, say) need not be understood. Where an operation joins two
/// branches, as in x · sigmoid(x), they are followed back until one value is left.
/// </summary>
internal sealed class GraphChain
{
    private const string Runs = "DigitML runs chains of Gemm, MatMul, BatchNormalization, Scaler, arithmetic by constants, changes of shape, activations and Softmax";

    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, (OnnxNode Node, int Place)> _producers = [];

    private GraphChain(OnnxGraph graph, ExternalFiles files)
    {
        _graph = graph;
        for (var place = 0; place < graph.Nodes.Count; place++)
        {
            var node = graph.Nodes[place];
            foreach (var output in node.Outputs.Where(output => output.Length > 0))
            {
                if (!_producers.TryAdd(output, (node, place)))
                {
                    throw new OnnxFormatException($"two operators give {Quote.Name(output)}");
                }
            }
        }

        Constants = new GraphConstants(graph, _producers.ToDictionary(producer => producer.Key, producer => producer.Value.Node), files);
        var steps = new List<ChainStep>();
        var value = Output();
        while (InputOf(value) is null)
        {
            var node = Producer(value);
            var step = Step(node);
            if (node.Outputs.ElementAtOrDefault(LinearModels.OutputIndex(node)) != value || node.Inputs.Count <= step.DataIndex || steps.Count > graph.Nodes.Count)
            {
                throw new OnnxFormatException($"operator {node.Title} that gives {Quote.Name(value)} is not part of a chain; {Runs}");
            }

            steps.Add(step);
            value = step.Input;
        }

        steps.Reverse();
        Input = InputOf(value)!;
        Steps = steps;
        ClassNames ??= NamesBeside();
    }

    /// <summary>The graph's input.</summary>
    public OnnxValue Input { get; }

    /// <summary>The operations from input to output.</summary>
    public IReadOnlyList<ChainStep> Steps { get; }

    /// <summary>The constants they take.</summary>
    public GraphConstants Constants { get; }

    /// <summary>What the file calls the classes; null when it does not name them, or by the numbers from 0 on.</summary>
    public IReadOnlyList<string>? ClassNames { get; private set; }

    /// <exception cref="OnnxFormatException">The output is not made from the input by a chain of operations that are run here.</exception>
    public static GraphChain Find(OnnxGraph graph, ExternalFiles files) => new(graph, files);

    // Old files list constants among the inputs too.
    private OnnxValue? InputOf(string value) => _graph.Inputs.Find(candidate => candidate.Name == value && !Constants.Contains(value));

    private OnnxNode Producer(string value) =>
        _producers.TryGetValue(value, out var producer) ? producer.Node : throw new OnnxFormatException($"nothing in its graph gives {Quote.Name(value)}");

    /// <summary>The value that holds the probabilities; what pairs them with names is left out.</summary>
    private string Output()
    {
        var outputs = _graph.Outputs;
        var found = outputs.Count == 1
            ? outputs[0]
            : outputs.Find(output => output.Name is "probabilities" or LinearModels.Output)
                ?? outputs.Find(output => _producers.TryGetValue(output.Name, out var producer) && LinearModels.IsZipMap(producer.Node))
                ?? throw new OnnxFormatException($"expected one output, or one called 'probabilities', but its graph has {outputs.Count}: {string.Join(", ", outputs.Take(5).Select(output => Quote.Name(output.Name)))}");
        if (!_producers.TryGetValue(found.Name, out var last) || !LinearModels.IsZipMap(last.Node))
        {
            return found.Name;
        }

        ClassNames = LinearModels.ClassNames(last.Node);
        return last.Node.Inputs is [var probabilities] ? probabilities : throw new OnnxFormatException($"operator {last.Node.Title} must take the probabilities alone");
    }

    /// <summary>The names in what gives a label beside the probabilities: a classifier at the chain's end, or a list from which the largest one's is taken.</summary>
    private IReadOnlyList<string>? NamesBeside()
    {
        if (Steps.LastOrDefault(step => LinearModels.OutputIndex(step.Node) == 1).Node is { } classifier)
        {
            return LinearModels.ClassNames(classifier);
        }

        return _graph.Nodes.Find(node => LinearModels.IsLookup(node) && _producers.TryGetValue(node.Inputs[1], out var place) && place.Node.IsStandard("ArgMax")) is { } lookup
            ? Constants.Names(lookup.Inputs[0])
            : null;
    }

    private ChainStep Step(OnnxNode node)
    {
        if (LinearModels.Is(node) || LinearModels.IsNormalizer(node))
        {
            return Along(node, 0);
        }

        if (IsOneLessAndOne(node))
        {
            return Along(node, 1);
        }

        if (Elementwise.Is(node))
        {
            int[] flowing = [.. Enumerable.Range(0, node.Inputs.Count).Where(i => node.Inputs[i].Length > 0 && !Constants.Contains(node.Inputs[i]))];
            return flowing.Length > 1 ? Join(node, flowing) : Along(node, flowing.Length == 1 ? flowing[0] : 0);
        }

        if (node.IsStandard("Cast"))
        {
            throw new OnnxFormatException(Invariant($"operator 'Cast' to type {node.Integer("to", 0)} loses digits; DigitML runs float32"));
        }

        return node.Domain is "" or "ai.onnx" && node.Operator is "Flatten" or "Reshape" or "Squeeze" or "Unsqueeze" or "Transpose" or "Gemm" or "MatMul" or "BatchNormalization" or "Softmax" or "LogSoftmax" or "Dropout" or "QuantizeLinear" or "DequantizeLinear"
            ? Along(node, 0)
            : throw new OnnxFormatException($"the model holds operator {node.Title}; {Runs}");
    }

    private static ChainStep Along(OnnxNode node, int index) => new(node, index) { Input = node.Inputs.ElementAtOrDefault(index) ?? "" };

    /// <summary>Follows the branches that an operation joins back to the one value that they come from.</summary>
    private ChainStep Join(OnnxNode join, int[] flowing)
    {
        var open = flowing.Select(i => join.Inputs[i]).ToHashSet();
        var branches = new List<OnnxNode>();
        var end = int.MaxValue;
        while (open.Count > 1)
        {
            // What stands last in the file cannot be needed by another that is open.
            var value = open.MaxBy(name => _producers.TryGetValue(name, out var known) ? known.Place : -1)!;
            var node = Producer(value);
            var place = _producers[value].Place;
            if (!Elementwise.Is(node) || node.Outputs.Count != 1)
            {
                throw new OnnxFormatException($"operator {join.Title} joins two branches, one of which holds operator {node.Title}; DigitML follows branches of an activation alone, by constants. {Runs}");
            }

            if (place >= end || branches.Count == ActivationForm.MaximumOperators)
            {
                throw new OnnxFormatException(place >= end ? $"operator {node.Title} stands behind what takes its value" : $"operator {join.Title} joins branches of more than {ActivationForm.MaximumOperators} operators");
            }

            end = place;
            branches.Add(node);
            open.Remove(value);
            open.UnionWith(node.Inputs.Where(input => input.Length > 0 && !Constants.Contains(input)));
        }

        branches.Reverse();
        return new ChainStep(join, flowing[0]) { Joins = true, Branches = branches, Input = open.First() };
    }

    /// <summary>Whether a node puts 1 − p and p side by side, as binary classifiers end.</summary>
    private bool IsOneLessAndOne(OnnxNode node) =>
        node.IsStandard("Concat") && node.Inputs.Count == 2 && node.Integer("axis", 0) is 1 or -1
        && _producers.TryGetValue(node.Inputs[0], out var other) && other.Node.IsStandard("Sub") && other.Node.Inputs.Count == 2 && other.Node.Inputs[1] == node.Inputs[1]
        && Constants.Contains(other.Node.Inputs[0]) && Constants.Singles(other.Node.Inputs[0]).Values is [1];
}
