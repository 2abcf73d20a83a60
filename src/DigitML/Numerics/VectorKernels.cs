using System.Runtime.CompilerServices;

namespace DigitML.Numerics;

/// <summary>How a tile's left operand lies in memory; constants, so that they become part of the addresses.</summary>
internal interface ITileAccess
{
    /// <summary>Floats between two rows of the tile.</summary>
    static abstract int Row { get; }

    /// <summary>Floats between two steps of the sum, within 32 steps.</summary>
    static abstract int Step { get; }
}

/// <summary>Rows of a matrix in panels: a step of the sum is the next column.</summary>
internal readonly struct AlongRows : ITileAccess
{
    public static int Row => Panels.Width;

    public static int Step => 1;
}

/// <summary>Columns of a matrix in panels: a step of the sum is the next row.</summary>
internal readonly struct AlongColumns : ITileAccess
{
    public static int Row => 1;

    public static int Step => Panels.Width;
}

/// <summary>
/// The kernels over one vector type. Computes what <see cref="Kernels"/> promises; register tiles of 8×2 or 4×2 vectors,
/// the left operand broadcast, the right one loaded. Does not check its pointers.
/// Checked by <c>KernelsTests</c> against loops over doubles.
/// </summary>
internal sealed unsafe partial class VectorKernels<TVector, TSimd> : Kernels
    where TVector : struct
    where TSimd : struct, ISimd<TVector>
{
    private const int TileLength = TileRows * Panels.Width;

    /// <summary>Half of a second-level cache of today's processors.</summary>
    private const int GradientBytesAtOnce = 512 * 1024;

    /// <inheritdoc/>
    public override int VectorBits => TSimd.Width * 32;

    /// <inheritdoc/>
    public override void Product(in PanelMatrix input, PanelLayer layer, in PanelMatrix output, bool rectify, in TileRange tiles)
    {
        var (weights, bias, depth) = (layer.Weights, layer.Bias, layer.Inputs);
        for (var tile = tiles.Start; tile < tiles.End; tile++)
        {
            var (panel, rowTile) = Math.DivRem(tile, tiles.RowTiles);
            Tile<AlongRows>(input.Tile(0, rowTile), input.PanelLength, weights.Tile(panel, 0), depth, bias.Tile(panel, 0), output.Tile(panel, rowTile), rectify);
        }
    }

    /// <inheritdoc/>
    public override void InputGradient(PanelLayer layer, in LayerGradient outputGradient, in PanelMatrix input, float scale, in LayerGradient inputGradient, in TileRange tiles) =>
        InputGradient<PassWherePositive>(layer, outputGradient, input, scale, inputGradient, tiles);

    /// <inheritdoc/>
    public override void InputGradientBySlopes(PanelLayer layer, in LayerGradient outputGradient, in PanelMatrix slopes, in LayerGradient inputGradient, in TileRange tiles) =>
        InputGradient<PassBySlope>(layer, outputGradient, slopes, 1f, inputGradient, tiles);

    private static void InputGradient<TPass>(PanelLayer layer, in LayerGradient outputGradient, in PanelMatrix gate, float scale, in LayerGradient inputGradient, in TileRange tiles)
        where TPass : struct, IGradientPass
    {
        var (weights, gradient, depth) = (layer.Weights, outputGradient.Transposed, layer.Outputs);
        var (target, transposed) = (inputGradient.ByRow, inputGradient.Transposed);
        var atOnce = Math.Max(1, GradientBytesAtOnce / (gradient.Rows * Panels.Width * sizeof(float)));
        for (var tile = tiles.Start; tile < tiles.End; tile++)
        {
            // A tile of weights meets several panels of the batch while it is in cache, and those panels stay there.
            var (group, rest) = Math.DivRem(tile, atOnce * tiles.RowTiles);
            var (inputTile, panelOfGroup) = Math.DivRem(rest, Math.Min(atOnce, tiles.PanelCount - (group * atOnce)));
            var batchPanel = (group * atOnce) + panelOfGroup;
            var transposedTile = transposed.Tile(batchPanel, inputTile);
            Tile<AlongRows>(weights.Tile(0, inputTile), weights.PanelLength, gradient.Tile(batchPanel, 0), depth, null, transposedTile, rectify: false);

            // Eight neighbouring inputs of each batch row lie together in the row-major panels.
            var (row, firstInput) = (batchPanel * Panels.Width, inputTile * TileRows);
            TileTranspose.Gate<TPass>(transposedTile, gate.At(row, firstInput), target.At(row, firstInput), scale);
        }
    }

    /// <inheritdoc/>
    public override void UpdateWeights(in PanelMatrix input, in PanelMatrix gradient, int batch, TrainableLayer layer, in UpdateStep step, in TileRange tiles)
    {
        var scratch = stackalloc float[TileLength];
        for (var tile = tiles.Start; tile < tiles.End; tile++)
        {
            var (panel, inputTile) = Math.DivRem(tile, tiles.RowTiles);
            var panelGradient = gradient.Tile(panel, 0);
            Tile<AlongColumns>(input.At(0, inputTile * TileRows), Panels.Width * Panels.Width, panelGradient, batch, null, scratch, rectify: false);
            UpdateTile(layer, panel, inputTile, panelGradient, batch, scratch, step);
        }
    }

    /// <summary>8 rows by one panel: <c>target = left · right + bias</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TAccess>(float* left, nint leftPanel, float* right, int depth, float* bias, float* target, bool rectify)
        where TAccess : struct, ITileAccess
    {
        if (TSimd.TileRows == TileRows)
        {
            Tile8<TAccess>(left, leftPanel, right, depth, bias, target, rectify);
            return;
        }

        for (var column = 0; column < Panels.Width; column += 2 * TSimd.Width)
        {
            for (var row = 0; row < TileRows; row += 4)
            {
                Tile4<TAccess>(left + (row * TAccess.Row), leftPanel, right + column, depth, bias == null ? null : bias + column, target + (row * Panels.Width) + column, rectify);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8<TAccess>(float* left, nint leftPanel, float* right, int depth, float* bias, float* target, bool rectify)
        where TAccess : struct, ITileAccess
    {
        var (first, second) = bias == null ? (TSimd.Zero, TSimd.Zero) : (TSimd.Load(bias), TSimd.Load(bias + TSimd.Width));
        TVector a0 = first, a1 = first, a2 = first, a3 = first, a4 = first, a5 = first, a6 = first, a7 = first;
        TVector b0 = second, b1 = second, b2 = second, b3 = second, b4 = second, b5 = second, b6 = second, b7 = second;
        while (depth > 0)
        {
            var at = left;
            for (var left32 = Math.Min(depth, Panels.Width); left32 > 0; left32--)
            {
                var r0 = TSimd.Load(right);
                var r1 = TSimd.Load(right + TSimd.Width);
                var value = TSimd.Broadcast(at[0]);
                a0 = TSimd.MultiplyAdd(value, r0, a0);
                b0 = TSimd.MultiplyAdd(value, r1, b0);
                value = TSimd.Broadcast(at[TAccess.Row]);
                a1 = TSimd.MultiplyAdd(value, r0, a1);
                b1 = TSimd.MultiplyAdd(value, r1, b1);
                value = TSimd.Broadcast(at[2 * TAccess.Row]);
                a2 = TSimd.MultiplyAdd(value, r0, a2);
                b2 = TSimd.MultiplyAdd(value, r1, b2);
                value = TSimd.Broadcast(at[3 * TAccess.Row]);
                a3 = TSimd.MultiplyAdd(value, r0, a3);
                b3 = TSimd.MultiplyAdd(value, r1, b3);
                value = TSimd.Broadcast(at[4 * TAccess.Row]);
                a4 = TSimd.MultiplyAdd(value, r0, a4);
                b4 = TSimd.MultiplyAdd(value, r1, b4);
                value = TSimd.Broadcast(at[5 * TAccess.Row]);
                a5 = TSimd.MultiplyAdd(value, r0, a5);
                b5 = TSimd.MultiplyAdd(value, r1, b5);
                value = TSimd.Broadcast(at[6 * TAccess.Row]);
                a6 = TSimd.MultiplyAdd(value, r0, a6);
                b6 = TSimd.MultiplyAdd(value, r1, b6);
                value = TSimd.Broadcast(at[7 * TAccess.Row]);
                a7 = TSimd.MultiplyAdd(value, r0, a7);
                b7 = TSimd.MultiplyAdd(value, r1, b7);
                right += Panels.Width;
                at += TAccess.Step;
            }

            depth -= Panels.Width;
            left += leftPanel;
        }

        StorePair(target, a0, b0, rectify);
        StorePair(target + Panels.Width, a1, b1, rectify);
        StorePair(target + (2 * Panels.Width), a2, b2, rectify);
        StorePair(target + (3 * Panels.Width), a3, b3, rectify);
        StorePair(target + (4 * Panels.Width), a4, b4, rectify);
        StorePair(target + (5 * Panels.Width), a5, b5, rectify);
        StorePair(target + (6 * Panels.Width), a6, b6, rectify);
        StorePair(target + (7 * Panels.Width), a7, b7, rectify);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4<TAccess>(float* left, nint leftPanel, float* right, int depth, float* bias, float* target, bool rectify)
        where TAccess : struct, ITileAccess
    {
        var (first, second) = bias == null ? (TSimd.Zero, TSimd.Zero) : (TSimd.Load(bias), TSimd.Load(bias + TSimd.Width));
        TVector a0 = first, a1 = first, a2 = first, a3 = first;
        TVector b0 = second, b1 = second, b2 = second, b3 = second;
        while (depth > 0)
        {
            var at = left;
            for (var left32 = Math.Min(depth, Panels.Width); left32 > 0; left32--)
            {
                var r0 = TSimd.Load(right);
                var r1 = TSimd.Load(right + TSimd.Width);
                var value = TSimd.Broadcast(at[0]);
                a0 = TSimd.MultiplyAdd(value, r0, a0);
                b0 = TSimd.MultiplyAdd(value, r1, b0);
                value = TSimd.Broadcast(at[TAccess.Row]);
                a1 = TSimd.MultiplyAdd(value, r0, a1);
                b1 = TSimd.MultiplyAdd(value, r1, b1);
                value = TSimd.Broadcast(at[2 * TAccess.Row]);
                a2 = TSimd.MultiplyAdd(value, r0, a2);
                b2 = TSimd.MultiplyAdd(value, r1, b2);
                value = TSimd.Broadcast(at[3 * TAccess.Row]);
                a3 = TSimd.MultiplyAdd(value, r0, a3);
                b3 = TSimd.MultiplyAdd(value, r1, b3);
                right += Panels.Width;
                at += TAccess.Step;
            }

            depth -= Panels.Width;
            left += leftPanel;
        }

        StorePair(target, a0, b0, rectify);
        StorePair(target + Panels.Width, a1, b1, rectify);
        StorePair(target + (2 * Panels.Width), a2, b2, rectify);
        StorePair(target + (3 * Panels.Width), a3, b3, rectify);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(float* target, TVector first, TVector second, bool rectify)
    {
        TSimd.Store(rectify ? TSimd.Max(TSimd.Zero, first) : first, target);
        TSimd.Store(rectify ? TSimd.Max(TSimd.Zero, second) : second, target + TSimd.Width);
    }
}
