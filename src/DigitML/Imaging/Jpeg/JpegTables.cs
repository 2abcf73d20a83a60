using System.Buffers.Binary;
using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>
/// The quantisation and Huffman tables in force, as segments bring and replace them (T.81, B.2.4). A table that comes again
/// takes the place of the one before, so that a file of nothing but tables takes no more memory than one with eight.
/// </summary>
internal sealed class JpegTables
{
    private const int Slots = 4;

    private readonly int[]?[] _quantization = new int[]?[Slots];
    private readonly JpegHuffmanTable?[] _dcTables = new JpegHuffmanTable?[Slots];
    private readonly JpegHuffmanTable?[] _acTables = new JpegHuffmanTable?[Slots];

    /// <summary>A quantisation table: [64] steps, row-major; null when it was not sent.</summary>
    /// <param name="slot">0 to 3.</param>
    public int[]? Quantization(int slot) => _quantization[slot];

    /// <summary>A code of DC differences; null when it was not sent.</summary>
    /// <param name="slot">0 to 15.</param>
    public JpegHuffmanTable? Dc(int slot) => slot < Slots ? _dcTables[slot] : null;

    /// <summary>A code of AC coefficients; null when it was not sent.</summary>
    /// <param name="slot">0 to 15.</param>
    public JpegHuffmanTable? Ac(int slot) => slot < Slots ? _acTables[slot] : null;

    /// <summary>Takes the tables of a DQT segment.</summary>
    /// <param name="data">The segment, behind its length.</param>
    /// <exception cref="DigitException">The segment does not hold what it claims.</exception>
    public void ReadQuantization(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            var wide = data[0] >> 4;
            var slot = data[0] & 15;
            var bytes = JpegComponent.BlockSize * (1 + wide);
            if (wide > 1 || slot > 3 || data.Length <= bytes)
            {
                throw ImageErrors.Damaged("JPEG", Invariant($"quantisation table {slot} of precision {wide} in {data.Length} bytes; expected table 0 to 3, precision 0 or 1, 65 or 129 bytes"));
            }

            var table = _quantization[slot] ??= new int[JpegComponent.BlockSize];
            for (var k = 0; k < table.Length; k++)
            {
                table[JpegZigzag.ToRowMajor[k]] = wide == 0 ? data[1 + k] : BinaryPrimitives.ReadUInt16BigEndian(data[(1 + (2 * k))..]);
            }

            data = data[(1 + bytes)..];
        }
    }

    /// <summary>Takes the tables of a DHT segment.</summary>
    /// <param name="data">The segment, behind its length.</param>
    /// <exception cref="DigitException">The segment does not hold what it claims.</exception>
    public void ReadHuffman(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            var slot = data[0] & 15;
            var symbols = 0;
            for (var length = 1; length <= 16 && length < data.Length; length++)
            {
                symbols += data[length];
            }

            if (data[0] >> 4 > 1 || slot > 3 || symbols > 256 || data.Length < 17 + symbols)
            {
                throw ImageErrors.Damaged("JPEG", Invariant($"Huffman table 0x{data[0]:X2} has {symbols} symbols in {data.Length} bytes; expected table 0 to 3, of class 0 or 1, with at most 256"));
            }

            var tables = data[0] >> 4 == 0 ? _dcTables : _acTables;
            var table = tables[slot] ??= new JpegHuffmanTable();
            table.Set(data.Slice(1, 16), data.Slice(17, symbols));
            data = data[(17 + symbols)..];
        }
    }
}

/// <summary>The order in which a block's coefficients are sent (T.81, figure A.6).</summary>
internal static class JpegZigzag
{
    /// <summary>[64]: for each place in the sending order the place in a row-major block.</summary>
    public static ReadOnlySpan<byte> ToRowMajor =>
    [
        0, 1, 8, 16, 9, 2, 3, 10,
        17, 24, 32, 25, 18, 11, 4, 5,
        12, 19, 26, 33, 40, 48, 41, 34,
        27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36,
        29, 22, 15, 23, 30, 37, 44, 51,
        58, 59, 52, 45, 38, 31, 39, 46,
        53, 60, 61, 54, 47, 55, 62, 63,
    ];
}
