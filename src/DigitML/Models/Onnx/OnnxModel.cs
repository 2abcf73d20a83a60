using Google.Protobuf;

namespace DigitML.Models.Onnx;

/// <summary>ONNX's <c>ModelProto</c>: a graph with the version of its operators and free text beside it.</summary>
internal sealed class OnnxModel
{
    private const int MaximumMetadata = 10_000;

    public required OnnxGraph Graph { get; init; }

    /// <summary>The version of ONNX's own operators that the graph is written in.</summary>
    public required long OperatorSet { get; init; }

    public required string Producer { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Reads a model's bytes; its weights stay in them until they are asked for.</summary>
    /// <exception cref="OnnxFormatException">The bytes are protobuf but no ONNX model that is read here.</exception>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no whole protobuf.</exception>
    public static OnnxModel Read(byte[] file)
    {
        OnnxGraph? graph = null;
        long? operatorSet = null;
        var producer = "";
        var metadata = new Dictionary<string, string>();
        var reader = new ProtoReader(new ByteRange(file, 0, file.Length));
        while (reader.Next() is var field and not 0)
        {
            switch (field)
            {
                case 2:
                    producer = reader.Text();
                    break;
                case 7 when graph is null:
                    graph = OnnxGraph.Read(reader.Bytes());
                    break;
                case 7:
                    throw new OnnxFormatException("expected one graph but found a second");
                case 8:
                    operatorSet = ReadOperatorSet(reader.Bytes()) ?? operatorSet;
                    break;
                case 14:
                    var (key, value) = ReadEntry(reader.Bytes());
                    metadata[key] = value;
                    if (metadata.Count > MaximumMetadata)
                    {
                        throw new OnnxFormatException($"it has more than {MaximumMetadata} entries of metadata");
                    }

                    break;
            }
        }

        return new OnnxModel
        {
            Graph = graph ?? throw new OnnxFormatException("expected an ONNX model but found no graph; the file is cut short, or something else"),
            OperatorSet = operatorSet ?? throw new OnnxFormatException("expected the version of ONNX's operators but found none; the file is cut short or damaged"),
            Producer = producer,
            Metadata = metadata,
        };
    }

    /// <summary>The version, or null when it is of operators that are not ONNX's own.</summary>
    private static long? ReadOperatorSet(ByteRange message)
    {
        var domain = "";
        long version = 0;
        var reader = new ProtoReader(message);
        while (reader.Next() is var field and not 0)
        {
            switch (field)
            {
                case 1:
                    domain = reader.Text();
                    break;
                case 2:
                    version = reader.Integer();
                    break;
            }
        }

        return domain is "" or "ai.onnx" ? version : null;
    }

    /// <summary>ONNX's <c>StringStringEntryProto</c>.</summary>
    public static (string Key, string Value) ReadEntry(ByteRange message)
    {
        var (key, value) = ("", "");
        var reader = new ProtoReader(message);
        while (reader.Next() is var field and not 0)
        {
            switch (field)
            {
                case 1:
                    key = reader.Text();
                    break;
                case 2:
                    value = reader.Text();
                    break;
            }
        }

        return (key, value);
    }
}

/// <summary>Shows names from a file in an error: on one line, of bounded length and without control characters.</summary>
internal static class Quote
{
    private const int MaximumLength = 80;

    public static string Name(string name)
    {
        var shown = name.Length > MaximumLength ? $"{name[..MaximumLength]}…" : name;
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c))}'";
    }
}

/// <summary>What is wrong with an ONNX model, as the end of a line that begins with the file's name.</summary>
internal sealed class OnnxFormatException(string message) : Exception(message);
