namespace DigitML.Tests.Imaging;

/// <summary>How a <see cref="TestJpeg"/> sends its coefficients.</summary>
public enum TestJpegMode
{
    /// <summary>All at once, channels interleaved.</summary>
    Baseline,

    /// <summary>All at once, one scan a channel.</summary>
    Separate,

    /// <summary>Bit by bit and band by band.</summary>
    Progressive,
}
