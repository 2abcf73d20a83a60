using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DigitML.Data;

/// <summary>What an IDX file holds: an array of any dimensions and of one of six element types.</summary>
/// <remarks>The format is described on the MNIST page of LeCun, Cortes and Burges.</remarks>
public sealed class IdxArray
{
    private readonly int[] _dimensions;

    /// <summary>Wraps elements; nothing is copied, so the bytes must not change afterwards.</summary>
    /// <param name="elementType">What the elements are.</param>
    /// <param name="dimensions">1 to 255 sizes, the slowest first, each at least 0.</param>
    /// <param name="bytes">The elements, row-major, in this machine's byte order.</param>
    /// <exception cref="ArgumentException">The bytes disagree with the dimensions, or the dimensions or type are none of IDX's.</exception>
    public IdxArray(IdxElementType elementType, ReadOnlySpan<int> dimensions, ReadOnlyMemory<byte> bytes)
    {
        ElementSize = SizeOf(elementType);
        if (ElementSize == 0)
        {
            throw new ArgumentException(Invariant($"IDX has no element type {(int)elementType}."), nameof(elementType));
        }

        if (dimensions.Length is 0 or > 255)
        {
            throw new ArgumentException($"An IDX array has 1 to 255 dimensions; got {dimensions.Length}.", nameof(dimensions));
        }

        Int128 count = 1;
        foreach (var size in dimensions)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(dimensions));
            count = Int128.Min(count * size, long.MaxValue);
        }

        if (bytes.Length != count * ElementSize)
        {
            throw new ArgumentException(Invariant($"{string.Join('×', dimensions.ToArray())} elements of {elementType} take {count * ElementSize} bytes; got {bytes.Length}."), nameof(bytes));
        }

        ElementType = elementType;
        _dimensions = dimensions.ToArray();
        Count = (int)count;
        Bytes = bytes;
    }

    /// <summary>What the elements are.</summary>
    public IdxElementType ElementType { get; }

    /// <summary>Bytes an element.</summary>
    public int ElementSize { get; }

    /// <summary>Sizes, the slowest first: [images, rows, columns] for pictures.</summary>
    public IReadOnlyList<int> Dimensions => _dimensions;

    /// <summary>How many elements there are: the dimensions' product.</summary>
    public int Count { get; }

    /// <summary>The elements, row-major, in this machine's byte order.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The elements as numbers, row-major, without copying.</summary>
    /// <typeparam name="T">What <see cref="ElementType"/> names: byte, sbyte, short, int, float or double.</typeparam>
    /// <exception cref="InvalidOperationException">The file holds another type.</exception>
    public ReadOnlySpan<T> Elements<T>()
        where T : unmanaged =>
        TypeOf<T>() == ElementType
            ? MemoryMarshal.Cast<byte, T>(Bytes.Span)
            : throw new InvalidOperationException($"The IDX array holds {ElementType}, not {typeof(T).Name}.");

    /// <inheritdoc/>
    public override string ToString() => $"{string.Join('×', _dimensions)} {ElementType}";

    /// <summary>Bytes an element; 0 for a code that is none of IDX's.</summary>
    internal static int SizeOf(IdxElementType type) => type switch
    {
        IdxElementType.UInt8 or IdxElementType.Int8 => 1,
        IdxElementType.Int16 => 2,
        IdxElementType.Int32 or IdxElementType.Single => 4,
        IdxElementType.Double => 8,
        _ => 0,
    };

    /// <summary>Turns elements from IDX's byte order, the highest byte first, to this machine's, or back.</summary>
    /// <param name="bytes">A whole number of elements; changed in place.</param>
    /// <param name="elementSize">1, 2, 4 or 8.</param>
    internal static void SwapToOrFromBigEndian(Span<byte> bytes, int elementSize)
    {
        if (!BitConverter.IsLittleEndian)
        {
            return;
        }

        switch (elementSize)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, short>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, int>(bytes);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, long>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }

    private static IdxElementType TypeOf<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(byte))
        {
            return IdxElementType.UInt8;
        }

        if (typeof(T) == typeof(sbyte))
        {
            return IdxElementType.Int8;
        }

        if (typeof(T) == typeof(short))
        {
            return IdxElementType.Int16;
        }

        if (typeof(T) == typeof(int))
        {
            return IdxElementType.Int32;
        }

        if (typeof(T) == typeof(float))
        {
            return IdxElementType.Single;
        }

        return typeof(T) == typeof(double) ? IdxElementType.Double : 0;
    }
}

/// <summary>What an IDX file holds, by the code in the third byte of its header.</summary>
public enum IdxElementType
{
    /// <summary>Bytes from 0 to 255.</summary>
    UInt8 = 0x08,

    /// <summary>Bytes from −128 to 127.</summary>
    Int8 = 0x09,

    /// <summary>Signed 16-bit numbers.</summary>
    Int16 = 0x0B,

    /// <summary>Signed 32-bit numbers.</summary>
    Int32 = 0x0C,

    /// <summary>IEEE 754 single precision.</summary>
    Single = 0x0D,

    /// <summary>IEEE 754 double precision.</summary>
    Double = 0x0E,
}
