using System.Runtime.CompilerServices;

namespace DigitML.Imaging;

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
