using System.Numerics.Tensors;

namespace DigitML.Pixels;

/// <summary>Sliding-window filters, all separable; a mean takes the same time at any radius, an extreme a little more at each doubling. Windows end at the border.</summary>
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
    public static Plane Maximum(Plane plane, int radius) => Extreme(plane, radius, isGreatest: true);

    /// <summary>The least value over (2·radius + 1)² pixels.</summary>
    public static Plane Minimum(Plane plane, int radius) => Extreme(plane, radius, isGreatest: false);

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

    private static Plane Extreme(Plane plane, int radius, bool isGreatest)
    {
        var (across, down) = (Math.Min(radius, plane.Width - 1), Math.Min(radius, plane.Height - 1));
        var wide = new Plane(plane.Width, plane.Height);
        var room = new float[plane.Width + (2 * across)];
        var other = new float[room.Length];
        for (var y = 0; y < plane.Height; y++)
        {
            Slide(plane.Row(y), wide.Row(y), across, step: 1, isGreatest, room, other);
        }

        // The rows of a plane lie behind one another: all of its columns are slid along at once, a row at a step.
        var rows = new float[(plane.Height + (2 * down)) * plane.Width];
        var result = new Plane(plane.Width, plane.Height);
        Slide(wide.Values, result.Values, down, step: plane.Width, isGreatest, rows, new float[rows.Length]);
        return result;
    }

    /// <summary>
    /// The extremes of windows of one place, of two, of four and so on, each of two windows half as long; two of the longest that fit, which
    /// overlap, make up a whole one.
    /// </summary>
    /// <param name="source">The values.</param>
    /// <param name="target">As many.</param>
    /// <param name="radius">Places on either side.</param>
    /// <param name="step">Values from one place to the next.</param>
    /// <param name="isGreatest">Whether the greatest value is looked for, or the least.</param>
    /// <param name="room">As many values as there are, and the radius' at either end.</param>
    /// <param name="other">As many again.</param>
    private static void Slide(ReadOnlySpan<float> source, Span<float> target, int radius, int step, bool isGreatest, Span<float> room, Span<float> other)
    {
        // Beyond the border stands what is never taken.
        room.Fill(isGreatest ? float.NegativeInfinity : float.PositiveInfinity);
        source.CopyTo(room[(radius * step)..]);
        var window = (2 * radius) + 1;
        var covered = 1;
        for (; 2 * covered <= window; covered *= 2)
        {
            var count = room.Length - (((2 * covered) - 1) * step);
            TakeEach(room[..count], room.Slice(covered * step, count), other[..count], isGreatest);
            var swapped = room;
            room = other;
            other = swapped;
        }

        TakeEach(room[..source.Length], room.Slice((window - covered) * step, source.Length), target, isGreatest);
    }

    private static void TakeEach(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> target, bool isGreatest)
    {
        if (isGreatest)
        {
            TensorPrimitives.Max(a, b, target);
        }
        else
        {
            TensorPrimitives.Min(a, b, target);
        }
    }
}
