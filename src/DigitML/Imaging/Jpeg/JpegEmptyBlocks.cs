namespace DigitML.Imaging;

/// <summary>How a progressive scan counts blocks that have nothing more in its band (T.81, G.1.2.2).</summary>
internal static class JpegEmptyBlocks
{
    /// <summary>Reads the count, this block among them.</summary>
    /// <param name="reader">Stands behind the symbol.</param>
    /// <param name="size">The symbol's upper half, 0 to 14.</param>
    public static int Read(ref JpegBitReader reader, int size) => (1 << size) + reader.Read(size);
}
