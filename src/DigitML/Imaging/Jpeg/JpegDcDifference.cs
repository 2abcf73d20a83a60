namespace DigitML.Imaging;

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
