namespace DigitML.Tests.Imaging;

/// <summary>Writes one scan's bits: values and blocks by T.81's annexes F and G, with one Huffman code for everything.</summary>
internal sealed class TestJpegBits(List<byte> file)
{
    private int _bits;
    private int _count;

    // Codes from 2 to 16 bits, so that short and long ones are met.
    public static byte[] CodeCounts { get; } = [0, 1, 2, 0, 4, 0, 0, 20, 0, 0, 0, 100, 0, 0, 0, 129];

    public static byte[] CodeSymbols { get; } = BuildSymbols();

    public void Bits(int value, int count)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            _bits = (_bits << 1) | ((value >> i) & 1);
            if (++_count == 8)
            {
                file.Add((byte)_bits);
                if (_bits == 0xFF)
                {
                    file.Add(0);
                }

                (_bits, _count) = (0, 0);
            }
        }
    }

    public void Flags(List<int> flags)
    {
        flags.ForEach(flag => Bits(flag, 1));
        flags.Clear();
    }

    public void Symbol(int symbol)
    {
        var index = Array.IndexOf(CodeSymbols, (byte)symbol);
        var code = 0;
        for (var length = 1; ; length++)
        {
            if (index < CodeCounts[length - 1])
            {
                Bits(code + index, length);
                return;
            }

            index -= CodeCounts[length - 1];
            code = (code + CodeCounts[length - 1]) << 1;
        }
    }

    public void Flush()
    {
        while (_count > 0)
        {
            Bits(1, 1);
        }
    }

    public void Band(ReadOnlySpan<int> k, int first, int last, int bit, bool progressive, ref int emptyBlocks)
    {
        var run = 0;
        for (var i = first; i <= last; i++)
        {
            // Towards zero, unlike DC's shift.
            var value = k[i] / (1 << bit);
            if (value == 0)
            {
                run++;
                continue;
            }

            EmptyBlocks(ref emptyBlocks);
            for (; run > 15; run -= 16)
            {
                Symbol(0xF0);
            }

            Value(run, value);
            run = 0;
        }

        if (run > 0 && progressive)
        {
            emptyBlocks++;
        }
        else if (run > 0)
        {
            Symbol(0);
        }
    }

    public void Refinement(ReadOnlySpan<int> k, int first, int last, int bit)
    {
        var lastNew = first - 1;
        for (var i = first; i <= last; i++)
        {
            lastNew = Math.Abs(k[i]) >> bit == 1 ? i : lastNew;
        }

        var corrections = new List<int>();
        var run = 0;
        for (var i = first; i <= last; i++)
        {
            var size = Math.Abs(k[i]) >> bit;
            if (size == 0)
            {
                run++;
                continue;
            }

            for (; run > 15 && i <= lastNew; run -= 16)
            {
                Symbol(0xF0);
                Flags(corrections);
            }

            if (size > 1)
            {
                corrections.Add(size & 1);
                continue;
            }

            Symbol((run << 4) | 1);
            Bits(k[i] > 0 ? 1 : 0, 1);
            Flags(corrections);
            run = 0;
        }

        if (run > 0 || corrections.Count > 0)
        {
            Symbol(0);
            Flags(corrections);
        }
    }

    public void EmptyBlocks(ref int emptyBlocks)
    {
        if (emptyBlocks > 0)
        {
            var size = (int)Math.Log2(emptyBlocks);
            Symbol(size << 4);
            Bits(emptyBlocks - (1 << size), size);
            emptyBlocks = 0;
        }
    }

    public void Value(int run, int value)
    {
        var size = value == 0 ? 0 : (int)Math.Log2(Math.Abs(value)) + 1;
        Symbol((run << 4) | size);
        Bits(value >= 0 ? value : value + (1 << size) - 1, size);
    }

    // Common symbols first.
    private static byte[] BuildSymbols() => [.. Enumerable.Range(0, 256).OrderBy(s => (s >> 4) + (2 * (s & 15))).ThenBy(s => s).Select(s => (byte)s)];
}
