namespace DigitML.Imaging;

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
