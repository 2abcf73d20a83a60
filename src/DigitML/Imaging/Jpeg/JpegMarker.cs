namespace DigitML.Imaging;

/// <summary>The second bytes of JPEG's markers (ITU-T T.81, table B.1).</summary>
internal static class JpegMarker
{
    public const byte Temporary = 0x01;
    public const byte BaselineFrame = 0xC0;
    public const byte ExtendedFrame = 0xC1;
    public const byte ProgressiveFrame = 0xC2;
    public const byte HuffmanTables = 0xC4;
    public const byte JpegExtension = 0xC8;
    public const byte ArithmeticTables = 0xCC;
    public const byte LastFrame = 0xCF;
    public const byte FirstRestart = 0xD0;
    public const byte LastRestart = 0xD7;
    public const byte Start = 0xD8;
    public const byte End = 0xD9;
    public const byte Scan = 0xDA;
    public const byte QuantizationTables = 0xDB;
    public const byte RestartInterval = 0xDD;
    public const byte App0 = 0xE0;
    public const byte App1 = 0xE1;
    public const byte App14 = 0xEE;
    public const byte JpegLsFrame = 0xF7;

    /// <summary>Whether the marker stands alone, without a length.</summary>
    public static bool StandsAlone(byte marker) => marker is Temporary or (>= FirstRestart and <= Start);

    /// <summary>Whether the marker begins a frame of any kind.</summary>
    public static bool BeginsFrame(byte marker) =>
        marker == JpegLsFrame || (marker is >= BaselineFrame and <= LastFrame && marker is not (HuffmanTables or JpegExtension or ArithmeticTables));
}
