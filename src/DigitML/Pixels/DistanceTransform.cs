using System.Numerics.Tensors;

namespace DigitML.Pixels;

/// <summary>Exact Euclidean distances to the nearest marked pixel (Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions", 2012).</summary>
internal static class DistanceTransform
{
    /// <summary>Up to this distance looking at each column within it is sooner done than the envelope.</summary>
    private const float Near = 24;

    /// <summary>Beyond the side of any picture, and below it whole numbers are exact.</summary>
    private const float Distant = 1e6f;

    /// <summary>The distance of every pixel's centre to the nearest marked pixel's centre.</summary>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="marked">[height, width].</param>
    /// <param name="isMark">Which of the two is marked.</param>
    /// <param name="most">Greater distances need not be right, only greater than this: short ones alone are found sooner.</param>
    /// <returns>[height, width] in pixels; about 10⁶ everywhere when nothing is marked.</returns>
    public static float[] To(int width, int height, ReadOnlySpan<bool> marked, bool isMark = true, float most = float.PositiveInfinity)
    {
        var squares = ColumnSquares(width, height, marked, isMark);
        if (most <= Near)
        {
            NearestWithin(squares, width, (int)Math.Ceiling(Math.Max(0, most)));
        }
        else
        {
            Nearest(squares, width);
        }

        TensorPrimitives.Sqrt(squares, squares);
        return squares;
    }

    /// <summary>Of each row, from squares within columns to squares in the plane, but for marks in columns farther off than a radius.</summary>
    private static void NearestWithin(float[] squares, int width, int radius)
    {
        var line = new float[width];
        var farther = new float[width];
        for (var start = 0; start < squares.Length; start += width)
        {
            var row = squares.AsSpan(start, width);
            row.CopyTo(line);
            for (var apart = 1; apart <= Math.Min(radius, width - 1); apart++)
            {
                var count = width - apart;
                TensorPrimitives.Add(line, apart * apart, farther);
                TensorPrimitives.Min(row[..count], farther.AsSpan(apart), row[..count]);
                TensorPrimitives.Min(row[apart..], farther.AsSpan(0, count), row[apart..]);
            }
        }
    }

    /// <summary>Of each row, from squares within columns to squares in the plane.</summary>
    private static void Nearest(float[] squares, int width)
    {
        var line = new float[width];
        var vertices = new int[width];
        var bounds = new float[width + 1];

        for (var start = 0; start < squares.Length; start += width)
        {
            var row = squares.AsSpan(start, width);
            row.CopyTo(line);
            Envelope(line, vertices, bounds, row);
        }
    }

    /// <summary>Squares of the distance to the nearest marked pixel of the same column: along a line of marks one scan down and one up find it.</summary>
    private static float[] ColumnSquares(int width, int height, ReadOnlySpan<bool> marked, bool isMark)
    {
        var distances = new float[width * height];
        for (var i = 0; i < distances.Length; i++)
        {
            distances[i] = marked[i] == isMark ? 0f : Distant;
        }

        var farther = new float[width];
        for (var y = 1; y < height; y++)
        {
            TakeNearer(y, y - 1);
        }

        for (var y = height - 2; y >= 0; y--)
        {
            TakeNearer(y, y + 1);
        }

        TensorPrimitives.Multiply(distances, distances, distances);
        return distances;

        void TakeNearer(int y, int neighbour)
        {
            var row = distances.AsSpan(y * width, width);
            TensorPrimitives.Add(distances.AsSpan(neighbour * width, width), 1f, farther);
            TensorPrimitives.Min(row, farther, row);
        }
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
