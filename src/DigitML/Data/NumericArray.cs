using System.Runtime.InteropServices;

namespace DigitML.Data;

/// <summary>Types of numbers that data files hold.</summary>
internal enum NumericType
{
    UInt8,
    Int8,
    UInt16,
    Int16,
    UInt32,
    Int32,
    UInt64,
    Int64,
    Half,
    Single,
    Double,
}

/// <summary>Numbers of any dimensions, as files of IDX and NumPy hold them.</summary>
/// <param name="Type">What the elements are.</param>
/// <param name="Dimensions">Sizes, the slowest first.</param>
/// <param name="Bytes">The elements, row-major, in this machine's byte order.</param>
internal sealed record NumericArray(NumericType Type, IReadOnlyList<int> Dimensions, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Elements.</summary>
    public int Count => Bytes.Length / Size;

    /// <summary>The first dimension; 1 for a single number.</summary>
    public int Rows => Dimensions.Count == 0 ? 1 : Dimensions[0];

    /// <summary>Elements of one of <see cref="Rows"/>.</summary>
    public int RowLength => Rows == 0 ? 0 : Count / Rows;

    /// <summary>The shape as errors show it: <c>[60000, 28, 28]</c>.</summary>
    public string Shape => $"[{string.Join(", ", Dimensions)}]";

    /// <summary>Bytes of an element.</summary>
    public int Size => Type switch
    {
        NumericType.UInt8 or NumericType.Int8 => 1,
        NumericType.UInt16 or NumericType.Int16 or NumericType.Half => 2,
        NumericType.UInt32 or NumericType.Int32 or NumericType.Single => 4,
        _ => 8,
    };

    /// <summary>What an IDX file holds.</summary>
    public static NumericArray Of(IdxArray array) => new(
        array.ElementType switch
        {
            IdxElementType.UInt8 => NumericType.UInt8,
            IdxElementType.Int8 => NumericType.Int8,
            IdxElementType.Int16 => NumericType.Int16,
            IdxElementType.Int32 => NumericType.Int32,
            IdxElementType.Single => NumericType.Single,
            _ => NumericType.Double,
        },
        array.Dimensions,
        array.Bytes);

    /// <summary>One element.</summary>
    public double this[int index] => Type switch
    {
        NumericType.UInt8 => Bytes.Span[index],
        NumericType.Int8 => (sbyte)Bytes.Span[index],
        NumericType.UInt16 => As<ushort>()[index],
        NumericType.Int16 => As<short>()[index],
        NumericType.UInt32 => As<uint>()[index],
        NumericType.Int32 => As<int>()[index],
        NumericType.UInt64 => As<ulong>()[index],
        NumericType.Int64 => As<long>()[index],
        NumericType.Half => (double)As<Half>()[index],
        NumericType.Single => As<float>()[index],
        _ => As<double>()[index],
    };

    /// <summary>The same array whose elements lie with the first dimension fastest, put into rows.</summary>
    public NumericArray FromColumnMajor()
    {
        var bytes = new byte[Bytes.Length];
        var (size, count) = (Size, Count);
        var position = new int[Dimensions.Count];
        for (var i = 0; i < count; i++)
        {
            // Where the element with these indices lies when the first moves fastest.
            long source = 0;
            for (var d = position.Length - 1; d >= 0; d--)
            {
                source = (source * Dimensions[d]) + position[d];
            }

            Bytes.Span.Slice((int)source * size, size).CopyTo(bytes.AsSpan(i * size));
            for (var d = position.Length - 1; d >= 0 && ++position[d] == Dimensions[d]; d--)
            {
                position[d] = 0;
            }
        }

        return this with { Bytes = bytes };
    }

    private ReadOnlySpan<T> As<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes.Span);
}
