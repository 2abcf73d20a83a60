using System.Globalization;

namespace DigitML.Models.Onnx;

/// <summary>ONNX's <c>ValueInfoProto</c>: the name and shape of what goes into a graph or comes out of it.</summary>
internal sealed class OnnxValue
{
    public string Name { get; private set; } = "";

    /// <summary>The dimensions, null for each that has a name in place of a size; null altogether where no shape is declared.</summary>
    public List<long?>? Dimensions { get; private set; }

    /// <summary>ONNX's number of the elements' type; 0 where none is declared.</summary>
    public long ElementType { get; private set; }

    /// <summary>Whether the elements are whole numbers.</summary>
    public bool IsWhole => ElementType is (>= 2 and <= 7) or 12 or 13;

    /// <summary>The shape as errors show it: <c>[?, 784]</c>.</summary>
    public string Shape => Dimensions is null ? "of any shape" : $"[{string.Join(", ", Dimensions.Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? "?"))}]";

    public static OnnxValue Read(ByteRange message)
    {
        var value = new OnnxValue();
        var reader = new ProtoReader(message);
        while (reader.Next() is var field and not 0)
        {
            switch (field)
            {
                case 1:
                    value.Name = reader.Text();
                    break;
                case 2:
                    value.ReadType(reader.Bytes());
                    break;
            }
        }

        return value;
    }

    private void ReadType(ByteRange message)
    {
        var type = new ProtoReader(message);
        while (type.Next() is var field and not 0)
        {
            // Other kinds (sequences, maps) have no shape; the operators that make them are refused by name.
            if (field != 1)
            {
                continue;
            }

            var tensor = new ProtoReader(type.Bytes());
            while (tensor.Next() is var tensorField and not 0)
            {
                switch (tensorField)
                {
                    case 1:
                        ElementType = tensor.Integer();
                        break;
                    case 2:
                        ReadShape(tensor.Bytes());
                        break;
                }
            }
        }
    }

    private void ReadShape(ByteRange message)
    {
        Dimensions = [];
        var shape = new ProtoReader(message);
        while (shape.Next() is var field and not 0)
        {
            if (field != 1)
            {
                continue;
            }

            long? size = null;
            var dimension = new ProtoReader(shape.Bytes());
            while (dimension.Next() is var dimensionField and not 0)
            {
                size = dimensionField == 1 ? dimension.Integer() : size;
            }

            if (Dimensions.Count == OnnxTensor.MaximumRank)
            {
                throw new OnnxFormatException($"its value {Quote.Name(Name)} has more than {OnnxTensor.MaximumRank} dimensions");
            }

            // Zero and less are what some exporters write for a size they do not know.
            Dimensions.Add(size > 0 ? size : null);
        }
    }
}
