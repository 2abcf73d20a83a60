using System.Runtime.CompilerServices;
using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>
/// One of JPEG's Huffman codes (T.81, annex C and F.2.2.3). Short codes, together with the value bits behind them, are one
/// look-up; long ones are found by the largest code of each length.
/// </summary>
internal sealed class JpegHuffmanTable
{
    /// <summary>Entries of <see cref="Lookup"/> are found by so many bits.</summary>
    public const int LookupBits = 10;

    private const int LongestCode = 16;

    private readonly byte[] _counts = new byte[LongestCode + 1];
    private readonly byte[] _symbols = new byte[256];
    private readonly int[] _lookup = new int[1 << LookupBits];

    // Left-aligned in 16 bits: the first code that is longer than each length; and what leads from a code to its symbol.
    private readonly int[] _limits = new int[LongestCode + 2];
    private readonly int[] _offsets = new int[LongestCode + 1];
    private bool _isPrepared;

    /// <summary>
    /// For the next bits, what <see cref="Decode"/> returns; 0 where code and value together are longer than <see cref="LookupBits"/>.
    /// </summary>
    public ReadOnlySpan<int> Lookup => _lookup;

    /// <summary>Bits that an entry takes.</summary>
    public static int BitsOf(int entry) => entry & 0xFF;

    /// <summary>The symbol's upper half: zeros before the value, or the end of the block.</summary>
    public static int RunOf(int entry) => (entry >> 8) & 0xFF;

    /// <summary>The value behind the code.</summary>
    public static int ValueOf(int entry) => entry >> 16;

    /// <summary>Takes a new code.</summary>
    /// <param name="counts">[16]: codes of each length from 1.</param>
    /// <param name="symbols">As many as the counts' sum, at most 256.</param>
    /// <exception cref="DigitException">There are more codes than their lengths allow.</exception>
    public void Set(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        var room = 1 << LongestCode;
        for (var length = 1; length <= LongestCode; length++)
        {
            room -= counts[length - 1] << (LongestCode - length);
        }

        if (room < 0)
        {
            throw ImageErrors.Damaged("JPEG", "Huffman table has more codes than their lengths allow");
        }

        counts.CopyTo(_counts.AsSpan(1));
        symbols.CopyTo(_symbols);
        _isPrepared = false;
    }

    /// <summary>Builds the look-ups, once a code.</summary>
    public void Prepare()
    {
        if (_isPrepared)
        {
            return;
        }

        var code = 0;
        var symbol = 0;
        for (var length = 1; length <= LongestCode; length++)
        {
            _offsets[length] = symbol - code;
            code += _counts[length];
            symbol += _counts[length];
            _limits[length] = code << (LongestCode - length);
            code <<= 1;
        }

        _limits[LongestCode + 1] = int.MaxValue;
        for (var bits = 0; bits < _lookup.Length; bits++)
        {
            var entry = Find((ulong)bits << (64 - LookupBits));
            _lookup[bits] = BitsOf(entry) <= LookupBits ? entry : 0;
        }

        _isPrepared = true;
    }

    /// <summary>The next code with its value.</summary>
    /// <param name="bits">Left-aligned, <see cref="JpegBitReader.Guaranteed"/> of them.</param>
    /// <exception cref="DigitException">The bits begin no code.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Decode(ulong bits)
    {
        var entry = _lookup[(int)(bits >> (64 - LookupBits))];
        return entry != 0 ? entry : FindOrThrow(bits);
    }

    /// <summary>The next symbol alone; the value bits of a difference of DC coefficients or of a run of blocks are the caller's.</summary>
    /// <exception cref="DigitException">The bits begin no code.</exception>
    public int ReadSymbol(ref JpegBitReader reader)
    {
        reader.Fill();
        var length = LengthOf(reader.Bits);
        if (length > LongestCode)
        {
            throw NoCode();
        }

        var symbol = _symbols[_offsets[length] + (int)(reader.Bits >> (64 - length))];
        reader.Bits <<= length;
        reader.Count -= length;
        return symbol;
    }

    /// <summary>A value of so many bits: the upper half of the range as it is, the lower half negative (T.81, F.2.2.1).</summary>
    /// <param name="value">The bits.</param>
    /// <param name="size">How many, 0 to 16.</param>
    public static int Extend(int value, int size) => size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FindOrThrow(ulong bits)
    {
        var entry = Find(bits);
        return BitsOf(entry) <= 32 ? entry : throw NoCode();
    }

    private int Find(ulong bits)
    {
        var length = LengthOf(bits);
        if (length > LongestCode)
        {
            return byte.MaxValue;
        }

        int symbol = _symbols[_offsets[length] + (int)(bits >> (64 - length))];
        var size = symbol & 15;
        var value = size == 0 ? 0 : Extend((int)(bits << length >> (64 - size)), size);
        return (value << 16) | (symbol >> 4 << 8) | (length + size);
    }

    private int LengthOf(ulong bits)
    {
        var start = (int)(bits >> 48);
        var length = 1;
        while (start >= _limits[length])
        {
            length++;
        }

        return length;
    }

    private static DigitException NoCode() => ImageErrors.Damaged("JPEG", "pixels contain a code that their Huffman table does not have");
}
