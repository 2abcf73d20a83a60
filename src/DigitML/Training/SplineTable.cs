using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DigitML.Training;

/// <summary>Uniform cubic B-splines over nodes at even distances: the field is smooth and its size is that of the nodes' within a factor of 0.6.</summary>
internal sealed class SplineTable
{
    private readonly float[] _places;
    private readonly int[] _first;
    private readonly float[][] _weights;

    /// <summary>Works the weights out.</summary>
    /// <param name="length">Pixels.</param>
    /// <param name="spacing">Pixels between nodes.</param>
    /// <param name="nodes">Nodes, those beyond the ends included.</param>
    public SplineTable(int length, float spacing, int nodes)
    {
        // Whole vectors can be read from any pixel on.
        var padded = length + Vector256<float>.Count;
        _places = new float[padded];
        _first = new int[length];
        _weights = new float[nodes][];
        for (var node = 0; node < nodes; node++)
        {
            _weights[node] = new float[padded];
        }

        for (var i = 0; i < length; i++)
        {
            var position = i / spacing;
            var first = (int)position;
            var t = position - first;
            var rest = 1f - t;
            _places[i] = i;
            _first[i] = first;
            _weights[first][i] = rest * rest * rest / 6f;
            _weights[first + 1][i] = ((3f * t * t * t) - (6f * t * t) + 4f) / 6f;
            _weights[first + 2][i] = ((3f * rest * rest * rest) - (6f * rest * rest) + 4f) / 6f;
            _weights[first + 3][i] = t * t * t / 6f;
        }
    }

    /// <summary>Eight pixels' own numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Places(int first) => Vector256.LoadUnsafe(ref _places[first]);

    /// <summary>The spline at one pixel, for each column of a table of nodes.</summary>
    /// <param name="nodes">[nodes, columns].</param>
    /// <param name="pixel">The pixel.</param>
    /// <param name="target">[columns].</param>
    public void BlendRows(ReadOnlySpan<float> nodes, int pixel, Span<float> target)
    {
        var first = _first[pixel];
        var rows = nodes[(first * target.Length)..];
        var (weight0, weight1, weight2, weight3) = (_weights[first][pixel], _weights[first + 1][pixel], _weights[first + 2][pixel], _weights[first + 3][pixel]);
        for (var column = 0; column < target.Length; column++)
        {
            target[column] = (rows[column] * weight0) + (rows[column + target.Length] * weight1) + (rows[column + (2 * target.Length)] * weight2) + (rows[column + (3 * target.Length)] * weight3);
        }
    }

    /// <summary>The spline at eight pixels. Nodes that a pixel does not feel count 0 and change no sum.</summary>
    /// <param name="nodes">[nodes].</param>
    /// <param name="first">The first pixel.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Blend(float[] nodes, int first)
    {
        var sum = Vector256<float>.Zero;
        for (var node = 0; node < nodes.Length; node++)
        {
            sum += Vector256.LoadUnsafe(ref _weights[node][first]) * nodes[node];
        }

        return sum;
    }
}
