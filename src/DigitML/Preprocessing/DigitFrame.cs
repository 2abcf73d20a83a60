using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>From the ink of one digit to the network's 28×28: stroke width first, then MNIST's frame.</summary>
internal static class DigitFrame
{
    /// <summary>Digits smaller than this are grown smoothly first: doubled pixels have corners that no pen makes.</summary>
    private const int SmallSide = 18;

    /// <summary>Frames a digit.</summary>
    /// <param name="ink">0 the ground to 1 full ink; all of it is taken as one digit.</param>
    /// <returns>[28, 28], 0 to 255.</returns>
    public static byte[] Put(Plane ink)
    {
        if (ink.Width == MnistFrame.Side && ink.Height == MnistFrame.Side && MnistFrame.IsFramed(ink))
        {
            return ink.ToBytes();
        }

        if (MnistFrame.TightBox(ink) is not { } box)
        {
            return new byte[MnistFrame.Side * MnistFrame.Side];
        }

        var digit = ink.Crop(box);
        if (Math.Max(box.Width, box.Height) < SmallSide)
        {
            digit = Grown(digit);
        }

        return MnistFrame.Put(StrokeWidth.Normalize(digit));
    }

    /// <summary>Four times as large, with a little room for what overshoots, and edges as steep as a pen's.</summary>
    private static Plane Grown(Plane digit)
    {
        const int Factor = 4;
        const float Steepness = 1.8f;
        var roomy = digit.Crop(new PixelBox(-1, -1, digit.Width + 2, digit.Height + 2));
        var large = Resampling.Cubic(roomy, roomy.Width * Factor, roomy.Height * Factor);
        var most = large.Values.Max();
        for (var i = 0; i < large.Values.Length; i++)
        {
            large.Values[i] = Math.Clamp((((large.Values[i] / most) - 0.45f) * Steepness) + 0.45f, 0f, 1f);
        }

        return large;
    }
}
