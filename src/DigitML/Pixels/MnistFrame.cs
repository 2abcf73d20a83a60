namespace DigitML.Pixels;

/// <summary>
/// Puts one digit's ink into 28×28 as MNIST's makers did: tight box, padded to a square, brought to 20×20 by area overlap,
/// brightest pixel to 255, centre of mass to the middle by whole pixels. The steps are those that Yadav and Bottou
/// found again ("Cold Case: The Lost MNIST Digits", NeurIPS 2019, section 2).
/// </summary>
internal static class MnistFrame
{
    public const int Side = 28;

    private const int BoxSide = 20;

    /// <summary>Ink up to this share of the darkest is the seam of a soft edge and does not count towards the tight box.</summary>
    private const float Faint = 0.1f;

    /// <summary>Frames the ink of a plane.</summary>
    /// <param name="ink">0 the ground to 1 full ink; all of it is taken as one digit.</param>
    /// <returns>[28, 28], 0 to 255; all zero when there is no ink.</returns>
    public static byte[] Put(Plane ink)
    {
        var frame = new byte[Side * Side];
        if (TightBox(ink) is not { } box)
        {
            return frame;
        }

        var square = Squared(ink.Crop(box));
        while (square.Width < BoxSide)
        {
            square = Doubled(square);
        }

        return Centred(Brightest(Resampling.Area(square, BoxSide, BoxSide)));
    }

    /// <summary>The tight box around a digit's ink; null when there is none.</summary>
    public static PixelBox? TightBox(Plane ink)
    {
        var most = 0f;
        foreach (var value in ink.Values)
        {
            most = Math.Max(most, value);
        }

        return ink.BoxAbove(Faint * most);
    }

    /// <summary>
    /// Whether the picture is such a frame already. Going through the steps again would blur the digits whose box came out at 19 pixels.
    /// </summary>
    public static bool IsFramed(Plane ink)
    {
        if (ink.Width != Side || ink.Height != Side || ink.BoxAbove(0) is not { } box || Math.Max(box.Width, box.Height) is < 18 or > 20)
        {
            return false;
        }

        var (x, y) = CentreOfMass(ink);
        return Math.Abs(x - (Side / 2)) < 1 && Math.Abs(y - (Side / 2)) < 1;
    }

    private static Plane Squared(Plane ink)
    {
        var side = Math.Max(ink.Width, ink.Height);
        return ink.Crop(new PixelBox(-(side - ink.Width) / 2, -(side - ink.Height) / 2, side, side));
    }

    private static Plane Doubled(Plane ink)
    {
        var doubled = new Plane(ink.Width * 2, ink.Height * 2);
        for (var y = 0; y < doubled.Height; y++)
        {
            for (var x = 0; x < doubled.Width; x++)
            {
                doubled.Values[(y * doubled.Width) + x] = ink[x / 2, y / 2];
            }
        }

        return doubled;
    }

    private static Plane Brightest(Plane ink)
    {
        var most = 0f;
        foreach (var value in ink.Values)
        {
            most = Math.Max(most, value);
        }

        for (var i = 0; i < ink.Values.Length && most > 0; i++)
        {
            ink.Values[i] /= most;
        }

        return ink;
    }

    /// <summary>
    /// The centre of mass goes to the pixel with index 14, to the nearest whole pixel: first column = 14 − round(its column),
    /// rows alike. In MNIST's training images its index has mean 14.0 and deviation 0.29 on both axes, as rounding gives.
    /// </summary>
    private static byte[] Centred(Plane box)
    {
        // Symmetric ink lies on the half between two pixels; the small addition decides it, and not the rounding of sums.
        const double Half = 0.5 + 1e-4;
        var (x, y) = CentreOfMass(box);
        var left = Math.Clamp((int)((Side / 2) + Half - x), 0, Side - BoxSide);
        var top = Math.Clamp((int)((Side / 2) + Half - y), 0, Side - BoxSide);
        var frame = new byte[Side * Side];
        var bytes = box.ToBytes();
        for (var row = 0; row < BoxSide; row++)
        {
            bytes.AsSpan(row * BoxSide, BoxSide).CopyTo(frame.AsSpan(((top + row) * Side) + left));
        }

        return frame;
    }

    /// <summary>The mean place of the ink, in pixel indices.</summary>
    public static (double X, double Y) CentreOfMass(Plane ink)
    {
        double sum = 0, sumX = 0, sumY = 0;
        for (var y = 0; y < ink.Height; y++)
        {
            var row = ink.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                sum += row[x];
                sumX += row[x] * x;
                sumY += row[x] * (double)y;
            }
        }

        return (sumX / sum, sumY / sum);
    }
}
