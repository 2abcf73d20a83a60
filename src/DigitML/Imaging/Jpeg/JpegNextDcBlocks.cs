namespace DigitML.Imaging;

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
