namespace DigitML.Pixels;

/// <summary>
/// Changes the size of pictures. Area: every target pixel is the mean of the source under it, weighted by overlap,
/// which keeps thin strokes when shrinking and is what made MNIST. Cubic: Catmull and Rom's kernel (1974), for growing smoothly.
/// </summary>
internal static class Resampling
{
    /// <summary>Shrinks a picture by area so that its longer side is at most <paramref name="longest"/>; leaves smaller ones as they are.</summary>
    /// <returns>Values 0 to 1, and how many source pixels a target pixel spans.</returns>
    public static (Plane Picture, double Scale) Shrink(GreyImage picture, int longest)
    {
        var side = Math.Max(picture.Width, picture.Height);
        if (side <= longest)
        {
            return (Plane.From(picture), 1);
        }

        var scale = side / (double)longest;
        var width = Math.Max(1, (int)Math.Round(picture.Width / scale));
        var height = Math.Max(1, (int)Math.Round(picture.Height / scale));
        return (Area(picture, width, height), scale);
    }

    /// <summary>Resamples by area overlap, in either direction.</summary>
    public static Plane Area(GreyImage picture, int width, int height)
    {
        var rows = new RowMixer(picture.Width, picture.Height, width, height);
        var source = new float[picture.Width];
        for (var y = 0; y < picture.Height; y++)
        {
            var pixels = picture.Pixels.Slice(y * picture.Width, picture.Width);
            for (var x = 0; x < pixels.Length; x++)
            {
                source[x] = pixels[x] * (1f / 255f);
            }

            rows.Add(source);
        }

        return rows.Target;
    }

    /// <inheritdoc cref="Area(GreyImage, int, int)"/>
    public static Plane Area(Plane picture, int width, int height)
    {
        if (picture.Width == width && picture.Height == height)
        {
            return picture;
        }

        var rows = new RowMixer(picture.Width, picture.Height, width, height);
        for (var y = 0; y < picture.Height; y++)
        {
            rows.Add(picture.Row(y));
        }

        return rows.Target;
    }

    /// <summary>Grows by cubic interpolation; pixels beyond the border repeat it. The result is clamped to 0 to 1.</summary>
    public static Plane Cubic(Plane picture, int width, int height)
    {
        var wide = new Plane(width, picture.Height);
        var (columns, columnWeights) = CubicTaps(picture.Width, width);
        for (var y = 0; y < picture.Height; y++)
        {
            var source = picture.Row(y);
            var target = wide.Row(y);
            for (var x = 0; x < width; x++)
            {
                var sum = 0f;
                for (var k = 0; k < 4; k++)
                {
                    sum += columnWeights[(x * 4) + k] * source[columns[(x * 4) + k]];
                }

                target[x] = sum;
            }
        }

        var result = new Plane(width, height);
        var (lines, lineWeights) = CubicTaps(picture.Height, height);
        for (var y = 0; y < height; y++)
        {
            var target = result.Row(y);
            for (var k = 0; k < 4; k++)
            {
                var source = wide.Row(lines[(y * 4) + k]);
                var weight = lineWeights[(y * 4) + k];
                for (var x = 0; x < width; x++)
                {
                    target[x] += weight * source[x];
                }
            }

            for (var x = 0; x < width; x++)
            {
                target[x] = Math.Clamp(target[x], 0f, 1f);
            }
        }

        return result;
    }

    /// <summary>For each target pixel four source pixels and their weights, pixel centres aligned.</summary>
    private static (int[] Taps, float[] Weights) CubicTaps(int source, int target)
    {
        var taps = new int[target * 4];
        var weights = new float[target * 4];
        for (var i = 0; i < target; i++)
        {
            var position = ((i + 0.5) * source / target) - 0.5;
            var first = (int)Math.Floor(position);
            var t = (float)(position - first);
            for (var k = 0; k < 4; k++)
            {
                taps[(i * 4) + k] = Math.Clamp(first - 1 + k, 0, source - 1);
            }

            weights[i * 4] = t * (-0.5f + (t * (1f - (0.5f * t))));
            weights[(i * 4) + 1] = 1f + (t * t * (-2.5f + (1.5f * t)));
            weights[(i * 4) + 2] = t * (0.5f + (t * (2f - (1.5f * t))));
            weights[(i * 4) + 3] = t * t * (-0.5f + (0.5f * t));
        }

        return (taps, weights);
    }

    /// <summary>Takes source rows from the top and mixes each into the target rows it overlaps.</summary>
    private sealed class RowMixer(int sourceWidth, int sourceHeight, int width, int height)
    {
        private readonly float[] _mixed = new float[width];
        private int _row;

        public Plane Target { get; } = new(width, height);

        public void Add(ReadOnlySpan<float> source)
        {
            Squeeze(source);
            // Positions in units of 1/target of a source row: source row y spans [y·height, (y+1)·height), target row j [j·sourceHeight, …).
            var from = (long)_row * height;
            var to = from + height;
            for (var j = (int)(from / sourceHeight); j < height && (long)j * sourceHeight < to; j++)
            {
                var overlap = Math.Min(to, (long)(j + 1) * sourceHeight) - Math.Max(from, (long)j * sourceHeight);
                var weight = (float)(overlap / (double)sourceHeight);
                var target = Target.Row(j);
                for (var x = 0; x < target.Length; x++)
                {
                    target[x] += weight * _mixed[x];
                }
            }

            _row++;
        }

        private void Squeeze(ReadOnlySpan<float> source)
        {
            if (source.Length == width)
            {
                source.CopyTo(_mixed);
                return;
            }

            var ratio = sourceWidth / (double)width;
            for (var i = 0; i < width; i++)
            {
                var from = i * ratio;
                var to = Math.Min(sourceWidth, from + ratio);
                var first = (int)from;
                var last = Math.Min(sourceWidth - 1, (int)to);
                if (first == last)
                {
                    _mixed[i] = source[first];
                    continue;
                }

                var sum = source[first] * (first + 1 - from);
                for (var x = first + 1; x < last; x++)
                {
                    sum += source[x];
                }

                sum += source[last] * (to - last);
                _mixed[i] = (float)(sum / (to - from));
            }
        }
    }
}
