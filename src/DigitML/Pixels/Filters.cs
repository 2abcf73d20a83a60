namespace DigitML.Pixels;

/// <summary>Sliding-window filters, all separable and linear in the number of pixels whatever the radius. Windows end at the border.</summary>
internal static class Filters
{
    /// <summary>The mean over (2·radius + 1)² pixels, those outside the picture left out.</summary>
    public static Plane Mean(Plane plane, int radius)
    {
        var result = new Plane(plane.Width, plane.Height);
        if (radius < 1)
        {
            plane.Values.CopyTo(result.Values, 0);
            return result;
        }

        for (var y = 0; y < plane.Height; y++)
        {
            MeanOfRow(plane.Row(y), result.Row(y), radius);
        }

        var sums = new double[plane.Width];
        var columns = (float[])result.Values.Clone();
        var width = plane.Width;
        for (var y = -radius; y < plane.Height; y++)
        {
            var enters = y + radius;
            if (enters < plane.Height)
            {
                for (var x = 0; x < width; x++)
                {
                    sums[x] += columns[(enters * width) + x];
                }
            }

            var leaves = y - radius - 1;
            if (leaves >= 0)
            {
                for (var x = 0; x < width; x++)
                {
                    sums[x] -= columns[(leaves * width) + x];
                }
            }

            if (y >= 0)
            {
                var count = Math.Min(enters, plane.Height - 1) - Math.Max(leaves + 1, 0) + 1;
                var target = result.Row(y);
                for (var x = 0; x < width; x++)
                {
                    target[x] = (float)(sums[x] / count);
                }
            }
        }

        return result;
    }

    /// <summary>Three means of a radius in a row: close to a Gaussian of deviation √(radius·(radius + 1)).</summary>
    public static Plane Smooth(Plane plane, int radius) => radius < 1 ? plane : Mean(Mean(Mean(plane, radius), radius), radius);

    /// <summary>Weights 1 2 1 in both directions, the border repeated: takes off noise and leaves strokes of two pixels.</summary>
    public static Plane Binomial(Plane plane)
    {
        var result = new Plane(plane.Width, plane.Height);
        var mixed = new float[plane.Width];
        for (var y = 0; y < plane.Height; y++)
        {
            var above = plane.Row(Math.Max(0, y - 1));
            var here = plane.Row(y);
            var below = plane.Row(Math.Min(plane.Height - 1, y + 1));
            for (var x = 0; x < mixed.Length; x++)
            {
                mixed[x] = (0.25f * (above[x] + below[x])) + (0.5f * here[x]);
            }

            var target = result.Row(y);
            for (var x = 0; x < mixed.Length; x++)
            {
                target[x] = (0.25f * (mixed[Math.Max(0, x - 1)] + mixed[Math.Min(mixed.Length - 1, x + 1)])) + (0.5f * mixed[x]);
            }
        }

        return result;
    }

    /// <summary>The greatest value over (2·radius + 1)² pixels.</summary>
    public static Plane Maximum(Plane plane, int radius) => Extreme(plane, radius, 1f);

    /// <summary>The least value over (2·radius + 1)² pixels.</summary>
    public static Plane Minimum(Plane plane, int radius) => Extreme(plane, radius, -1f);

    private static void MeanOfRow(ReadOnlySpan<float> source, Span<float> target, int radius)
    {
        var sum = 0.0;
        for (var x = -radius; x < source.Length; x++)
        {
            if (x + radius < source.Length)
            {
                sum += source[x + radius];
            }

            if (x - radius - 1 >= 0)
            {
                sum -= source[x - radius - 1];
            }

            if (x >= 0)
            {
                var count = Math.Min(x + radius, source.Length - 1) - Math.Max(x - radius, 0) + 1;
                target[x] = (float)(sum / count);
            }
        }
    }

    private static Plane Extreme(Plane plane, int radius, float sign)
    {
        var wide = new Plane(plane.Width, plane.Height);
        var line = new float[Math.Max(plane.Width, plane.Height)];
        var queue = new int[line.Length];
        for (var y = 0; y < plane.Height; y++)
        {
            ExtremeOfLine(plane.Row(y), wide.Row(y), radius, sign, queue);
        }

        var result = new Plane(plane.Width, plane.Height);
        var column = new float[plane.Height];
        for (var x = 0; x < plane.Width; x++)
        {
            for (var y = 0; y < column.Length; y++)
            {
                column[y] = wide.Values[(y * plane.Width) + x];
            }

            ExtremeOfLine(column, line.AsSpan(0, column.Length), radius, sign, queue);
            for (var y = 0; y < column.Length; y++)
            {
                result.Values[(y * plane.Width) + x] = line[y];
            }
        }

        return result;
    }

    /// <summary>The queue holds places whose values fall (times the sign): its head is the window's extreme.</summary>
    private static void ExtremeOfLine(ReadOnlySpan<float> source, Span<float> target, int radius, float sign, int[] queue)
    {
        int head = 0, tail = 0;
        for (var i = 0; i < source.Length + radius; i++)
        {
            if (i < source.Length)
            {
                while (tail > head && sign * source[queue[tail - 1]] <= sign * source[i])
                {
                    tail--;
                }

                queue[tail++] = i;
            }

            var centre = i - radius;
            if (centre < 0)
            {
                continue;
            }

            while (queue[head] < centre - radius)
            {
                head++;
            }

            target[centre] = source[queue[head]];
        }
    }
}
