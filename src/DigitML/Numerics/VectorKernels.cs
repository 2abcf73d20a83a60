namespace DigitML.Numerics;

/// <summary>
/// The kernels over one vector type. Computes what <see cref="Kernels"/> promises. Does not check its pointers.
/// Checked by <c>KernelsTests</c> against loops over doubles.
/// </summary>
/// <remarks>
/// The products are cut as Goto and van de Geijn do it (Anatomy of High-Performance Matrix Multiplication, 2008): sums of a
/// tile of rows by two vectors stay in registers, the depth is cut so that what they are multiplied by stays in the first-level
/// cache while many rows meet it, and rows so that they stay in the second. Between two cuts of the depth sums lie in the target, so that
/// every sum is taken in the order of its inputs all the same.
/// </remarks>
internal sealed unsafe partial class VectorKernels<TVector, TSimd> : Kernels
    where TVector : struct
    where TSimd : struct, ISimd<TVector>
{
    private const int TileLength = TileRows * Panels.Width;

    /// <summary>Tiles that lie beside each other in a panel of the left operand, taken together by <see cref="UpdateWeights"/>.</summary>
    private const int TilesOfPanel = Panels.Width / TileRows;

    /// <inheritdoc/>
    public override int VectorBits => TSimd.Width * 32;

    /// <inheritdoc/>
    public override void Product(in PanelMatrix input, PanelLayer layer, in PanelMatrix output, bool rectify, in TileRange tiles)
    {
        for (var tile = tiles.Start; tile < tiles.End;)
        {
            var block = tiles.BlockAt(tile, Blocking.Panels);
            for (var done = 0; done < block.RowTiles; done += Blocking.RowTiles)
            {
                var rows = block.RowsFrom(done, Blocking.RowTiles);
                Block(input, layer.Weights, layer.Inputs, layer.Bias.Pointer, Panels.Width, output, rectify, rows);
            }

            tile += block.Count;
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
        var zeros = stackalloc float[Panels.Width];
        new Span<float>(zeros, Panels.Width).Clear();
        var (target, transposed) = (inputGradient.ByRow, inputGradient.Transposed);
        for (var tile = tiles.Start; tile < tiles.End;)
        {
            // The rows are the weights here, too many for a cache: some of them meet all panels of the batch before the next come.
            var block = tiles.BlockAt(tile, Blocking.Panels);
            for (var done = 0; done < block.RowTiles; done += Blocking.RowTiles)
            {
                var rows = block.RowsFrom(done, Blocking.RowTiles);
                Block(layer.Weights, outputGradient.Transposed, layer.Outputs, zeros, 0, transposed, rectify: false, rows);
                for (var panel = rows.Panel; panel < rows.Panel + rows.PanelCount; panel++)
                {
                    for (var inputTile = rows.RowTile; inputTile < rows.Past; inputTile++)
                    {
                        // Eight neighbouring inputs of each batch row lie together in the row-major panels.
                        var (row, firstInput) = (panel * Panels.Width, inputTile * TileRows);
                        TileTranspose.Gate<TPass>(transposed.Tile(panel, inputTile), gate.At(row, firstInput), target.At(row, firstInput), scale);
                    }
                }
            }

            tile += block.Count;
        }
    }

    /// <inheritdoc/>
    public override void UpdateWeights(in PanelMatrix input, in PanelMatrix gradient, int batch, TrainableLayer layer, in UpdateStep step, in TileRange tiles)
    {
        var zeros = stackalloc float[Panels.Width];
        new Span<float>(zeros, Panels.Width).Clear();
        var sums = stackalloc float[TilesOfPanel * TileLength];
        for (var tile = tiles.Start; tile < tiles.End;)
        {
            // As many inputs as lie beside each other; those of a panel of the input end with it.
            var (panel, inputTile) = Math.DivRem(tile, tiles.RowTiles);
            var count = Math.Min(TilesOfPanel - (inputTile % TilesOfPanel), Math.Min(tiles.RowTiles - inputTile, tiles.End - tile));
            var panelGradient = gradient.Tile(panel, 0);
            for (var from = 0; from < batch; from += Blocking.Depth)
            {
                var steps = Math.Min(Blocking.Depth, batch - from);
                Rows<AlongColumns>(input.At(from, inputTile * TileRows), Panels.Width * Panels.Width, panelGradient + ((nint)from * Panels.Width), steps, from == 0 ? zeros : sums, from == 0 ? 0 : Panels.Width, sums, count * TileRows, rectify: false);
            }

            for (var i = 0; i < count; i++)
            {
                UpdateTile(layer, panel, inputTile + i, panelGradient, batch, sums + (i * TileLength), step);
            }

            tile += count;
        }
    }

    /// <summary>A rectangle of <c>target = start + left · right</c>, depth after depth.</summary>
    /// <param name="left">[rows, depth].</param>
    /// <param name="right">[depth, columns].</param>
    /// <param name="depth">Steps of the sums.</param>
    /// <param name="start">Where the sums of the first panel begin, 32 floats for all rows.</param>
    /// <param name="startPanel">Floats from there to those of the next panel.</param>
    /// <param name="target">[rows, columns].</param>
    /// <param name="rectify">Whether negative results become 0.</param>
    /// <param name="block">Of <paramref name="target"/>.</param>
    private static void Block(in PanelMatrix left, in PanelMatrix right, int depth, float* start, nint startPanel, in PanelMatrix target, bool rectify, in TileBlock block)
    {
        for (var from = 0; from < depth; from += Blocking.Depth)
        {
            var steps = Math.Min(Blocking.Depth, depth - from);
            var isLast = from + steps == depth;
            var first = left.At(block.RowTile * TileRows, from);
            for (var panel = block.Panel; panel < block.Panel + block.PanelCount; panel++)
            {
                var sums = target.Tile(panel, block.RowTile);
                var begin = from == 0 ? start + (panel * startPanel) : sums;
                Rows<AlongRows>(first, left.PanelLength, right.At(from, panel * Panels.Width), steps, begin, from == 0 ? 0 : Panels.Width, sums, block.RowTiles * TileRows, rectify && isLast);
            }
        }
    }
}
