using DigitML.Pixels;

namespace DigitML.Synthesis;

/// <summary>How a digit is written anew: the hand that bends it and the pen that draws it.</summary>
internal sealed record Pen
{
    /// <summary>The height of an undistorted MNIST digit on the grid.</summary>
    public const int DigitHeight = 80;

    private const int Factor = 4;

    private const int Margin = 24;

    private const int Side = (28 * Factor) + (2 * Margin);

    /// <summary>Stroke width as a share of the digit's height for a pen of constant width; null keeps the strokes as they were written.</summary>
    public float? Width { get; init; }

    /// <summary>How much broader the written strokes become, as a share of the digit's height; below 0 thinner.</summary>
    public float Broaden { get; init; }

    /// <summary>Rotation in radians, clockwise.</summary>
    public float Rotation { get; init; }

    /// <summary>Slant: how far the top moves to the right as a share of the height.</summary>
    public float Slant { get; init; }

    /// <summary>Width over height, relative to how it was written.</summary>
    public float Aspect { get; init; } = 1f;

    /// <summary>How far points are bent at most, as a share of the height.</summary>
    public float Bend { get; init; }

    /// <summary>A hand and a pen drawn at random within what people do.</summary>
    /// <param name="random">The random numbers.</param>
    /// <param name="hand">How far from MNIST the hand may be, 0 to 1.</param>
    public static Pen Any(SeededRandom random, float hand = 1f) => new()
    {
        Rotation = random.Between(-0.15f, 0.15f) * hand,
        Slant = random.Between(-0.25f, 0.25f) * hand,
        Aspect = MathF.Exp(random.Between(-0.2f, 0.2f) * hand),
        Bend = random.Between(0f, 0.05f) * hand,
        Broaden = random.Between(-0.02f, 0.04f) * hand,
    };

    /// <summary>Writes a digit.</summary>
    /// <param name="digit">[28, 28] as MNIST has it: ink 255.</param>
    /// <param name="random">The random numbers.</param>
    public InkShape Write(ReadOnlySpan<byte> digit, SeededRandom random)
    {
        var source = new Plane(28, 28);
        for (var i = 0; i < digit.Length; i++)
        {
            source.Values[i] = digit[i] / 255f;
        }

        var field = Filters.Mean(Resampling.Cubic(source, 28 * Factor, 28 * Factor), 1);
        var mask = Distort(field, random);
        var broaden = Broaden * DigitHeight;
        if (Width is { } width)
        {
            Thinning.Thin(Side, mask);
            broaden = (width * DigitHeight / 2) - 0.5f;
        }

        // Signed: to the nearest ground inside the ink, less the way to the nearest ink outside; the outline runs between pixels.
        var distance = DistanceTransform.To(Side, Side, Array.ConvertAll(mask, value => !value));
        if (Width is null)
        {
            broaden = Math.Max(broaden, 0.6f - (StrokeOf(mask, distance) / 2));
        }

        var toInk = DistanceTransform.To(Side, Side, mask);
        for (var i = 0; i < mask.Length; i++)
        {
            distance[i] = (mask[i] ? distance[i] - 0.5f : 0.5f - toInk[i]) + broaden;
        }

        return new DistanceShape(new Plane(Side, Side, distance));
    }

    /// <summary>The mean width of the strokes, so that thinning never deletes a digit.</summary>
    private static float StrokeOf(bool[] mask, float[] depth)
    {
        double sum = 0;
        var count = 0;
        for (var i = 0; i < mask.Length; i++)
        {
            if (mask[i])
            {
                sum += depth[i];
                count++;
            }
        }

        // The mean depth of a stroke is a quarter of its width.
        return count == 0 ? 0 : (float)(4 * sum / count) - 1;
    }

    private bool[] Distort(Plane field, SeededRandom random)
    {
        var bendX = new NoiseField(random, 4, 4);
        var bendY = new NoiseField(random, 4, 4);
        var bend = Bend * DigitHeight * 2;
        var (cos, sin) = (MathF.Cos(Rotation), MathF.Sin(Rotation));
        var mask = new bool[Side * Side];
        const float Centre = Side / 2f;
        for (var y = 1; y < Side - 1; y++)
        {
            for (var x = 1; x < Side - 1; x++)
            {
                var u = (cos * (x - Centre)) + (sin * (y - Centre));
                var v = (cos * (y - Centre)) - (sin * (x - Centre));
                u = (u + (Slant * v)) / Aspect;
                u += bend * bendX.At(x / (float)Side, y / (float)Side);
                v += bend * bendY.At(x / (float)Side, y / (float)Side);
                mask[(y * Side) + x] = Bilinear.Bounded(field.Values, field.Width, u + (field.Width / 2f), v + (field.Height / 2f)) > 0.45f;
            }
        }

        if (!mask.AsSpan().Contains(true))
        {
            mask[(Side * Side / 2) + (Side / 2)] = true;
        }

        return mask;
    }
}
