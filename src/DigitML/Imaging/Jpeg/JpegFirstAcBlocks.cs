namespace DigitML.Imaging;

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
                throw ImageErrors.Damaged("JPEG", $"pixels have a coefficient beyond {_last}, the last of their scan");
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
