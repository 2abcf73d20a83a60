using System.Runtime.CompilerServices;

namespace DigitML.Imaging;

/// <summary>From colour to grey by ITU-R BT.601, the luma of JFIF: a colour picture gives the same grey as PNG and as JPEG.</summary>
internal static class Luma
{
    /// <summary>0.299 R + 0.587 G + 0.114 B in 16-bit fixed point, rounded to the nearest, as libjpeg computes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte FromRgb(int red, int green, int blue) =>
        (byte)(((19_595 * red) + (38_470 * green) + (7_471 * blue) + 32_768) >> 16);

    /// <summary>A sample of 16 bits brought to 8, to the nearest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int From16Bits(int sample) => ((sample * 255) + 32_895) >> 16;

    /// <summary>A sample laid over white, to the nearest.</summary>
    /// <param name="sample">0 to <paramref name="maximum"/>.</param>
    /// <param name="alpha">0 transparent to <paramref name="maximum"/> opaque.</param>
    /// <param name="maximum">255 or 65,535.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int OverWhite(int sample, int alpha, int maximum) =>
        (int)((((long)sample * alpha) + ((long)maximum * (maximum - alpha)) + (maximum / 2)) / maximum);

    /// <summary>A pixel laid over white, as grey.</summary>
    /// <param name="pixel">[4]: red, green, blue, alpha.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte OverWhite(ReadOnlySpan<byte> pixel)
    {
        var alpha = pixel[3];
        return alpha == 255
            ? FromRgb(pixel[0], pixel[1], pixel[2])
            : FromRgb(OverWhite(pixel[0], alpha, 255), OverWhite(pixel[1], alpha, 255), OverWhite(pixel[2], alpha, 255));
    }
}
