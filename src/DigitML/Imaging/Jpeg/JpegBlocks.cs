using System.Runtime.CompilerServices;
using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>Reads the blocks of one kind of scan.</summary>
internal interface IJpegBlocks
{
    /// <summary>Reads one block.</summary>
    /// <param name="reader">The scan's bits.</param>
    /// <param name="component">Its channel.</param>
    /// <param name="blockX">Its column, perhaps beyond the picture.</param>
    /// <param name="blockY">Its row, perhaps beyond the picture.</param>
    /// <exception cref="DigitException">The bits make no sense.</exception>
    void Read(ref JpegBitReader reader, JpegComponent component, int blockX, int blockY);

    /// <summary>Forgets what carries over from block to block.</summary>
    void Restart();
}

/// <summary>How a block's DC coefficient is sent: as its difference from the one before (T.81, F.2.2.1).</summary>
internal static class JpegDcDifference
{
    /// <summary>Reads one.</summary>
    /// <exception cref="DigitException">The bits make no sense.</exception>
    public static int Read(ref JpegBitReader reader, JpegHuffmanTable table)
    {
        reader.Fill();
        var entry = table.Decode(reader.Bits);

        // Sizes have four bits; more in the symbol means a table made for something else.
        if (JpegHuffmanTable.RunOf(entry) != 0)
        {
            throw ImageErrors.Damaged("JPEG", "pixels have a DC difference of more than 15 bits");
        }

        reader.Bits <<= JpegHuffmanTable.BitsOf(entry);
        reader.Count -= JpegHuffmanTable.BitsOf(entry);
        return JpegHuffmanTable.ValueOf(entry);
    }
}

/// <summary>The blocks of a sequential scan: all coefficients at once (T.81, F.2.2). Wanted ones become samples on the spot, others are passed over.</summary>
internal readonly struct JpegSequentialBlocks : IJpegBlocks
{
    private readonly short[] _block = new short[JpegComponent.BlockSize];

    /// <summary>Creates a reader.</summary>
    public JpegSequentialBlocks()
    {
    }

    /// <inheritdoc/>
    public void Read(ref JpegBitReader reader, JpegComponent component, int blockX, int blockY)
    {
        component.Prediction += JpegDcDifference.Read(ref reader, component.DcTable!);
        if (!component.Wants(blockX, blockY))
        {
            Skip(ref reader, component.AcTable!);
            return;
        }

        _block.AsSpan().Clear();
        _block[0] = (short)component.Prediction;
        var last = ReadAc(ref reader, component.AcTable!, _block);
        component.Write(_block, last, blockX, blockY);
    }

    /// <inheritdoc/>
    public void Restart()
    {
    }

    // The bits live in locals: through the reference every shift would go by way of memory.
    private static int ReadAc(ref JpegBitReader reader, JpegHuffmanTable table, Span<short> block)
    {
        var bits = reader.Bits;
        var count = reader.Count;
        var last = 0;
        for (var k = 1; k < JpegComponent.BlockSize; k++)
        {
            if (count < JpegBitReader.Guaranteed)
            {
                Refill(ref reader, ref bits, ref count);
            }

            var entry = table.Decode(bits);
            bits <<= JpegHuffmanTable.BitsOf(entry);
            count -= JpegHuffmanTable.BitsOf(entry);
            k += JpegHuffmanTable.RunOf(entry);
            var value = JpegHuffmanTable.ValueOf(entry);
            if (value == 0)
            {
                if (JpegHuffmanTable.RunOf(entry) < 15)
                {
                    break;
                }

                continue;
            }

            if (k >= JpegComponent.BlockSize)
            {
                throw BeyondBlock();
            }

            block[JpegZigzag.ToRowMajor[k]] = (short)value;
            last = k;
        }

        reader.Bits = bits;
        reader.Count = count;
        return last;
    }

    private static void Skip(ref JpegBitReader reader, JpegHuffmanTable table)
    {
        var bits = reader.Bits;
        var count = reader.Count;
        for (var k = 1; k < JpegComponent.BlockSize; k++)
        {
            if (count < JpegBitReader.Guaranteed)
            {
                Refill(ref reader, ref bits, ref count);
            }

            var entry = table.Decode(bits);
            bits <<= JpegHuffmanTable.BitsOf(entry);
            count -= JpegHuffmanTable.BitsOf(entry);
            k += JpegHuffmanTable.RunOf(entry);
            if (JpegHuffmanTable.ValueOf(entry) == 0 && JpegHuffmanTable.RunOf(entry) < 15)
            {
                break;
            }

            if (k >= JpegComponent.BlockSize)
            {
                throw BeyondBlock();
            }
        }

        reader.Bits = bits;
        reader.Count = count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Refill(ref JpegBitReader reader, ref ulong bits, ref int count)
    {
        reader.Bits = bits;
        reader.Count = count;
        reader.Fill();
        bits = reader.Bits;
        count = reader.Count;
    }

    private static DigitException BeyondBlock() => ImageErrors.Damaged("JPEG", "pixels have a coefficient beyond the 64 of a block");
}

/// <summary>Progressive, first scan of the DC coefficients (T.81, G.1.2.1).</summary>
internal readonly struct JpegFirstDcBlocks(int bit) : IJpegBlocks
{
    /// <inheritdoc/>
    public void Read(ref JpegBitReader reader, JpegComponent component, int blockX, int blockY)
    {
        component.Prediction += JpegDcDifference.Read(ref reader, component.DcTable!);
        if (component.Wants(blockX, blockY))
        {
            component.Block(blockX, blockY)[0] = (short)(component.Prediction << bit);
        }
    }

    /// <inheritdoc/>
    public void Restart()
    {
    }
}

/// <summary>Progressive, one more bit of the DC coefficients (T.81, G.1.2.1).</summary>
internal readonly struct JpegNextDcBlocks(int bit) : IJpegBlocks
{
    /// <inheritdoc/>
    public void Read(ref JpegBitReader reader, JpegComponent component, int blockX, int blockY)
    {
        if (reader.ReadBit() && component.Wants(blockX, blockY))
        {
            component.Block(blockX, blockY)[0] |= (short)(1 << bit);
        }
    }

    /// <inheritdoc/>
    public void Restart()
    {
    }
}

/// <summary>How a progressive scan counts blocks that have nothing more in its band (T.81, G.1.2.2).</summary>
internal static class JpegEmptyBlocks
{
    /// <summary>Reads the count, this block among them.</summary>
    /// <param name="reader">Stands behind the symbol.</param>
    /// <param name="size">The symbol's upper half, 0 to 14.</param>
    public static int Read(ref JpegBitReader reader, int size) => (1 << size) + reader.Read(size);
}

/// <summary>Progressive, first scan of a band of AC coefficients (T.81, G.1.2.2). One channel that is wanted.</summary>
internal struct JpegFirstAcBlocks(int first, int last, int bit) : IJpegBlocks
{
    private readonly int _first = first;
    private readonly int _last = last;
    private readonly int _bit = bit;

    // Blocks to come that have nothing in the band.
    private int _emptyBlocks = 0;

    /// <inheritdoc/>
    public void Read(ref JpegBitReader reader, JpegComponent component, int blockX, int blockY)
    {
        if (_emptyBlocks > 0)
        {
            _emptyBlocks--;
            return;
        }

        var block = component.Block(blockX, blockY);
        for (var k = _first; k <= _last; k++)
        {
            reader.Fill();
            var entry = component.AcTable!.Decode(reader.Bits);
            reader.Bits <<= JpegHuffmanTable.BitsOf(entry);
            reader.Count -= JpegHuffmanTable.BitsOf(entry);
            var run = JpegHuffmanTable.RunOf(entry);
            var value = JpegHuffmanTable.ValueOf(entry);
            if (value == 0 && run < 15)
            {
                _emptyBlocks = JpegEmptyBlocks.Read(ref reader, run) - 1;
                return;
            }

            k += run;
            if (k > _last)
            {
                throw ImageErrors.Damaged("JPEG", Invariant($"pixels have a coefficient beyond {_last}, the last of their scan"));
            }

            if (value != 0)
            {
                block[JpegZigzag.ToRowMajor[k]] = (short)(value << _bit);
            }
        }
    }

    /// <inheritdoc/>
    public void Restart() => _emptyBlocks = 0;
}

/// <summary>Progressive, one more bit of a band of AC coefficients (T.81, G.1.2.3). One channel that is wanted.</summary>
internal struct JpegNextAcBlocks(int first, int last, int bit) : IJpegBlocks
{
    private readonly int _first = first;
    private readonly int _last = last;
    private readonly int _bit = bit;
    private int _emptyBlocks = 0;

    /// <inheritdoc/>
    public void Read(ref JpegBitReader reader, JpegComponent component, int blockX, int blockY)
    {
        var block = component.Block(blockX, blockY);
        var k = _first;
        while (_emptyBlocks == 0 && k <= _last)
        {
            var symbol = component.AcTable!.ReadSymbol(ref reader);
            var run = symbol >> 4;
            var value = 0;
            if ((symbol & 15) != 0)
            {
                value = reader.ReadBit() ? 1 << _bit : -1 << _bit;
            }
            else if (run < 15)
            {
                _emptyBlocks = JpegEmptyBlocks.Read(ref reader, run);
                break;
            }

            k = Refine(ref reader, block, k, run);
            if (value != 0)
            {
                if (k > _last)
                {
                    throw ImageErrors.Damaged("JPEG", Invariant($"pixels have a coefficient beyond {_last}, the last of their scan"));
                }

                block[JpegZigzag.ToRowMajor[k]] = (short)value;
            }

            k++;
        }

        if (_emptyBlocks > 0)
        {
            // Empty of new coefficients: those known already get their bit all the same.
            Refine(ref reader, block, k, JpegComponent.BlockSize);
            _emptyBlocks--;
        }
    }

    /// <inheritdoc/>
    public void Restart() => _emptyBlocks = 0;

    // Passes over so many zeros, giving the coefficients between them their next bit; returns the zero behind, or the end.
    private readonly int Refine(ref JpegBitReader reader, Span<short> block, int k, int zeros)
    {
        for (; k <= _last; k++)
        {
            ref var coefficient = ref block[JpegZigzag.ToRowMajor[k]];
            if (coefficient == 0)
            {
                if (zeros-- == 0)
                {
                    break;
                }
            }
            else if (reader.ReadBit() && (coefficient & (1 << _bit)) == 0)
            {
                coefficient += (short)(coefficient > 0 ? 1 << _bit : -1 << _bit);
            }
        }

        return k;
    }
}
