namespace DigitML.Keras.Hdf5;

/// <summary>What an element of an attribute or a dataset is, as far as Keras's files hold such.</summary>
internal enum Hdf5Kind
{
    Other,
    Half,
    BFloat16,
    Single,
    Double,

    /// <summary>Bytes without a meaning; what h5py makes of bfloat16.</summary>
    Opaque,

    /// <summary>Text of a fixed number of bytes.</summary>
    FixedText,

    /// <summary>Text that lies in the global heap.</summary>
    Text,
}

/// <summary>The type of an element.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Bytes of one element.</param>
/// <param name="Class">The class's number in the format, for errors.</param>
internal readonly record struct Hdf5Type(Hdf5Kind Kind, int Size, int Class)
{
    private static readonly string[] _classes = ["integer", "float", "time", "text", "bits", "opaque", "compound", "reference", "enumeration", "variable-length", "array"];

    /// <summary>The type as errors name it: <c>integer of 8 bytes</c>.</summary>
    public string Shown => Invariant($"{(Class < _classes.Length ? _classes[Class] : "unknown")} of {Size} bytes");

    /// <summary>Reads a datatype message.</summary>
    public static Hdf5Type Read(ref Hdf5Cursor cursor)
    {
        var first = cursor.Byte();
        var bits = cursor.Take(3);
        var (bits0, bits1) = (bits[0], bits[1]);
        var size = cursor.UInt32();
        if (size is 0 or > int.MaxValue)
        {
            throw KerasFormatException.Damaged("a type's size");
        }

        var typeClass = first & 0x0F;
        var kind = typeClass switch
        {
            1 => FloatKind(ref cursor, bits0, bits1, size),
            3 => Hdf5Kind.FixedText,
            5 => Hdf5Kind.Opaque,
            9 when (bits0 & 0x0F) == 1 && size == 16 => Hdf5Kind.Text,
            _ => Hdf5Kind.Other,
        };
        return new Hdf5Type(kind, (int)size, typeClass);
    }

    private static Hdf5Kind FloatKind(ref Hdf5Cursor cursor, byte bits0, byte sign, uint size)
    {
        var layout = (Offset: cursor.UInt16(), Precision: cursor.UInt16(), ExponentAt: cursor.Byte(), Exponent: cursor.Byte(), MantissaAt: cursor.Byte(), Mantissa: cursor.Byte(), Bias: cursor.UInt32());
        // Little-endian, with the leading 1 of the mantissa left out, as IEEE 754 has it.
        if ((bits0 & 0x41) != 0 || (bits0 & 0x30) != 0x20)
        {
            return Hdf5Kind.Other;
        }

        return (size, sign, layout) switch
        {
            (2, 15, (0, 16, 10, 5, 0, 10, 15)) => Hdf5Kind.Half,
            (2, 15, (0, 16, 7, 8, 0, 7, 127)) => Hdf5Kind.BFloat16,
            (4, 31, (0, 32, 23, 8, 0, 23, 127)) => Hdf5Kind.Single,
            (8, 63, (0, 64, 52, 11, 0, 52, 1023)) => Hdf5Kind.Double,
            _ => Hdf5Kind.Other,
        };
    }
}

/// <summary>The shape of an attribute or a dataset.</summary>
internal static class Hdf5Space
{
    private const int MaximumRank = 32;

    /// <summary>Reads a dataspace message.</summary>
    /// <returns>The sizes; empty for a single element; null for none at all.</returns>
    public static long[]? Read(ref Hdf5Cursor cursor)
    {
        var version = cursor.Byte();
        int rank = cursor.Byte();
        cursor.Skip(1);
        var type = cursor.Byte();
        if (version == 1)
        {
            cursor.Skip(4);
        }

        if (version is not (1 or 2) || rank > MaximumRank)
        {
            throw KerasFormatException.Damaged("a shape");
        }

        if (version == 2 && type == 2)
        {
            return null;
        }

        var sizes = new long[rank];
        for (var i = 0; i < rank; i++)
        {
            var size = cursor.UInt64();
            // One number alone must not overflow a product of two.
            sizes[i] = size <= int.MaxValue ? (long)size : throw KerasFormatException.Damaged("a shape");
        }

        return sizes;
    }

    /// <summary>Elements of a shape.</summary>
    /// <returns>Their number, or <see cref="long.MaxValue"/> when it is beyond what any file here holds.</returns>
    public static long Count(ReadOnlySpan<long> sizes)
    {
        var count = 1L;
        foreach (var size in sizes)
        {
            count *= size;
            if (count > int.MaxValue)
            {
                return long.MaxValue;
            }
        }

        return count;
    }

    /// <summary>A shape as errors show it.</summary>
    public static string Shown(IEnumerable<long> sizes) => $"[{string.Join(", ", sizes.Select(size => Invariant($"{size}")))}]";
}
