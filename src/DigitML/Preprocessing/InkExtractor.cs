namespace DigitML.Preprocessing;

/// <summary>
/// From a grey picture to its ink: darkness against the local ground, a threshold between the faint things on the paper
/// (printed lines, show-through, noise) and the ink, and soft edges around what passes it.
/// </summary>
internal static class InkExtractor
{
    /// <summary>Less contrast than this is no ink: eight grey levels on white.</summary>
    private const float LeastDarkness = 0.03f;

    /// <summary>Grey levels of noise that a clean picture may have: what rounding and resampling leave.</summary>
    private const float CleanNoise = 0.004f;

    private const int Bins = 256;

    /// <summary>Extracts the ink; null when nothing is darker than the ground by more than the noise.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="isLightOnDark">The ink is lighter than its ground.</param>
    public static InkMap? Extract(Plane picture, bool isLightOnDark)
    {
        var upright = isLightOnDark ? picture.Inverted() : picture;
        var ground = GroundEstimator.Estimate(upright);
        var darkness = new Plane(picture.Width, picture.Height);
        for (var i = 0; i < darkness.Values.Length; i++)
        {
            darkness.Values[i] = Math.Clamp(1f - (upright.Values[i] / ground.Values[i]), 0f, 1f);
        }

        var noise = NoiseOf(upright, ground);
        var least = Math.Max(LeastDarkness, 5f * noise);
        var counts = Histogram(darkness, least);
        if (counts.Sum() == 0)
        {
            return null;
        }

        var threshold = Otsu(counts);
        var level = Percentile(counts, (int)(threshold * Bins), 0.7);
        threshold = Math.Max(least, Math.Clamp(threshold, 0.4f * level, 0.6f * level));
        var mask = Hysteresis(darkness, threshold, Math.Max(least, 0.6f * threshold));
        return new InkMap
        {
            IsLightOnDark = isLightOnDark,
            Ground = ground,
            Darkness = darkness,
            Ink = Soften(darkness, mask, noise, threshold, level),
            Mask = mask,
            Level = level,
            Threshold = threshold,
            Noise = noise,
        };
    }

    /// <summary>
    /// From the median of differences two pixels apart (a neighbour shares its noise after resampling or JPEG):
    /// strokes and edges are too few to move it.
    /// </summary>
    private static float NoiseOf(Plane picture, Plane ground)
    {
        const int Levels = 1024;
        var counts = new int[Levels + 1];
        var total = 0;
        var step = Math.Max(1, picture.Height / 400);
        for (var y = 0; y < picture.Height; y += step)
        {
            var row = picture.Row(y);
            var under = ground.Row(y);
            for (var x = 2; x < row.Length; x++)
            {
                var difference = Math.Abs((row[x] / under[x]) - (row[x - 2] / under[x - 2]));
                counts[Math.Min(Levels, (int)(difference * Levels))]++;
                total++;
            }
        }

        var seen = 0;
        for (var level = 0; level < Levels && total > 0; level++)
        {
            seen += counts[level];
            if (seen * 2 >= total)
            {
                // The median of |a − b| is 0.954 deviations of a Gaussian.
                return level / (0.954f * Levels);
            }
        }

        return 0f;
    }

    private static int[] Histogram(Plane darkness, float least)
    {
        var counts = new int[Bins];
        foreach (var value in darkness.Values)
        {
            if (value > least)
            {
                counts[Math.Min(Bins - 1, (int)(value * Bins))]++;
            }
        }

        return counts;
    }

    /// <summary>The level with the greatest variance between what lies below and above (Otsu 1979); the middle of equals.</summary>
    private static float Otsu(int[] counts)
    {
        double total = 0, sum = 0;
        for (var i = 0; i < Bins; i++)
        {
            total += counts[i];
            sum += counts[i] * (double)i;
        }

        double below = 0, sumBelow = 0, best = -1;
        int first = 0, last = 0;
        for (var i = 0; i < Bins - 1; i++)
        {
            below += counts[i];
            sumBelow += counts[i] * (double)i;
            if (below == 0 || below == total)
            {
                continue;
            }

            var apart = (sumBelow / below) - ((sum - sumBelow) / (total - below));
            var variance = below * (total - below) * apart * apart;
            if (variance > best * (1 + 1e-12))
            {
                (best, first, last) = (variance, i, i);
            }
            else if (variance >= best * (1 - 1e-12))
            {
                last = i;
            }
        }

        return (((first + last) / 2f) + 1f) / Bins;
    }

    /// <summary>The level below which a share of the pixels at or above <paramref name="from"/> lie.</summary>
    private static float Percentile(int[] counts, int from, double share)
    {
        var total = 0L;
        for (var i = from; i < Bins; i++)
        {
            total += counts[i];
        }

        if (total == 0)
        {
            return Percentile(counts, 0, share);
        }

        var seen = 0L;
        for (var i = from; i < Bins; i++)
        {
            seen += counts[i];
            if (seen >= total * share)
            {
                return (i + 1f) / Bins;
            }
        }

        return 1f;
    }

    /// <summary>Pixels above <paramref name="low"/> that are joined, by eight neighbours, to one above <paramref name="high"/>.</summary>
    private static bool[] Hysteresis(Plane darkness, float high, float low)
    {
        var (width, height) = (darkness.Width, darkness.Height);
        var values = darkness.Values;
        var mask = new bool[values.Length];
        var stack = new Stack<int>();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] >= high && !mask[i])
            {
                mask[i] = true;
                stack.Push(i);
                Grow();
            }
        }

        return mask;

        void Grow()
        {
            while (stack.TryPop(out var at))
            {
                var x = at % width;
                var y = at / width;
                for (var ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
                {
                    for (var nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
                    {
                        var n = (ny * width) + nx;
                        if (!mask[n] && values[n] >= low)
                        {
                            mask[n] = true;
                            stack.Push(n);
                        }
                    }
                }
            }
        }
    }

    /// <summary>
    /// Clean pictures keep their values up to scale, so that a picture made as MNIST's were comes out as it went in;
    /// in others what is fainter than half the threshold becomes ground.
    /// </summary>
    private static Plane Soften(Plane darkness, bool[] mask, float noise, float threshold, float level)
    {
        var isClean = noise <= CleanNoise;
        var most = 0f;
        foreach (var value in darkness.Values)
        {
            most = Math.Max(most, value);
        }

        var from = isClean ? 0f : 0.5f * threshold;
        var to = isClean ? most : level;
        var ink = new Plane(darkness.Width, darkness.Height);
        for (var y = 0; y < ink.Height; y++)
        {
            for (var x = 0; x < ink.Width; x++)
            {
                var i = (y * ink.Width) + x;
                var value = (darkness.Values[i] - from) / (to - from);
                if (value > 0 && (mask[i] || HasInkBeside(mask, ink.Width, ink.Height, x, y)))
                {
                    ink.Values[i] = Math.Min(1f, value);
                }
            }
        }

        return ink;
    }

    private static bool HasInkBeside(bool[] mask, int width, int height, int x, int y)
    {
        for (var ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
        {
            for (var nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
            {
                if (mask[(ny * width) + nx])
                {
                    return true;
                }
            }
        }

        return false;
    }
}
