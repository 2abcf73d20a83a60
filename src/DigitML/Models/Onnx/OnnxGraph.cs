namespace DigitML.Models.Onnx;

/// <summary>ONNX's <c>GraphProto</c>: nodes that compute named values from the graph's inputs and constants.</summary>
internal sealed class OnnxGraph
{
    /// <summary>The most nodes, constants, inputs or outputs; a network of 64 layers has a few hundred.</summary>
    private const int MaximumItems = 10_000;

    public List<OnnxNode> Nodes { get; } = [];

    public Dictionary<string, OnnxTensor> Constants { get; } = [];

    public List<OnnxValue> Inputs { get; } = [];

    public List<OnnxValue> Outputs { get; } = [];

    public static OnnxGraph Read(ByteRange message)
    {
        var graph = new OnnxGraph();
        var reader = new ProtoReader(message);
        while (reader.Next() is var field and not 0)
        {
            switch (field)
            {
                case 1:
                    graph.Nodes.Add(OnnxNode.Read(reader.Bytes()));
                    break;
                case 5:
                    var tensor = OnnxTensor.Read(reader.Bytes());
                    if (!graph.Constants.TryAdd(tensor.Name, tensor))
                    {
                        throw new OnnxFormatException($"two tensors are both called {Quote.Name(tensor.Name)}");
                    }

                    break;
                case 11:
                    graph.Inputs.Add(OnnxValue.Read(reader.Bytes()));
                    break;
                case 12:
                    graph.Outputs.Add(OnnxValue.Read(reader.Bytes()));
                    break;
            }

            if (graph.Nodes.Count > MaximumItems || graph.Constants.Count > MaximumItems || graph.Inputs.Count > MaximumItems || graph.Outputs.Count > MaximumItems)
            {
                throw new OnnxFormatException($"its graph has more than {MaximumItems} nodes, tensors, inputs or outputs");
            }
        }

        return graph;
    }
}
