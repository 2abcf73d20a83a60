namespace DigitML.Pixels;

/// <summary>Exact Euclidean distances to the nearest marked pixel (Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions", 2012).</summary>
internal static class DistanceTransform
{
    private const float Far = 1e12f;

    /// <summary>Beyond the side of any picture, and below it whole numbers are exact.</summary>
    private const float Distant = 1e6f;

    /// <summary>The distance of every pixel's centre to the nearest marked pixel's centre.</summary>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="marked">[height, width].</param>
    /// <param name="isMark">Which of the two is marked.</param>
    /// <returns>[height, width] in pixels; about 10⁶ everywhere when nothing is marked.</returns>
    public static float[] To(int width, int height, ReadOnlySpan<bool> marked, bool isMark = true)
    {
        var squares = ColumnSquares(width, height, marked, isMark);
        var line = new float[width];
        var vertices = new int[width];
        var bounds = new float[width + 1];

        for (var y = 0; y < height; y++)
        {
            squares.AsSpan(y * width, width).CopyTo(line);
            Envelope(line, vertices, bounds, squares.AsSpan(y * width, width));
        }

        for (var i = 0; i < squares.Length; i++)
        {
            squares[i] = MathF.Sqrt(squares[i]);
        }

        return squares;
    }

    /// <summary>Squares of the distance to the nearest marked pixel of the same column: along a line of marks one scan down and one up find it.</summary>
    private static float[] ColumnSquares(int width, int height, ReadOnlySpan<bool> marked, bool isMark)
    {
        var distances = new float[width * height];
        for (var i = 0; i < distances.Length; i++)
        {
            distances[i] = marked[i] == isMark ? 0f : i < width ? Distant : distances[i - width] + 1;
        }

        for (var i = distances.Length - width - 1; i >= 0; i--)
        {
            distances[i] = Math.Min(distances[i], distances[i + width] + 1);
        }

        for (var i = 0; i < distances.Length; i++)
        {
            distances[i] = distances[i] >= Distant ? Far : distances[i] * distances[i];
        }

        return distances;
    }

    /// <summary>The lower envelope of parabolas rooted at each place of a line.</summary>
    private static void Envelope(ReadOnlySpan<float> line, int[] vertices, float[] bounds, Span<float> target)
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
            target[q] = (apart * apart) + line[vertices[k]];
        }
    }

    private static float Crossing(ReadOnlySpan<float> line, int q, int v) =>
        (float)((line[q] + ((double)q * q) - (line[v] + ((double)v * v))) / (2.0 * (q - v)));
}
