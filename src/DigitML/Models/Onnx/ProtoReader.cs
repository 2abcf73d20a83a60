using System.Text;
using Google.Protobuf;

namespace DigitML.Models.Onnx;

/// <summary>
/// Reads one protobuf message field by field. A message within a message is handed out as its range of bytes,
/// to be read by a reader of its own, so that nothing is copied and nothing nests deeper than the caller goes.
/// </summary>
/// <remarks>What is not protobuf, or is cut, throws <see cref="InvalidProtocolBufferException"/>.</remarks>
internal sealed class ProtoReader(ByteRange message)
{
    private readonly CodedInputStream _input = message.Open();
    private uint _tag;
    private bool _taken = true;

    /// <summary>The number of the field that stands next; 0 at the end. A field that was not taken is passed over.</summary>
    public int Next()
    {
        if (!_taken)
        {
            _input.SkipLastField();
        }

        _tag = _input.ReadTag();
        _taken = false;
        return WireFormat.GetTagFieldNumber(_tag);
    }

    public long Integer()
    {
        Take(WireFormat.WireType.Varint);
        return _input.ReadInt64();
    }

    public float Single()
    {
        Take(WireFormat.WireType.Fixed32);
        return _input.ReadFloat();
    }

    public string Text() => Encoding.UTF8.GetString(Bytes().Span);

    public ByteRange Bytes()
    {
        Take(WireFormat.WireType.LengthDelimited);
        // The stream keeps lengths to itself; its position before and after the field says the same.
        var start = (int)_input.Position;
        _input.SkipLastField();
        var end = (int)_input.Position;
        var length = new ByteRange(message.File, start, end - start).Open().ReadLength();
        return new ByteRange(message.File, end - length, length);
    }

    /// <summary>Takes the numbers of a repeated field: one, or many that are packed in one block.</summary>
    /// <param name="type">How one number alone is written.</param>
    /// <param name="take">Reads one number from the stream, and refuses more than it wants.</param>
    public void Numbers(WireFormat.WireType type, Action<CodedInputStream> take)
    {
        if (WireFormat.GetTagWireType(_tag) == WireFormat.WireType.LengthDelimited)
        {
            var packed = Bytes().Open();
            while (!packed.IsAtEnd)
            {
                take(packed);
            }
        }
        else
        {
            Take(type);
            take(_input);
        }
    }

    private void Take(WireFormat.WireType expected)
    {
        if (WireFormat.GetTagWireType(_tag) != expected)
        {
            throw new OnnxFormatException(Invariant($"expected ONNX but its field {WireFormat.GetTagFieldNumber(_tag)} is of another kind ({WireFormat.GetTagWireType(_tag)} for {expected})"));
        }

        _taken = true;
    }
}

/// <summary>A part of a file in memory; nothing is copied to name it.</summary>
internal readonly record struct ByteRange(byte[] File, int Offset, int Length)
{
    public ReadOnlySpan<byte> Span => File.AsSpan(Offset, Length);

    public CodedInputStream Open() => new(File, Offset, Length);
}
