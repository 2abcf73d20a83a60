namespace DigitML.Data.Synthesis;

/// <summary>
/// Makes a 28×28 picture of a bilevel one exactly as MNIST was made. The steps are those that
/// Yadav and Bottou 2019 ("Cold case: the lost MNIST digits", section 2) found to give MNIST's own pixels within 3/255.
/// </summary>
internal static class MnistFrame
{
    /// <summary>Pixels a side of the result.</summary>
    public const int Size = 28;

    private const int BoxSize = 20;

    /// <summary>Tight box, padded to a square, doubled until it has 20 a side, averaged down to 20×20, brightened to 255, set by its centre of mass.</summary>
    /// <param name="bitmap">[height, width]: 0 ground, 1 ink.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="picture">[28, 28], 0 ground to 255 ink; overwritten. All zero for an empty bitmap.</param>
    public static void Fit(ReadOnlySpan<byte> bitmap, int width, int height, Span<byte> picture)
    {
        picture.Clear();
        var (left, top, right, bottom) = Bounds(bitmap, width, height);
        if (right < left)
        {
            return;
        }

        int boxWidth = right - left + 1, boxHeight = bottom - top + 1;
        var side = Math.Max(boxWidth, boxHeight);
        int padX = (side - boxWidth) / 2, padY = (side - boxHeight) / 2;

        // Doubling repeats pixels, which leaves every average as it is: whole multiples of the same areas. So the
        // areas are taken from the square itself, and doubling changes nothing that could be seen.
        Span<float> box = stackalloc float[BoxSize * BoxSize];
        box.Clear();
        var scale = (float)BoxSize / side;
        for (var y = 0; y < boxHeight; y++)
        {
            for (var x = 0; x < boxWidth; x++)
            {
                if (bitmap[(top + y) * width + left + x] != 0)
                {
                    Spread(box, (padX + x) * scale, (padY + y) * scale, scale);
                }
            }
        }

        Place(box, picture);
    }

    private static (int Left, int Top, int Right, int Bottom) Bounds(ReadOnlySpan<byte> bitmap, int width, int height)
    {
        int left = width, top = height, right = -1, bottom = -1;
        for (var y = 0; y < height; y++)
        {
            var row = bitmap.Slice(y * width, width);
            var first = row.IndexOf((byte)1);
            if (first >= 0)
            {
                left = Math.Min(left, first);
                right = Math.Max(right, row.LastIndexOf((byte)1));
                top = Math.Min(top, y);
                bottom = y;
            }
        }

        return (left, top, right, bottom);
    }

    /// <summary>Adds a square of ink to the cells it overlaps, to each by its share of the cell.</summary>
    private static void Spread(Span<float> box, float x, float y, float size)
    {
        for (var row = (int)y; row < BoxSize && row < y + size; row++)
        {
            var shareY = Math.Min(row + 1, y + size) - Math.Max(row, y);
            for (var column = (int)x; column < BoxSize && column < x + size; column++)
            {
                box[row * BoxSize + column] += shareY * (Math.Min(column + 1, x + size) - Math.Max(column, x));
            }
        }
    }

    private static void Place(ReadOnlySpan<float> box, Span<byte> picture)
    {
        const float Half = 0.5f + 1e-4f;
        float mass = 0, momentX = 0, momentY = 0, brightest = 0;
        for (var i = 0; i < box.Length; i++)
        {
            mass += box[i];
            momentX += box[i] * (i % BoxSize);
            momentY += box[i] * (i / BoxSize);
            brightest = Math.Max(brightest, box[i]);
        }

        // The centre of mass goes to the pixel with index 14, to the nearest whole pixel: in MNIST's training
        // images its index has mean 14.0 and deviation 0.29 on both axes, as rounding gives. Symmetric ink lies on
        // the half between two pixels; the small addition decides it, and not the rounding of sums.
        var offsetX = Math.Clamp((int)(Size / 2 + Half - momentX / mass), 0, Size - BoxSize);
        var offsetY = Math.Clamp((int)(Size / 2 + Half - momentY / mass), 0, Size - BoxSize);
        for (var y = 0; y < BoxSize; y++)
        {
            for (var x = 0; x < BoxSize; x++)
            {
                picture[(offsetY + y) * Size + offsetX + x] = (byte)(255 * Math.Min(1, box[y * BoxSize + x] / brightest) + 0.5f);
            }
        }
    }
}
