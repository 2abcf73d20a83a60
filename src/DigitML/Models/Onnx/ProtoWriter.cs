using Google.Protobuf;

namespace DigitML.Models.Onnx;

/// <summary>
/// Builds one protobuf message as a chain of byte blocks: a message within a message hands over its blocks,
/// so that weights, which are nearly all of a model, are held once however deep they lie.
/// </summary>
internal sealed class ProtoWriter
{
    private readonly List<ReadOnlyMemory<byte>> _blocks = [];

    /// <summary>Bytes of the message.</summary>
    public long Length { get; private set; }

    /// <summary>The message's bytes, one block after the other.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Blocks => _blocks;

    public ProtoWriter Integer(int field, long value) => Add(field, WireFormat.WireType.Varint, output => output.WriteInt64(value));

    public ProtoWriter Single(int field, float value) => Add(field, WireFormat.WireType.Fixed32, output => output.WriteFloat(value));

    public ProtoWriter Text(int field, string value) => Add(field, WireFormat.WireType.LengthDelimited, output => output.WriteString(value));

    public ProtoWriter Bytes(int field, ReadOnlyMemory<byte> value)
    {
        AddLength(field, value.Length);
        Add(value);
        return this;
    }

    public ProtoWriter Message(int field, ProtoWriter message)
    {
        AddLength(field, message.Length);
        return Append(message);
    }

    /// <summary>Adds the fields of another message to this one.</summary>
    public ProtoWriter Append(ProtoWriter fields)
    {
        foreach (var block in fields._blocks)
        {
            Add(block);
        }

        return this;
    }

    private void AddLength(int field, long length) =>
        Add(field, WireFormat.WireType.LengthDelimited, output => output.WriteUInt64((ulong)length));

    private ProtoWriter Add(int field, WireFormat.WireType type, Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(field, type);
            write(output);
        }

        Add(bytes.ToArray());
        return this;
    }

    private void Add(ReadOnlyMemory<byte> block)
    {
        _blocks.Add(block);
        Length += block.Length;
    }
}
