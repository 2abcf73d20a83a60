using System.Buffers.Binary;
using System.Text;

namespace DigitML.Tests.Models;

/// <summary>Writes ONNX files as other programs do, byte by byte and apart from the library's own writer.</summary>
public sealed class ForeignModel
{
    private readonly List<byte> _graph = [];
    private string _value = "x";
    private int _values;

    /// <summary>How numbers lie in a tensor.</summary>
    public enum Storage
    {
        Raw,
        Packed,
        Unpacked,
        RawHalf,
        PackedHalf,
        RawDouble,
        PackedDouble,
        RawBrain,
        PackedBrain,
    }

    public long OperatorSet { get; init; } = 13;

    public string Producer { get; init; } = "pytorch";

    /// <summary>Declares the input <c>x</c>; −1 is a dimension with a name.</summary>
    public ForeignModel Input(params long[] dimensions) => Add(11, Value("x", dimensions));

    /// <summary>Declares the input <c>x</c> of pixel bytes.</summary>
    public ForeignModel ByteInput(params long[] dimensions) => Add(11, Value("x", dimensions, type: 2));

    public ForeignModel InputOfAnyShape() => Add(11, [.. Text(1, "x"), .. Bytes(2, Bytes(1, Integer(1, 1)))]);

    /// <summary>Adds an operation on the value that flows.</summary>
    public ForeignModel Then(string operation, string[] constants, params byte[][] attributes) => Then(operation, [_value, .. constants], _value, attributes);

    public ForeignModel Then(string operation, params string[] constants) => Then(operation, constants, []);

    /// <summary>Adds an operation that takes its constant first.</summary>
    public ForeignModel ThenOf(string operation, string constant) => Then(operation, [constant, _value], _value, []);

    /// <summary>Adds a node beside the flow.</summary>
    public ForeignModel Node(string operation, string[] inputs, string output, params byte[][] attributes) =>
        Add(1, [.. inputs.SelectMany(input => Text(1, input)), .. Text(2, output), .. Text(4, operation), .. attributes.SelectMany(attribute => Bytes(5, attribute))]);

    /// <summary>Adds a node of another domain beside the flow.</summary>
    public ForeignModel NodeOf(string domain, string operation, string[] inputs, string output, params byte[][] attributes) => NodeOf(domain, operation, inputs, [output], attributes);

    /// <inheritdoc cref="NodeOf(string, string, string[], string, byte[][])"/>
    public ForeignModel NodeOf(string domain, string operation, string[] inputs, string[] outputs, params byte[][] attributes) =>
        Add(1, [.. inputs.SelectMany(input => Text(1, input)), .. outputs.SelectMany(output => Text(2, output)), .. Text(4, operation), .. attributes.SelectMany(attribute => Bytes(5, attribute)), .. Text(7, domain)]);

    public ForeignModel Constant(string name, long[] dimensions, float[] values, Storage storage = Storage.Raw) => Add(5, Tensor(name, dimensions, values, storage));

    public ForeignModel Integers(string name, params long[] values) => Add(5, IntegerTensor(name, values));

    /// <summary>Numbers in a file beside the model's.</summary>
    public ForeignModel External(string name, long[] dimensions, params (string Key, string Value)[] entries) => Add(
        5,
        [.. dimensions.SelectMany(size => Integer(1, size)), .. Integer(2, 1), .. Text(8, name), .. entries.SelectMany(entry => Bytes(13, [.. Text(1, entry.Key), .. Text(2, entry.Value)])), .. Integer(14, 1)]);

    public ForeignModel RawTensor(byte[] tensor) => Add(5, tensor);

    public ForeignModel Output(string? name = null) => Add(12, Value(name ?? _value, [-1, 10]));

    public byte[] Build(bool withOutput = true)
    {
        if (withOutput)
        {
            Output();
        }

        return [.. Integer(1, 7), .. Text(2, Producer), .. Bytes(7, [.. _graph, .. Text(2, "g")]), .. Bytes(8, [.. Text(1, ""), .. Integer(2, OperatorSet)])];
    }

    public static byte[] IntegerAttribute(string name, long value) => [.. Text(1, name), .. Integer(3, value), .. Integer(20, 2)];

    public static byte[] SingleAttribute(string name, float value) => [.. Text(1, name), .. Single(2, value), .. Integer(20, 1)];

    public static byte[] IntegersAttribute(string name, params long[] values) => [.. Text(1, name), .. values.SelectMany(value => Integer(8, value)), .. Integer(20, 7)];

    public static byte[] SinglesAttribute(string name, float[] values) => [.. Text(1, name), .. values.SelectMany(value => Single(7, value)), .. Integer(20, 6)];

    public static byte[] TextAttribute(string name, string value) => [.. Text(1, name), .. Text(4, value), .. Integer(20, 3)];

    public static byte[] TensorAttribute(string name, byte[] tensor) => [.. Text(1, name), .. Bytes(5, tensor), .. Integer(20, 4)];

    public static byte[] IntegerTensor(string name, params long[] values) =>
        [.. Integer(1, values.Length), .. Integer(2, 7), .. Text(8, name), .. Bytes(7, [.. values.SelectMany(Varint)])];

    public static byte[] Tensor(string name, long[] dimensions, float[] values, Storage storage = Storage.Raw)
    {
        var (type, data) = storage switch
        {
            Storage.Raw => (1, Bytes(9, [.. values.SelectMany(LittleEndian)])),
            Storage.Packed => (1, Bytes(4, [.. values.SelectMany(LittleEndian)])),
            Storage.Unpacked => (1, [.. values.SelectMany(value => Single(4, value))]),
            Storage.RawHalf => (10, Bytes(9, [.. values.SelectMany(value => BitConverter.GetBytes(BitConverter.HalfToUInt16Bits((Half)value)))])),
            Storage.PackedHalf => (10, Bytes(5, [.. values.SelectMany(value => Varint(BitConverter.HalfToUInt16Bits((Half)value)))])),
            Storage.RawBrain => (16, Bytes(9, [.. values.SelectMany(value => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)))])),
            Storage.PackedBrain => (16, Bytes(5, [.. values.SelectMany(value => Varint((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)))])),
            Storage.RawDouble => (11, Bytes(9, [.. values.SelectMany(value => BitConverter.GetBytes((double)value))])),
            _ => (11, Bytes(10, [.. values.SelectMany(value => BitConverter.GetBytes((double)value))])),
        };
        return [.. dimensions.SelectMany(size => Integer(1, size)), .. Integer(2, type), .. Text(8, name), .. data];
    }

    public static byte[] Integer(int field, long value) => [.. Varint((uint)field << 3), .. Varint(value)];

    public static byte[] Bytes(int field, byte[] content) => [.. Varint(((uint)field << 3) | 2), .. Varint(content.Length), .. content];

    public static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Single(int field, float value) => [.. Varint(((uint)field << 3) | 5), .. LittleEndian(value)];

    private ForeignModel Then(string operation, string[] inputs, string from, byte[][] attributes)
    {
        _value = $"v{++_values}";
        return from == _value ? throw new InvalidOperationException(from) : Node(operation, inputs, _value, attributes);
    }

    private ForeignModel Add(int field, byte[] message)
    {
        _graph.AddRange(Bytes(field, message));
        return this;
    }

    private static byte[] Value(string name, long[] dimensions, long type = 1)
    {
        byte[] shape = [.. dimensions.SelectMany(size => Bytes(1, size < 0 ? Text(2, "n") : Integer(1, size)))];
        return [.. Text(1, name), .. Bytes(2, Bytes(1, [.. Integer(1, type), .. Bytes(2, shape)]))];
    }

    private static byte[] LittleEndian(float value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            bytes.Add((byte)(rest | 0x80));
            rest >>= 7;
        }

        bytes.Add((byte)rest);
        return [.. bytes];
    }
}
