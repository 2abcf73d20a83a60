using Google.Protobuf;

namespace DigitML.Models.Onnx;

/// <summary>ONNX's <c>AttributeProto</c>: a named setting of an operation, as far as chains of dense layers use them.</summary>
internal sealed class OnnxAttribute
{
    private readonly List<float> _singles = [];
    private readonly List<long> _integers = [];
    private readonly List<string> _texts = [];

    public string Name { get; private set; } = "";

    public float Single { get; private set; }

    public long Integer { get; private set; }

    public string Text { get; private set; } = "";

    public OnnxTensor? Tensor { get; private set; }

    public IReadOnlyList<float> Singles => _singles;

    public IReadOnlyList<long> Integers => _integers;

    public IReadOnlyList<string> Texts => _texts;

    public static OnnxAttribute Read(ByteRange message)
    {
        var attribute = new OnnxAttribute();
        var reader = new ProtoReader(message);
        while (reader.Next() is var field and not 0)
        {
            switch (field)
            {
                case 1:
                    attribute.Name = reader.Text();
                    break;
                case 2:
                    attribute.Single = reader.Single();
                    break;
                case 3:
                    attribute.Integer = reader.Integer();
                    break;
                case 4:
                    attribute.Text = reader.Text();
                    break;
                case 5:
                    attribute.Tensor = OnnxTensor.Read(reader.Bytes());
                    break;
                case 7:
                    reader.Numbers(WireFormat.WireType.Fixed32, input => attribute._singles.Add(input.ReadFloat()));
                    break;
                case 8:
                    reader.Numbers(WireFormat.WireType.Varint, input => attribute.Add(input.ReadInt64()));
                    break;
                case 9:
                    attribute._texts.Add(reader.Text());
                    if (attribute._texts.Count > LinearModels.MaximumClasses)
                    {
                        throw new OnnxFormatException(Invariant($"attribute {Quote.Name(attribute.Name)} lists more than {LinearModels.MaximumClasses} texts"));
                    }

                    break;
            }
        }

        return attribute;
    }

    private void Add(long integer)
    {
        var most = Name is LinearModels.ClassLabels or LinearModels.ZipMapLabels ? LinearModels.MaximumClasses : OnnxTensor.MaximumRank;
        if (_integers.Count == most)
        {
            throw new OnnxFormatException(Invariant($"attribute {Quote.Name(Name)} lists more than {most} whole numbers; no chain of dense layers needs as many"));
        }

        _integers.Add(integer);
    }
}
