namespace DigitML.Imaging;

/// <summary>
/// Which part of their 16 bits a picture's samples use. Scanners of 10, 12 and 14 bits and arrays of bytes are often saved as 16 bits
/// without being scaled: cut to 8 bits as it is, such a picture is black.
/// </summary>
internal sealed class SampleRange
{
    private const int Full = 65_535;

    /// <summary>Depths that unscaled samples come in.</summary>
    private static readonly int[] s_depths = [8, 10, 12, 14];

    /// <summary>A picture whose samples differ by less than one part in so many of what they could shows at most so many of 256 levels.</summary>
    private const int NarrowShare = 16;

    private readonly int _significantBits;
    private int _least = int.MaxValue;
    private int _most = -1;
    private int _mostAlpha;

    /// <summary>Starts with no samples.</summary>
    /// <param name="significantBits">Bits that the file says its samples had before (PNG 1.2, section 4.2.6); 0 when it says nothing.</param>
    public SampleRange(int significantBits) => _significantBits = significantBits;

    /// <summary>Whether more samples cannot change what is done.</summary>
    public bool IsSettled => _most >= 1 << s_depths[^1] && _most - _least >= (Full + 1) / NarrowShare;

    /// <summary>Adds a sample of a colour.</summary>
    /// <param name="sample">0 to 65,535; of a pixel that can be seen.</param>
    public void Add(int sample)
    {
        _least = Math.Min(_least, sample);
        _most = Math.Max(_most, sample);
    }

    /// <summary>Adds a sample of alpha.</summary>
    /// <param name="sample">0 to 65,535.</param>
    public void AddAlpha(int sample) => _mostAlpha = Math.Max(_mostAlpha, sample);

    /// <summary>How the samples become bytes when they are of fewer bits; null when they are of 16.</summary>
    public SampleScale? Narrower => _most >= 0 && Ceiling(_most) is var ceiling and < Full
        ? new SampleScale(0, ceiling, _mostAlpha == 0 ? Full : Ceiling(_mostAlpha))
        : null;

    /// <summary>How the samples become bytes when all that differs among them lies in a narrow window, which noise may be too; null when they differ by more.</summary>
    public SampleScale? Window => _most - _least is > 0 and var range && range < (Ceiling(_most) + 1) / NarrowShare
        ? new SampleScale(_least, _most, Ceiling(_mostAlpha))
        : null;

    private int Ceiling(int most)
    {
        if (_significantBits is >= 8 and < 16 && most < 1 << _significantBits)
        {
            return (1 << _significantBits) - 1;
        }

        var depth = Array.Find(s_depths, depth => most < 1 << depth);
        return depth == 0 ? Full : (1 << depth) - 1;
    }
}

/// <summary>How samples of 16 bits become bytes: the floor 0, the ceiling 255.</summary>
/// <param name="Floor">The colour sample that becomes 0.</param>
/// <param name="Ceiling">The colour sample that becomes 255; above <paramref name="Floor"/>.</param>
/// <param name="AlphaCeiling">The alpha sample that becomes 255; its floor is 0.</param>
internal readonly record struct SampleScale(int Floor, int Ceiling, int AlphaCeiling)
{
    /// <summary>All 16 bits.</summary>
    public static SampleScale Full { get; } = new(0, 65_535, 65_535);

    /// <summary>A colour sample as a byte, to the nearest.</summary>
    public byte ToByte(int sample) => Scaled(sample - Floor, Ceiling - Floor);

    /// <summary>An alpha sample as a byte, to the nearest.</summary>
    public byte AlphaToByte(int sample) => Scaled(sample, AlphaCeiling);

    private static byte Scaled(int sample, int range) => (byte)Math.Clamp(((sample * 255) + (range / 2)) / range, 0, 255);
}
