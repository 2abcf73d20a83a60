using System.Numerics;
using System.Runtime.CompilerServices;
using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>The five row filters of PNG 1.2, section 6: a byte is stored as its difference from what its neighbours foretell.</summary>
internal static class PngFilter
{
    /// <summary>Filters there are: none, sub, up, average, Paeth.</summary>
    public const int Count = 5;

    /// <summary>Takes a filter back in place.</summary>
    /// <param name="filter">0 to 4.</param>
    /// <param name="row">The stored row; overwritten with its bytes.</param>
    /// <param name="above">The row above, as long; zeros above the first.</param>
    /// <param name="distance">Bytes to the same sample of the pixel before.</param>
    /// <exception cref="DigitException">The filter does not exist.</exception>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        above = above[..row.Length];
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (var i = distance; i < row.Length; i++)
                {
                    row[i] += row[i - distance];
                }

                break;
            case 2:
                UndoUp(row, above);
                break;
            case 3:
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] += (byte)(((i < distance ? 0 : row[i - distance]) + above[i]) >> 1);
                }

                break;
            case 4:
                UndoPaeth(row, above, distance);
                break;
            default:
                throw ImageErrors.Damaged("PNG", Invariant($"row has the filter {filter}; expected 0 to {Count - 1}"));
        }
    }

    /// <summary>Applies a filter.</summary>
    /// <param name="filter">0 to 4.</param>
    /// <param name="row">The row's bytes.</param>
    /// <param name="above">The row above, as long; zeros above the first.</param>
    /// <param name="distance">Bytes to the same sample of the pixel before.</param>
    /// <param name="stored">As long; overwritten.</param>
    public static void Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int distance, Span<byte> stored)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var left = i < distance ? 0 : row[i - distance];
            var foretold = filter switch
            {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => (left + above[i]) >> 1,
                _ => Paeth(left, above[i], i < distance ? 0 : above[i - distance]),
            };
            stored[i] = (byte)(row[i] - foretold);
        }
    }

    private static void UndoUp(Span<byte> row, ReadOnlySpan<byte> above)
    {
        var i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            (new Vector<byte>(row[i..]) + new Vector<byte>(above[i..])).CopyTo(row[i..]);
        }

        for (; i < row.Length; i++)
        {
            row[i] += above[i];
        }
    }

    private static void UndoPaeth(Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        for (var i = 0; i < Math.Min(distance, row.Length); i++)
        {
            row[i] += above[i];
        }

        // One channel at a time keeps left and corner in registers; the chain through left is what costs.
        for (var channel = 0; channel < distance && channel + distance < row.Length; channel++)
        {
            int left = row[channel];
            int corner = above[channel];
            for (var i = channel + distance; i < row.Length; i += distance)
            {
                int up = above[i];
                left = (byte)(row[i] + Paeth(left, up, corner));
                row[i] = (byte)left;
                corner = up;
            }
        }
    }

    /// <summary>Of left, up and corner the one nearest to left + up − corner; the earliest of equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Paeth(int left, int up, int corner)
    {
        var toLeft = Math.Abs(up - corner);
        var toUp = Math.Abs(left - corner);
        var toCorner = Math.Abs(left + up - (2 * corner));
        var nearer = toUp <= toCorner ? up : corner;
        return toLeft <= Math.Min(toUp, toCorner) ? left : nearer;
    }
}
