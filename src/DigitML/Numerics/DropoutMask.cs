using DigitML.Pixels;

namespace DigitML.Numerics;

/// <summary>
/// Silences units of a hidden layer (Srivastava et al. 2014, inverted: what stays is scaled up). Which ones follows from a
/// key and the unit's place alone, so every sharing of the work among threads silences the same.
/// </summary>
internal static unsafe class DropoutMask
{
    private const int ChoicesPerHash = 4;

    /// <summary>Copies bytes, and 0 in place of those that are silenced.</summary>
    /// <param name="source">What is copied.</param>
    /// <param name="target">As long; overwritten.</param>
    /// <param name="rate">Share silenced, to 1/65,536.</param>
    /// <param name="key">Of the step.</param>
    /// <param name="place">The first byte's place in the batch.</param>
    public static void Copy(ReadOnlySpan<byte> source, Span<byte> target, float rate, ulong key, long place)
    {
        target.Clear();
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] != 0 && Keeps(rate, key, place + i))
            {
                target[i] = source[i];
            }
        }
    }

    /// <summary>Whether one place is kept.</summary>
    public static bool Keeps(float rate, ulong key, long place) =>
        (uint)SeededRandom.Mix(key + ((ulong)place * 0x9E3779B97F4A7C15UL)) % 65_536 >= (uint)MathF.Round(rate * 65_536f);

    /// <summary>Silences units.</summary>
    /// <param name="activation">[batch rows, units]; changed in place.</param>
    /// <param name="rate">Share silenced, to 1/65,536.</param>
    /// <param name="key">Of the step and the layer.</param>
    /// <param name="tiles">Of <paramref name="activation"/>.</param>
    public static void Apply(in PanelMatrix activation, float rate, ulong key, in TileRange tiles)
    {
        var (rows, rowTiles, end) = (activation.Rows, tiles.RowTiles, tiles.End);
        var first = activation.Pointer;
        var threshold = (uint)MathF.Round(rate * 65_536f);
        var scale = 1f / (1f - rate);
        for (var tile = tiles.Start; tile < end; tile++)
        {
            var (panel, rowTile) = Math.DivRem(tile, rowTiles);
            var firstRow = ((nint)panel * rows) + (rowTile * Kernels.TileRows);
            for (var row = firstRow; row < firstRow + Kernels.TileRows; row++)
            {
                var units = first + (row * Panels.Width);
                for (var unit = 0; unit < Panels.Width; unit += ChoicesPerHash)
                {
                    var hash = SeededRandom.Mix(key + (((ulong)row * Panels.Width) + (ulong)unit) * 0x9E3779B97F4A7C15UL);
                    for (var choice = 0; choice < ChoicesPerHash; choice++)
                    {
                        var kept = (uint)(hash >> (16 * choice)) % 65_536 >= threshold;
                        units[unit + choice] = kept ? units[unit + choice] * scale : 0f;
                    }
                }
            }
        }
    }
}
