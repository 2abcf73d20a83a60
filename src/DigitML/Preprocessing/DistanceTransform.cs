namespace DigitML.Preprocessing;

/// <summary>Exact Euclidean distances to the nearest marked pixel (Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions", 2012).</summary>
internal static class DistanceTransform
{
    private const float Far = 1e12f;

    /// <summary>The distance of every pixel's centre to the nearest marked pixel's centre.</summary>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="marked">[height, width].</param>
    /// <returns>[height, width] in pixels; about 10⁶ everywhere when nothing is marked.</returns>
    public static float[] To(int width, int height, ReadOnlySpan<bool> marked)
    {
        var squares = new float[width * height];
        for (var i = 0; i < squares.Length; i++)
        {
            squares[i] = marked[i] ? 0f : Far;
        }

        var side = Math.Max(width, height);
        var line = new float[side];
        var vertices = new int[side];
        var bounds = new float[side + 1];
        for (var x = 0; x < width; x++)
        {
            for (var y = 0; y < height; y++)
            {
                line[y] = squares[(y * width) + x];
            }

            Envelope(line.AsSpan(0, height), vertices, bounds, squares, x, width);
        }

        for (var y = 0; y < height; y++)
        {
            squares.AsSpan(y * width, width).CopyTo(line);
            Envelope(line.AsSpan(0, width), vertices, bounds, squares, y * width, 1);
        }

        for (var i = 0; i < squares.Length; i++)
        {
            squares[i] = MathF.Sqrt(squares[i]);
        }

        return squares;
    }

    /// <summary>The lower envelope of parabolas rooted at each place of a line, written to every <paramref name="stride"/>-th target.</summary>
    private static void Envelope(ReadOnlySpan<float> line, int[] vertices, float[] bounds, float[] target, int start, int stride)
    {
        var k = 0;
        vertices[0] = 0;
        bounds[0] = float.NegativeInfinity;
        bounds[1] = float.PositiveInfinity;
        for (var q = 1; q < line.Length; q++)
        {
            var s = Crossing(line, q, vertices[k]);
            while (s <= bounds[k])
            {
                k--;
                s = Crossing(line, q, vertices[k]);
            }

            k++;
            vertices[k] = q;
            bounds[k] = s;
            bounds[k + 1] = float.PositiveInfinity;
        }

        k = 0;
        for (var q = 0; q < line.Length; q++)
        {
            while (bounds[k + 1] < q)
            {
                k++;
            }

            var apart = q - vertices[k];
            target[start + (q * stride)] = (apart * apart) + line[vertices[k]];
        }
    }

    private static float Crossing(ReadOnlySpan<float> line, int q, int v) =>
        (float)((line[q] + ((double)q * q) - (line[v] + ((double)v * v))) / (2.0 * (q - v)));
}
