namespace DigitML.Numerics;

/// <summary>How the products are cut for the caches of one core. Results do not depend on it.</summary>
internal static class Blocking
{
    /// <summary>Steps of a sum between two stays in memory: a panel's so many rows take half of the first-level cache; a multiple of 32.</summary>
    public static int Depth { get; } = Math.Clamp(CacheSizes.Here.Level1 / 2 / (Numerics.Panels.Width * sizeof(float)) / Numerics.Panels.Width * Numerics.Panels.Width, 64, 512);

    /// <summary>Tiles of rows that a quarter of the second-level cache holds, so deep.</summary>
    public static int RowTiles { get; } = Math.Max(4, CacheSizes.Here.Level2 / 4 / (Depth * sizeof(float) * Kernels.TileRows));

    /// <summary>Panels that so many rows meet before the next depth: sums of a quarter of the second-level cache.</summary>
    public static int Panels { get; } = Math.Clamp(CacheSizes.Here.Level2 / 4 / (RowTiles * Kernels.TileRows * Numerics.Panels.Width * sizeof(float)), 1, 16);
}
