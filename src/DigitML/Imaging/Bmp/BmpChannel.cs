using System.Numerics;

namespace DigitML.Imaging;

/// <summary>One channel of a 16- or 32-bit BMP pixel: the bits of a mask, brought to 0 to 255.</summary>
internal readonly struct BmpChannel
{
    private readonly uint _mask;
    private readonly int _shift;
    private readonly uint _maximum;

    /// <summary>Prepares a channel.</summary>
    /// <param name="mask">The channel's bits, in one run; 0 when it has none.</param>
    /// <param name="depth">Bits a pixel.</param>
    /// <exception cref="DigitException">The bits are no run, or beyond the pixel.</exception>
    public BmpChannel(uint mask, int depth)
    {
        _mask = mask;
        _shift = mask == 0 ? 0 : BitOperations.TrailingZeroCount(mask);
        _maximum = mask >> _shift;
        if ((_maximum & (_maximum + 1)) != 0 || (ulong)mask >> depth != 0)
        {
            throw ImageErrors.Damaged("BMP", $"has the colour mask 0x{mask:X8}; expected one run of bits within {depth}");
        }
    }

    /// <summary>Whether the channel has bits at all.</summary>
    public bool IsPresent => _mask != 0;

    /// <summary>The channel of a pixel, 0 to 255, to the nearest; 0 when it has no bits.</summary>
    public int Of(uint pixel) => _maximum == 0 ? 0 : (int)(((((ulong)(pixel & _mask) >> _shift) * 255) + (_maximum / 2)) / _maximum);
}
