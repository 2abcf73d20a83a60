using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DigitML.Numerics;
using Google.Protobuf;

namespace DigitML.Models.Onnx;

/// <summary>
/// ONNX's <c>TensorProto</c>: constant numbers with their shape. Its shape is read at once, its numbers when
/// they are asked for, after the shape was held against the bytes that are there.
/// </summary>
internal sealed class OnnxTensor
{
    /// <summary>The most dimensions that are read.</summary>
    public const int MaximumRank = 16;

    private const int SingleType = 1;
    private const int UnsignedByteType = 2;
    private const int SignedByteType = 3;
    private const int Int32Type = 6;
    private const int Int64Type = 7;
    private const int StringType = 8;
    private const int HalfType = 10;
    private const int DoubleType = 11;
    private const int BrainType = 16;

    private static readonly string[] TypeNames =
        ["UNDEFINED", "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "STRING", "BOOL", "FLOAT16", "DOUBLE", "UINT32", "UINT64", "COMPLEX64", "COMPLEX128", "BFLOAT16"];

    private readonly List<long> _dimensions = [];
    private ByteRange _message;
    private ByteRange? _raw;
    private long _type;
    private bool _isElsewhere;
    private ExternalPlace _place = new();

    public string Name { get; private set; } = "";

    public IReadOnlyList<long> Dimensions => _dimensions;

    /// <summary>The shape as errors show it: <c>[10, 32]</c>.</summary>
    public string Shape => $"[{string.Join(", ", _dimensions)}]";

    public static OnnxTensor Read(ByteRange message)
    {
        var tensor = new OnnxTensor { _message = message };
        var reader = new ProtoReader(message);
        while (reader.Next() is var field and not 0)
        {
            switch (field)
            {
                case 1:
                    reader.Numbers(WireFormat.WireType.Varint, input => tensor.AddDimension(input.ReadInt64()));
                    break;
                case 2:
                    tensor._type = reader.Integer();
                    break;
                case 8:
                    tensor.Name = reader.Text();
                    break;
                case 9:
                    tensor._raw = reader.Bytes();
                    break;
                case 13:
                    tensor._isElsewhere = true;
                    tensor.Take(OnnxModel.ReadEntry(reader.Bytes()));
                    break;
                case 14:
                    tensor._isElsewhere |= reader.Integer() == 1;
                    break;
            }
        }

        return tensor;
    }

    /// <summary>The numbers as float32, row-major; other types are converted.</summary>
    /// <param name="name">What errors call the tensor.</param>
    /// <param name="files">What lies beside the model.</param>
    public float[] Singles(string name, ExternalFiles files)
    {
        var (size, field, wire, fromRaw, fromField) = _type switch
        {
            SingleType => (4, 4, WireFormat.WireType.Fixed32, (Func<ReadOnlySpan<byte>, float>)BinaryPrimitives.ReadSingleLittleEndian, (Func<CodedInputStream, float>)(input => input.ReadFloat())),
            HalfType => (2, 5, WireFormat.WireType.Varint, bytes => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes), input => (float)BitConverter.Int16BitsToHalf((short)input.ReadInt32())),
            BrainType => (2, 5, WireFormat.WireType.Varint, bytes => Brain(BinaryPrimitives.ReadUInt16LittleEndian(bytes)), input => Brain(unchecked((ushort)input.ReadInt32()))),
            Int32Type => (4, 5, WireFormat.WireType.Varint, bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes), input => input.ReadInt32()),
            Int64Type => (8, 7, WireFormat.WireType.Varint, bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes), input => input.ReadInt64()),
            DoubleType => (8, 10, WireFormat.WireType.Fixed64, bytes => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes), input => (float)input.ReadDouble()),
            _ => throw new OnnxFormatException($"tensor {Quote.Name(name)} is of type {TypeName}; DigitML reads weights of FLOAT, FLOAT16, BFLOAT16 and DOUBLE"),
        };
        var numbers = Numbers(name, files, size, field, wire, fromRaw, fromField);
        var wrong = Finite.FirstOther(numbers);
        return wrong < 0
            ? numbers
            : throw new OnnxFormatException(FormattableString.Invariant($"tensor {Quote.Name(name)} must hold finite numbers but element {wrong} is {numbers[wrong]}"));
    }

    /// <summary>The whole numbers of a small constant, such as a shape.</summary>
    /// <param name="name">What errors call the tensor.</param>
    /// <param name="files">What lies beside the model.</param>
    public long[] Integers(string name, ExternalFiles files)
    {
        if (_type != Int64Type || Count(name) > MaximumRank)
        {
            throw new OnnxFormatException($"tensor {Quote.Name(name)} must hold at most {MaximumRank} INT64 numbers; it holds {Shape} of {TypeName}");
        }

        return Numbers(name, files, 8, 7, WireFormat.WireType.Varint, BinaryPrimitives.ReadInt64LittleEndian, input => input.ReadInt64());
    }

    /// <summary>A list of names: texts, or whole numbers as they are written; null when it is of another type.</summary>
    /// <param name="name">What errors call the tensor.</param>
    /// <param name="files">What lies beside the model.</param>
    public IReadOnlyList<string>? Names(string name, ExternalFiles files)
    {
        if (Count(name) > LinearModels.MaximumClasses)
        {
            throw new OnnxFormatException(Invariant($"tensor {Quote.Name(name)} names more than {LinearModels.MaximumClasses} classes"));
        }

        return _type switch
        {
            StringType => Texts(name),
            Int32Type => LinearModels.NamesOf(Numbers<long>(name, files, 4, 5, WireFormat.WireType.Varint, bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes), input => input.ReadInt32())),
            Int64Type => LinearModels.NamesOf(Numbers(name, files, 8, 7, WireFormat.WireType.Varint, BinaryPrimitives.ReadInt64LittleEndian, input => input.ReadInt64())),
            _ => null,
        };
    }

    /// <summary>Whether it holds signed bytes, as weights of a network in whole numbers are.</summary>
    public bool IsSignedBytes => _type == SignedByteType;

    /// <summary>Signed or unsigned bytes as whole numbers, row-major.</summary>
    /// <param name="name">What errors call the tensor.</param>
    /// <param name="files">What lies beside the model.</param>
    public int[] Bytes(string name, ExternalFiles files) => _type switch
    {
        UnsignedByteType => Numbers(name, files, 1, 5, WireFormat.WireType.Varint, bytes => bytes[0], input => Within(input.ReadInt32(), 0, byte.MaxValue)),
        SignedByteType => Numbers(name, files, 1, 5, WireFormat.WireType.Varint, bytes => unchecked((sbyte)bytes[0]), input => Within(input.ReadInt32(), sbyte.MinValue, sbyte.MaxValue)),
        _ => throw new OnnxFormatException($"tensor {Quote.Name(name)} must hold UINT8 or INT8 numbers; it holds {TypeName}"),
    };

    private int Within(int number, int least, int most) =>
        number >= least && number <= most ? number : throw new OnnxFormatException(Invariant($"tensor {Quote.Name(Name)} of {TypeName} holds {number}; the file is damaged"));

    private string[] Texts(string name)
    {
        var texts = new List<string>();
        var count = Count(name);
        var reader = new ProtoReader(_message);
        while (reader.Next() is var field and not 0 && texts.Count <= count)
        {
            if (field == 6)
            {
                texts.Add(reader.Text());
            }
        }

        return texts.Count == count ? [.. texts] : throw WrongCount(name, Invariant($"{texts.Count} texts"));
    }

    private string TypeName => _type >= 0 && _type < TypeNames.Length ? TypeNames[_type] : Invariant($"number {_type}");

    private T[] Numbers<T>(string name, ExternalFiles files, int size, int field, WireFormat.WireType wire, Func<ReadOnlySpan<byte>, T> fromRaw, Func<CodedInputStream, T> fromField)
        where T : unmanaged
    {
        var count = Count(name);
        if (_isElsewhere)
        {
            return FromRaw(files.Read(_place, (long)count * size, name));
        }

        if (_raw is { } raw)
        {
            return raw.Length == (long)count * size
                ? FromRaw(raw.Span)
                : throw WrongCount(name, Invariant($"{raw.Length} bytes, and {count} numbers of {TypeName} take {(long)count * size}"));
        }

        var numbers = new T[count];

        var found = 0;
        var reader = new ProtoReader(_message);
        while (reader.Next() is var next and not 0)
        {
            if (next == field)
            {
                reader.Numbers(wire, input =>
                {
                    var number = fromField(input);
                    if (found < numbers.Length)
                    {
                        numbers[found] = number;
                    }

                    found++;
                });
            }
        }

        return found == numbers.Length ? numbers : throw WrongCount(name, Invariant($"{found} numbers"));

        T[] FromRaw(ReadOnlySpan<byte> bytes)
        {
            if (typeof(T) == typeof(float) && _type == SingleType && BitConverter.IsLittleEndian)
            {
                // As they are in the file: nearly all that a model is.
                return MemoryMarshal.Cast<byte, T>(bytes).ToArray();
            }

            var taken = new T[count];
            for (var i = 0; i < taken.Length; i++)
            {
                taken[i] = fromRaw(bytes.Slice(i * size, size));
            }

            return taken;
        }
    }

    /// <summary>
    /// Elements by the shape, checked to be no more than the bytes that the tensor has in the file; of numbers in a file beside it,
    /// to be no more than a model may have.
    /// </summary>
    /// <param name="name">What errors call the tensor.</param>
    public int Count(string name)
    {
        var most = _isElsewhere ? GraphConstants.MaximumNumbers : _message.Length;
        long count = 1;
        foreach (var dimension in _dimensions)
        {
            // Every number takes a byte at least, so this also keeps the product from overflowing.
            count = dimension >= 0 && dimension <= most ? count * dimension : long.MaxValue;
            if (count > most)
            {
                throw _isElsewhere
                    ? new OnnxFormatException(Invariant($"tensor {Quote.Name(name)} of shape {Shape} has more than {most} numbers"))
                    : WrongCount(name, $"{_message.Length} bytes in all");
            }
        }

        return (int)count;
    }

    /// <summary>bfloat16 is float32 without its lower half.</summary>
    private static float Brain(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private void Take((string Key, string Value) entry)
    {
        _place = entry.Key switch
        {
            "location" => _place with { Location = entry.Value },
            "offset" => _place with { Offset = Whole(entry.Value) },
            "length" => _place with { Length = Whole(entry.Value) },
            _ => _place,
        };
    }

    private static long Whole(string text) =>
        long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new OnnxFormatException($"expected the place of external data as a whole number but read {Quote.Name(text)}; the file is damaged");

    private OnnxFormatException WrongCount(string name, string found) =>
        new($"tensor {Quote.Name(name)} of shape {Shape} holds {found}; the file is damaged");

    private void AddDimension(long dimension)
    {
        if (_dimensions.Count == MaximumRank)
        {
            throw new OnnxFormatException($"tensor {Quote.Name(Name)} has more than {MaximumRank} dimensions");
        }

        _dimensions.Add(dimension);
    }
}

/// <summary>Constant numbers with their shape, row-major.</summary>
internal readonly record struct NumberArray(float[] Values, long[] Dimensions)
{
    /// <summary>The shape as errors show it.</summary>
    public string Shape => $"[{string.Join(", ", Dimensions)}]";
}
