namespace DigitML.Models.Onnx;

/// <summary>One operation of a chain: the value that flows through it and the constants it takes.</summary>
/// <param name="Node">The operation.</param>
/// <param name="DataIndex">Which of its inputs is the value that flows.</param>
internal readonly record struct ChainStep(OnnxNode Node, int DataIndex);

/// <summary>
/// The way from a graph's input to its output, found backwards from the output, so that what hangs beside it
/// (the arithmetic of shapes that PyTorch writes for <c>view</c>, say) need not be understood.
/// </summary>
internal sealed class GraphChain
{
    private const string Runs = "DigitML runs chains of Flatten, Reshape, Mul, Div, Sub, Add, Gemm, MatMul, Relu and Softmax";

    private GraphChain(OnnxValue input, IReadOnlyList<ChainStep> steps, GraphConstants constants)
    {
        Input = input;
        Steps = steps;
        Constants = constants;
    }

    /// <summary>The graph's input.</summary>
    public OnnxValue Input { get; }

    /// <summary>The operations from input to output.</summary>
    public IReadOnlyList<ChainStep> Steps { get; }

    /// <summary>The constants they take.</summary>
    public GraphConstants Constants { get; }

    /// <exception cref="OnnxFormatException">The output is not made from the input by a chain of operations that are run here.</exception>
    public static GraphChain Find(OnnxGraph graph)
    {
        var producers = new Dictionary<string, OnnxNode>();
        foreach (var node in graph.Nodes)
        {
            foreach (var output in node.Outputs.Where(output => output.Length > 0))
            {
                if (!producers.TryAdd(output, node))
                {
                    throw new OnnxFormatException($"two operators give {Quote.Name(output)}");
                }
            }
        }

        var constants = new GraphConstants(graph, producers);
        var steps = new List<ChainStep>();
        var value = Output(graph).Name;
        OnnxValue? input;
        // Old files list constants among the inputs too.
        while ((input = graph.Inputs.Find(candidate => candidate.Name == value && !constants.Contains(value))) is null)
        {
            if (!producers.TryGetValue(value, out var node))
            {
                throw new OnnxFormatException($"nothing in its graph gives {Quote.Name(value)}");
            }

            var step = new ChainStep(node, DataIndex(node, constants));
            if (node.Outputs.ElementAtOrDefault(LinearModels.OutputIndex(node)) != value || node.Inputs.Count <= step.DataIndex || steps.Count > graph.Nodes.Count)
            {
                throw new OnnxFormatException($"operator {node.Title} that gives {Quote.Name(value)} is not part of a chain; {Runs}");
            }

            steps.Add(step);
            value = node.Inputs[step.DataIndex];
        }

        steps.Reverse();
        return new GraphChain(input, steps, constants);
    }

    private static OnnxValue Output(OnnxGraph graph) =>
        graph.Outputs.Count == 1
            ? graph.Outputs[0]
            : graph.Outputs.Find(output => output.Name is "probabilities" or LinearModels.Output)
                ?? throw new OnnxFormatException($"expected one output, or one called 'probabilities', but its graph has {graph.Outputs.Count}: {string.Join(", ", graph.Outputs.Take(5).Select(output => Quote.Name(output.Name)))}");

    private static int DataIndex(OnnxNode node, GraphConstants constants)
    {
        if (LinearModels.Is(node))
        {
            return 0;
        }

        if (node.Domain is not ("" or "ai.onnx"))
        {
            throw NotRun(node);
        }

        switch (node.Operator)
        {
            case "Flatten" or "Reshape" or "Gemm" or "MatMul" or "Relu" or "Softmax" or "LogSoftmax" or "Cast" or "Identity" or "Dropout":
                return 0;
            case "Mul" or "Div" or "Sub" or "Add":
                if (node.Inputs.Count != 2 || (!constants.Contains(node.Inputs[0]) && !constants.Contains(node.Inputs[1])))
                {
                    throw new OnnxFormatException($"operator {node.Title} joins two branches; {Runs} by constants");
                }

                return constants.Contains(node.Inputs[0]) ? 1 : 0;
            default:
                throw NotRun(node);
        }
    }

    private static OnnxFormatException NotRun(OnnxNode node) => new($"the model holds operator {node.Title}; {Runs}");
}
