namespace DigitML.Numerics;

/// <summary>
/// Silences units of a hidden layer (Srivastava et al. 2014, inverted: what stays is scaled up). Which ones follows from a
/// key and the unit's place alone, so every sharing of the work among threads silences the same.
/// </summary>
internal static unsafe class DropoutMask
{
    private const int ChoicesPerHash = 4;

    /// <summary>Silences units of a run of tiles: 8 rows by one panel, rows within panels.</summary>
    /// <param name="activation">[rows, units] in panels; changed in place.</param>
    /// <param name="rows">Rows of <paramref name="activation"/>.</param>
    /// <param name="rowTiles">Tiles of rows that hold data.</param>
    /// <param name="rate">Share silenced, to 1/65,536.</param>
    /// <param name="key">Of the step and the layer.</param>
    /// <param name="start">First tile.</param>
    /// <param name="end">One past the last tile.</param>
    public static void Apply(float* activation, int rows, int rowTiles, float rate, ulong key, int start, int end)
    {
        var threshold = (uint)MathF.Round(rate * 65_536f);
        var scale = 1f / (1f - rate);
        for (var tile = start; tile < end; tile++)
        {
            var (panel, rowTile) = Math.DivRem(tile, rowTiles);
            var first = ((nint)panel * rows) + (rowTile * Kernels.TileRows);
            for (var row = first; row < first + Kernels.TileRows; row++)
            {
                var units = activation + (row * Panels.Width);
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
