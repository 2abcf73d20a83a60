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

    /// <summary>Grid steps around the ink to which distances are known: farther ones give no ink at any size from three pixels on.</summary>
    private const int Known = 16;

    /// <summary>The field's value at the outline.</summary>
    private const float Outline = 0.45f;

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

    /// <summary>
    /// The same pen, its digit stretched across or squeezed: to as broad as tall, as sets are whose digits fill their frames, or to any
    /// proportion between half its own and a quarter broader than tall.
    /// </summary>
    /// <param name="digit">[28, 28] as MNIST has it: ink 255.</param>
    /// <param name="random">The random numbers.</param>
    public Pen Stretched(ReadOnlySpan<byte> digit, SeededRandom random)
    {
        const byte Faint = 64;
        const float MostAspect = 4.5f;
        int left = 28, right = 0, top = 28, bottom = 0;
        for (var i = 0; i < digit.Length; i++)
        {
            if (digit[i] > Faint)
            {
                var (y, x) = Math.DivRem(i, 28);
                (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x + 1), Math.Min(top, y), Math.Max(bottom, y + 1));
            }
        }

        if (right <= left)
        {
            return this;
        }

        var proportion = (right - left) / (float)(bottom - top);
        var wanted = random.Chance(0.4) ? random.LogBetween(0.85f, 1.15f) : random.LogBetween(0.5f * proportion, 1.25f);
        return this with { Aspect = Math.Clamp(wanted / proportion, 0.4f, MostAspect) };
    }

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

        (mask, var across, var down) = CutOut(mask, Known + (int)Math.Ceiling(Math.Max(0, broaden)));

        // Signed: to the nearest ground inside the ink, less the way to the nearest ink outside; the outline runs between pixels.
        var distance = DistanceTransform.To(across, down, mask, isMark: false);
        if (Width is null)
        {
            broaden = Math.Max(broaden, 0.6f - (StrokeOf(mask, distance) / 2));
        }

        var toInk = DistanceTransform.To(across, down, mask);
        for (var i = 0; i < mask.Length; i++)
        {
            distance[i] = (mask[i] ? distance[i] - 0.5f : 0.5f - toInk[i]) + broaden;
        }

        return new DistanceShape(new Plane(across, down, distance));
    }

    /// <summary>The part of the grid that holds the ink and a margin: most of the rest of the work is for each of its points.</summary>
    private static (bool[] Mask, int Width, int Height) CutOut(bool[] mask, int margin)
    {
        int left = Side, right = 0, top = Side, bottom = 0;
        for (var y = 0; y < Side; y++)
        {
            var row = mask.AsSpan(y * Side, Side);
            if (row.IndexOf(true) is var first and >= 0)
            {
                (left, right) = (Math.Min(left, first), Math.Max(right, row.LastIndexOf(true) + 1));
                (top, bottom) = (Math.Min(top, y), y + 1);
            }
        }

        (left, top) = (Math.Max(0, left - margin), Math.Max(0, top - margin));
        (right, bottom) = (Math.Min(Side, right + margin), Math.Min(Side, bottom + margin));
        var part = new bool[(right - left) * (bottom - top)];
        for (var y = top; y < bottom; y++)
        {
            mask.AsSpan((y * Side) + left, right - left).CopyTo(part.AsSpan((y - top) * (right - left)));
        }

        return (part, right - left, bottom - top);
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
        var (left, top, right, bottom) = Reach(field, bend);
        Span<float> besides = stackalloc float[Side];
        Span<float> belows = stackalloc float[Side];
        for (var y = 1; y < Side - 1; y++)
        {
            // Before it is bent, a row is a straight line, of which only a part comes near the ink.
            var (first, second) = (Straight(1, y).U, Straight(2, y).U);
            var (from, to) = second - first > 0.1f
                ? (Math.Clamp((int)((left - first) / (second - first)), 1, Side - 1), Math.Clamp((int)((right - first) / (second - first)) + 4, 1, Side - 1))
                : (1, Side - 1);
            bendX.Row(y, from, to, besides);
            bendY.Row(y, from, to, belows);
            for (var x = from; x < to; x++)
            {
                var (u, v) = Straight(x, y);
                if (u < left || u > right || v < top || v > bottom)
                {
                    continue;
                }

                u += bend * besides[x];
                v += bend * belows[x];
                mask[(y * Side) + x] = Bilinear.Bounded(field.Values, field.Width, u + (field.Width / 2f), v + (field.Height / 2f)) > Outline;
            }
        }

        if (!mask.AsSpan().Contains(true))
        {
            mask[(Side * Side / 2) + (Side / 2)] = true;
        }

        return mask;

        // From the grid to the field, both from their centres.
        (float U, float V) Straight(int x, int y)
        {
            var u = (cos * (x - Centre)) + (sin * (y - Centre));
            var v = (cos * (y - Centre)) - (sin * (x - Centre));
            return ((u + (Slant * v)) / Aspect, v);
        }
    }

    /// <summary>How far from the field's centre ink may lie before the bend moves it.</summary>
    private static (float Left, float Top, float Right, float Bottom) Reach(Plane field, float bend)
    {
        var box = field.BoxAbove(Outline) ?? new PixelBox(0, 0, 0, 0);

        // Half a bend at most, and one pixel more than interpolation reaches.
        var slack = (bend / 2) + 2;
        return (box.X - (field.Width / 2f) - slack, box.Y - (field.Height / 2f) - slack, box.Right - (field.Width / 2f) + slack, box.Bottom - (field.Height / 2f) + slack);
    }
}
