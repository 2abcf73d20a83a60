namespace DigitML.Models.Onnx;

/// <summary>ONNX's <c>NodeProto</c>: one operation of a graph.</summary>
internal sealed class OnnxNode
{
    // Far more than any operator that is run here takes, so that a hostile file cannot make lists without end.
    private const int MaximumItems = 64;

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public string Operator { get; private set; } = "";

    public string Domain { get; private set; } = "";

    public Dictionary<string, OnnxAttribute> Attributes { get; } = [];

    /// <summary>The operator's name as errors quote it, with its domain where that is not ONNX's own.</summary>
    public string Title => Quote.Name(Domain is "" or "ai.onnx" ? Operator : $"{Domain}.{Operator}");

    public bool IsStandard(string name) => Domain is "" or "ai.onnx" && Operator == name;

    public long Integer(string attribute, long otherwise) => Attributes.TryGetValue(attribute, out var found) ? found.Integer : otherwise;

    public float Single(string attribute, float otherwise) => Attributes.TryGetValue(attribute, out var found) ? found.Single : otherwise;

    public static OnnxNode Read(ByteRange message)
    {
        var node = new OnnxNode();
        var reader = new ProtoReader(message);
        while (reader.Next() is var field and not 0)
        {
            switch (field)
            {
                case 1:
                    node.Inputs.Add(reader.Text());
                    break;
                case 2:
                    node.Outputs.Add(reader.Text());
                    break;
                case 4:
                    node.Operator = reader.Text();
                    break;
                case 5:
                    var attribute = OnnxAttribute.Read(reader.Bytes());
                    node.Attributes[attribute.Name] = attribute;
                    break;
                case 7:
                    node.Domain = reader.Text();
                    break;
            }

            if (node.Inputs.Count > MaximumItems || node.Outputs.Count > MaximumItems || node.Attributes.Count > MaximumItems)
            {
                throw new OnnxFormatException($"operator {node.Title} has more than {MaximumItems} inputs, outputs or attributes");
            }
        }

        return node;
    }
}
