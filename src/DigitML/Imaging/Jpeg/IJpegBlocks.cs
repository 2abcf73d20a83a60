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
