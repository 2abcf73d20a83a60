namespace DigitML.Imaging;

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
                    throw ImageErrors.Damaged("JPEG", $"pixels have a coefficient beyond {_last}, the last of their scan");
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
