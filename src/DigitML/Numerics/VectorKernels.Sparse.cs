using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DigitML.Numerics;

/// <summary>The first layer on pictures that are mostly ground: four fifths of MNIST's pixels are 0.</summary>
internal sealed unsafe partial class VectorKernels<TVector, TSimd>
{
    /// <summary>Panels of weights whose gradients are found together.</summary>
    private const int PanelsAtOnce = 4;

    /// <inheritdoc/>
    public override void SparseProduct(SparseRows input, PanelLayer layer, in PanelMatrix output, bool rectify, in TileRange tiles)
    {
        // As many columns at once as eight sums in registers cover: enough to hide the latency of the additions.
        var group = 8 * TSimd.Width;
        for (var tile = tiles.Start; tile < tiles.End;)
        {
            var block = tiles.BlockAt(tile, int.MaxValue);
            var firstRow = block.RowTile * TileRows;
            var rowEnd = Math.Min(firstRow + (block.RowTiles * TileRows), input.Rows);
            var columnEnd = (block.Panel + block.PanelCount) * Panels.Width;
            for (var column = block.Panel * Panels.Width; column < columnEnd; column += group)
            {
                var groupEnd = Math.Min(column + group, columnEnd);
                for (var row = firstRow; row < rowEnd; row++)
                {
                    SparseRow(input, row, layer, column, groupEnd, output, rectify);
                }
            }

            tile += block.Count;
        }
    }

    /// <inheritdoc/>
    public override void SparseUpdateWeights(SparseColumns input, in PanelMatrix gradient, int batch, TrainableLayer layer, in UpdateStep step, in TileRange tiles)
    {
        var scratch = stackalloc float[PanelsAtOnce * TileLength];
        var panelLength = gradient.PanelLength;
        for (var start = tiles.Start; start < tiles.End;)
        {
            // Panels that are whole share the search for ink.
            var block = tiles.BlockAt(start, PanelsAtOnce);
            var groupGradient = gradient.Pointer + (block.Panel * panelLength);
            for (var tile = block.RowTile; tile < block.RowTile + block.RowTiles; tile++)
            {
                SparseTile(input, tile * TileRows, groupGradient, panelLength, batch, block.PanelCount, scratch);
                for (var i = 0; i < block.PanelCount; i++)
                {
                    UpdateTile(layer, block.Panel + i, tile, groupGradient + (i * panelLength), batch, scratch + (i * TileLength), step);
                }
            }

            start += block.Count;
        }
    }

    /// <summary>The gradient of 8 pixels' weights to up to four panels of outputs: [panels, 8, 32].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SparseTile(SparseColumns columns, int firstPixel, float* gradient, nint panelLength, int batch, int panels, float* target)
    {
        for (var pixel = 0; pixel < TileRows; pixel++)
        {
            var bytes = columns.Bytes + ((nint)(firstPixel + pixel) * columns.Stride);
            var row = target + (pixel * Panels.Width);
            var panel = 0;
            if (TSimd.Width == 16 && panels == PanelsAtOnce)
            {
                SparseColumnOfFour(bytes, columns.ValueOf, gradient, panelLength, batch, row);
                panel = panels;
            }

            for (; panel + 2 <= panels; panel += 2)
            {
                for (var column = 0; column < Panels.Width; column += 2 * TSimd.Width)
                {
                    SparseColumnOfTwo(bytes, columns.ValueOf, gradient + (panel * panelLength) + column, panelLength, batch, row + (panel * TileLength) + column);
                }
            }

            for (; panel < panels; panel++)
            {
                for (var column = 0; column < Panels.Width; column += 2 * TSimd.Width)
                {
                    SparseColumn(bytes, columns.ValueOf, gradient + (panel * panelLength) + column, batch, row + (panel * TileLength) + column);
                }
            }
        }
    }

    /// <summary>One pixel's gradient for two vectors of outputs: the batch's gradients, weighted by the pixel where it is ink.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SparseColumn(byte* pixels, float* valueOf, float* gradient, int batch, float* target)
    {
        var first = TSimd.Zero;
        var second = TSimd.Zero;
        for (var from = 0; from < batch; from += Panels.Width)
        {
            var ink = Ink(pixels + from);
            while (ink != 0)
            {
                var row = from + BitOperations.TrailingZeroCount(ink);
                ink &= ink - 1;
                var value = TSimd.Broadcast(valueOf[pixels[row]]);
                var source = gradient + ((nint)row * Panels.Width);
                first = TSimd.MultiplyAdd(value, TSimd.Load(source), first);
                second = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), second);
            }
        }

        TSimd.Store(first, target);
        TSimd.Store(second, target + TSimd.Width);
    }

    /// <summary>The same for two neighbouring panels: the sums of four vectors hide each other's latency.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SparseColumnOfTwo(byte* pixels, float* valueOf, float* gradient, nint panelLength, int batch, float* target)
    {
        var first = TSimd.Zero;
        var second = TSimd.Zero;
        var third = TSimd.Zero;
        var fourth = TSimd.Zero;
        for (var from = 0; from < batch; from += Panels.Width)
        {
            var ink = Ink(pixels + from);
            while (ink != 0)
            {
                var row = from + BitOperations.TrailingZeroCount(ink);
                ink &= ink - 1;
                var value = TSimd.Broadcast(valueOf[pixels[row]]);
                var source = gradient + ((nint)row * Panels.Width);
                first = TSimd.MultiplyAdd(value, TSimd.Load(source), first);
                second = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), second);
                source += panelLength;
                third = TSimd.MultiplyAdd(value, TSimd.Load(source), third);
                fourth = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), fourth);
            }
        }

        TSimd.Store(first, target);
        TSimd.Store(second, target + TSimd.Width);
        TSimd.Store(third, target + TileLength);
        TSimd.Store(fourth, target + TileLength + TSimd.Width);
    }

    /// <summary>The same for four whole panels, two vectors each: one search for ink for all of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SparseColumnOfFour(byte* pixels, float* valueOf, float* gradient, nint panelLength, int batch, float* target)
    {
        var a0 = TSimd.Zero;
        var b0 = TSimd.Zero;
        var a1 = TSimd.Zero;
        var b1 = TSimd.Zero;
        var a2 = TSimd.Zero;
        var b2 = TSimd.Zero;
        var a3 = TSimd.Zero;
        var b3 = TSimd.Zero;
        for (var from = 0; from < batch; from += Panels.Width)
        {
            var ink = Ink(pixels + from);
            while (ink != 0)
            {
                var row = from + BitOperations.TrailingZeroCount(ink);
                ink &= ink - 1;
                var value = TSimd.Broadcast(valueOf[pixels[row]]);
                var source = gradient + ((nint)row * Panels.Width);
                a0 = TSimd.MultiplyAdd(value, TSimd.Load(source), a0);
                b0 = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), b0);
                source += panelLength;
                a1 = TSimd.MultiplyAdd(value, TSimd.Load(source), a1);
                b1 = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), b1);
                source += panelLength;
                a2 = TSimd.MultiplyAdd(value, TSimd.Load(source), a2);
                b2 = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), b2);
                source += panelLength;
                a3 = TSimd.MultiplyAdd(value, TSimd.Load(source), a3);
                b3 = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), b3);
            }
        }

        TSimd.Store(a0, target);
        TSimd.Store(b0, target + TSimd.Width);
        TSimd.Store(a1, target + TileLength);
        TSimd.Store(b1, target + TileLength + TSimd.Width);
        TSimd.Store(a2, target + (2 * TileLength));
        TSimd.Store(b2, target + (2 * TileLength) + TSimd.Width);
        TSimd.Store(a3, target + (3 * TileLength));
        TSimd.Store(b3, target + (3 * TileLength) + TSimd.Width);
    }

    /// <summary>Which of 32 bytes are not 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Ink(byte* pixels) => ~Vector256.Equals(Vector256.Load(pixels), Vector256<byte>.Zero).ExtractMostSignificantBits();

    /// <summary>One row of a group of columns, as many panels at once as its rest holds.</summary>
    private static void SparseRow(SparseRows input, int row, PanelLayer layer, int column, int columnEnd, in PanelMatrix output, bool rectify)
    {
        while (column < columnEnd)
        {
            if (TSimd.Width == 16 && columnEnd - column >= 4 * Panels.Width)
            {
                SparseRow4Panels(input, row, layer, column, output, rectify);
                column += 4 * Panels.Width;
            }
            else if (TSimd.Width == 16 && columnEnd - column >= 2 * Panels.Width)
            {
                SparseRow2Panels(input, row, layer, column, output, rectify);
                column += 2 * Panels.Width;
            }
            else
            {
                SparseRowPair(input, row, layer, column, output, rectify);
                column += 2 * TSimd.Width;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SparseRowPair(SparseRows input, int row, PanelLayer layer, int column, in PanelMatrix output, bool rectify)
    {
        var weights = layer.Weights.At(0, column);
        var bias = layer.Bias.Pointer + column;
        var a = TSimd.Load(bias);
        var b = TSimd.Load(bias + TSimd.Width);
        for (var segment = 0; segment < input.Segments; segment++)
        {
            var list = input.List(segment, row);
            for (var i = 0; i < list.Count; i++)
            {
                var value = TSimd.Broadcast(list.Values[i]);
                var source = weights + ((nint)list.Indices[i] * Panels.Width);
                a = TSimd.MultiplyAdd(value, TSimd.Load(source), a);
                b = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), b);
            }
        }

        var target = output.At(row, column);
        StorePair(target, a, b, rectify);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SparseRow2Panels(SparseRows input, int row, PanelLayer layer, int column, in PanelMatrix output, bool rectify)
    {
        var weights = layer.Weights.At(0, column);
        var weightPanel = layer.Weights.PanelLength;
        var bias = layer.Bias.Pointer + column;
        var a0 = TSimd.Load(bias);
        var b0 = TSimd.Load(bias + TSimd.Width);
        var a1 = TSimd.Load(bias + Panels.Width);
        var b1 = TSimd.Load(bias + Panels.Width + TSimd.Width);
        for (var segment = 0; segment < input.Segments; segment++)
        {
            var list = input.List(segment, row);
            for (var i = 0; i < list.Count; i++)
            {
                var value = TSimd.Broadcast(list.Values[i]);
                var source = weights + ((nint)list.Indices[i] * Panels.Width);
                a0 = TSimd.MultiplyAdd(value, TSimd.Load(source), a0);
                b0 = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), b0);
                source += weightPanel;
                a1 = TSimd.MultiplyAdd(value, TSimd.Load(source), a1);
                b1 = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), b1);
            }
        }

        var target = output.At(row, column);
        StorePair(target, a0, b0, rectify);
        StorePair(target + output.PanelLength, a1, b1, rectify);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SparseRow4Panels(SparseRows input, int row, PanelLayer layer, int column, in PanelMatrix output, bool rectify)
    {
        var weights = layer.Weights.At(0, column);
        var weightPanel = layer.Weights.PanelLength;
        var bias = layer.Bias.Pointer + column;
        var a0 = TSimd.Load(bias);
        var b0 = TSimd.Load(bias + TSimd.Width);
        var a1 = TSimd.Load(bias + Panels.Width);
        var b1 = TSimd.Load(bias + Panels.Width + TSimd.Width);
        var a2 = TSimd.Load(bias + (2 * Panels.Width));
        var b2 = TSimd.Load(bias + (2 * Panels.Width) + TSimd.Width);
        var a3 = TSimd.Load(bias + (3 * Panels.Width));
        var b3 = TSimd.Load(bias + (3 * Panels.Width) + TSimd.Width);
        for (var segment = 0; segment < input.Segments; segment++)
        {
            var list = input.List(segment, row);
            for (var i = 0; i < list.Count; i++)
            {
                var value = TSimd.Broadcast(list.Values[i]);
                var source = weights + ((nint)list.Indices[i] * Panels.Width);
                a0 = TSimd.MultiplyAdd(value, TSimd.Load(source), a0);
                b0 = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), b0);
                source += weightPanel;
                a1 = TSimd.MultiplyAdd(value, TSimd.Load(source), a1);
                b1 = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), b1);
                source += weightPanel;
                a2 = TSimd.MultiplyAdd(value, TSimd.Load(source), a2);
                b2 = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), b2);
                source += weightPanel;
                a3 = TSimd.MultiplyAdd(value, TSimd.Load(source), a3);
                b3 = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), b3);
            }
        }

        var target = output.At(row, column);
        StorePair(target, a0, b0, rectify);
        StorePair(target + output.PanelLength, a1, b1, rectify);
        StorePair(target + (2 * output.PanelLength), a2, b2, rectify);
        StorePair(target + (3 * output.PanelLength), a3, b3, rectify);
    }
}
