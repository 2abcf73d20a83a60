using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>
/// Reads NumPy's arrays: <c>.npy</c>, and <c>.npz</c>, a ZIP of them, as <c>numpy.savez</c> writes and Keras's <c>mnist.npz</c> is.
/// </summary>
/// <remarks>
/// The format is NEP 1 of NumPy (numpy.lib.format), versions 1 to 3. Arrays of objects are pickles, which can run any code, and are refused.
/// A header is believed only as far as the bytes that are there bear it out.
/// </remarks>
internal static partial class NpyArray
{
    // 0x93, NUMPY, and two numbers of the version.
    private const int MagicLength = 8;
    private const int LongestHeader = 1 << 16;
    private const int MostEntries = 1000;

    /// <summary>Reads the array that content begins with.</summary>
    /// <param name="stream">Read to its end.</param>
    /// <param name="length">Bytes that the stream has at most.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="DigitException">It is no array of numbers, or is cut short or too large.</exception>
    public static NumericArray Read(Stream stream, long length, string name)
    {
        Span<byte> start = stackalloc byte[MagicLength + 4];
        var read = stream.ReadAtLeast(start[..(MagicLength + 2)], MagicLength + 2, throwOnEndOfStream: false);
        if (read < MagicLength + 2 || start[0] != 0x93 || !start[1..].StartsWith("NUMPY"u8))
        {
            throw new DigitException($"{name}: expected a NumPy array but the file begins otherwise or ends after {read} bytes.");
        }

        var headerLength = (int)BinaryPrimitives.ReadUInt16LittleEndian(start[MagicLength..]);
        var taken = MagicLength + 2L;
        if (start[6] >= 2)
        {
            ReadExactly(stream, start.Slice(MagicLength + 2, 2), name);
            taken += 2;
            var longLength = BinaryPrimitives.ReadUInt32LittleEndian(start[MagicLength..]);
            headerLength = longLength <= LongestHeader ? (int)longLength : throw new DigitException(Invariant($"{name}: its header claims {longLength} bytes; at most {LongestHeader} are read."));
        }

        var header = new byte[headerLength];
        ReadExactly(stream, header, name);
        taken += headerLength;
        var text = Encoding.UTF8.GetString(header);
        if (DescrPattern.Match(text) is not { Success: true } descr || ShapePattern.Match(text) is not { Success: true } shape)
        {
            throw new DigitException($"{name}: expected a header with 'descr' and 'shape' of one type of numbers but found {CsvColumns.Shown(text)}.");
        }

        var (type, size, isBigEndian) = TypeOf(descr.Groups[1].Value, name);
        var dimensions = new List<int>();
        foreach (var part in shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            dimensions.Add(int.TryParse(part.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var dimension)
                ? dimension
                : throw new DigitException($"{name}: expected sizes in its shape but found '{CsvColumns.Shown(part)}'."));
        }

        Int128 count = 1;
        foreach (var dimension in dimensions)
        {
            count = Int128.Min(count * dimension, long.MaxValue);
        }

        if (count * size > length - taken)
        {
            throw new DigitException(Invariant($"{name}: the header claims {string.Join('×', dimensions)} numbers ({count * size} bytes) but at most {Math.Max(0, length - taken)} follow. It is cut short, or its header is wrong."));
        }

        if (count * size > Array.MaxLength)
        {
            throw new DigitException(Invariant($"{name}: the header claims {count * size} bytes; at most {Array.MaxLength} are read at once. Split the file."));
        }

        var bytes = new byte[(int)count * size];
        ReadExactly(stream, bytes, name);
        if (isBigEndian == BitConverter.IsLittleEndian)
        {
            IdxArray.SwapToOrFromBigEndian(bytes, size);
        }

        var array = new NumericArray(type, dimensions, bytes);
        return FortranPattern.IsMatch(text) && dimensions.Count > 1 ? array.FromColumnMajor() : array;
    }

    /// <summary>Reads all arrays of a ZIP file.</summary>
    /// <param name="stream">Seekable.</param>
    /// <param name="name">What errors call it.</param>
    /// <returns>The arrays by name, without <c>.npy</c>.</returns>
    /// <exception cref="DigitException">It is no ZIP of arrays, or damaged.</exception>
    public static Dictionary<string, NumericArray> ReadZip(Stream stream, string name)
    {
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > MostEntries)
            {
                throw new DigitException(Invariant($"{name}: holds {zip.Entries.Count} files; at most {MostEntries} are read."));
            }

            var arrays = new Dictionary<string, NumericArray>(StringComparer.OrdinalIgnoreCase);
            foreach (var entry in zip.Entries.Where(entry => entry.Name.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)))
            {
                // What deflate can make of the bytes that are there bounds what the directory claims.
                if (entry.Length > Math.Max(64, entry.CompressedLength) * ContentFile.HighestGzipRatio)
                {
                    throw new DigitException(Invariant($"{name}: {entry.Name} claims {entry.Length} bytes from {entry.CompressedLength} packed ones, which is not possible. The file is damaged."));
                }

                using var content = entry.Open();
                arrays[Path.GetFileNameWithoutExtension(entry.Name)] = Read(content, entry.Length, $"{name}: {entry.Name}");
            }

            return arrays;
        }
        catch (InvalidDataException error)
        {
            throw new DigitException($"{name}: the ZIP archive is cut short or damaged ({error.Message.TrimEnd('.')}). Get the file again.", error);
        }
    }

    [GeneratedRegex("'descr'\\s*:\\s*'([^']*)'", RegexOptions.CultureInvariant)]
    private static partial Regex DescrPattern { get; }

    [GeneratedRegex("'shape'\\s*:\\s*\\(([^)]*)\\)", RegexOptions.CultureInvariant)]
    private static partial Regex ShapePattern { get; }

    [GeneratedRegex("'fortran_order'\\s*:\\s*True", RegexOptions.CultureInvariant)]
    private static partial Regex FortranPattern { get; }

    private static (NumericType Type, int Size, bool IsBigEndian) TypeOf(string descr, string name)
    {
        var isBigEndian = descr.StartsWith('>');
        return descr.TrimStart('<', '>', '|', '=') switch
        {
            "u1" or "b1" => (NumericType.UInt8, 1, false),
            "i1" => (NumericType.Int8, 1, false),
            "u2" => (NumericType.UInt16, 2, isBigEndian),
            "i2" => (NumericType.Int16, 2, isBigEndian),
            "u4" => (NumericType.UInt32, 4, isBigEndian),
            "i4" => (NumericType.Int32, 4, isBigEndian),
            "u8" => (NumericType.UInt64, 8, isBigEndian),
            "i8" => (NumericType.Int64, 8, isBigEndian),
            "f2" => (NumericType.Half, 2, isBigEndian),
            "f4" => (NumericType.Single, 4, isBigEndian),
            "f8" => (NumericType.Double, 8, isBigEndian),
            "O" => throw new DigitException($"{name}: holds Python objects, which can run any code and are never opened. Save numbers: numpy.save(name, array.astype('float32'))."),
            _ => throw new DigitException($"{name}: holds elements of type '{CsvColumns.Shown(descr)}'; integers, floats and booleans are read."),
        };
    }

    private static void ReadExactly(Stream stream, Span<byte> buffer, string name)
    {
        if (stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
        {
            throw new DigitException($"{name}: the file ends within its array. It is cut short.");
        }
    }
}
