using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>
/// From darkness to ink: thresholds between the faint things on the paper (printed lines, show-through, noise) and the ink,
/// and soft edges around what passes them.
/// </summary>
internal static class InkExtractor
{
    /// <summary>Less contrast than this is no ink: eight grey levels on white.</summary>
    private const float LeastDarkness = 0.03f;

    /// <summary>Noise that a clean picture may have: what rounding and resampling leave.</summary>
    private const float CleanNoise = 0.004f;

    private const int Bins = 256;

    /// <summary>
    /// Extracts ink at one threshold or two: the second, higher one where what passed the first falls into two kinds again.
    /// Empty when nothing is darker than the ground by more than the noise.
    /// </summary>
    public static IEnumerable<InkMap> Extract(DarknessMap map)
    {
        var least = Math.Max(LeastDarkness, 5f * map.Noise);
        var counts = Histogram(map.Darkness, least);
        if (counts.Sum() == 0)
        {
            yield break;
        }

        var split = Otsu(counts, 0);
        var level = Percentile(counts, split, 0.7);
        var threshold = Math.Max(least, Math.Clamp((float)split / Bins, 0.4f * level, 0.6f * level));
        yield return Extract(map, threshold, level, least);

        var second = Otsu(counts, (int)(threshold * Bins));
        var higher = Percentile(counts, second, 0.7);
        var next = Math.Clamp((float)second / Bins, 0.5f * higher, 0.7f * higher);
        if (next > 1.25f * threshold)
        {
            yield return Extract(map, next, higher, least);
        }
    }

    private static InkMap Extract(DarknessMap map, float threshold, float level, float least)
    {
        var mask = Hysteresis(map.Darkness, threshold, Math.Max(least, 0.6f * threshold));
        return new InkMap
        {
            Source = map,
            Ink = Soften(map.Darkness, mask, map.Noise, threshold, level),
            Mask = mask,
            Level = level,
            Threshold = threshold,
        };
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

    /// <summary>
    /// The first bin of the upper of two classes with the greatest variance between them (Otsu 1979), among bins from
    /// <paramref name="from"/> on; the middle of equals.
    /// </summary>
    private static int Otsu(int[] counts, int from)
    {
        double total = 0, sum = 0;
        for (var i = from; i < Bins; i++)
        {
            total += counts[i];
            sum += counts[i] * (double)i;
        }

        double below = 0, sumBelow = 0, best = -1;
        int first = from, last = from;
        for (var i = from; i < Bins - 1; i++)
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

        return ((first + last) / 2) + 1;
    }

    /// <summary>The level below which a share of the pixels at or above a bin lie.</summary>
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
                var (y, x) = Math.DivRem(at, width);
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
                if (darkness.Values[i] > from && (mask[i] || Masks.HasBeside(mask, ink.Width, ink.Height, x, y)))
                {
                    ink.Values[i] = Math.Min(1f, (darkness.Values[i] - from) / (to - from));
                }
            }
        }

        return ink;
    }
}
