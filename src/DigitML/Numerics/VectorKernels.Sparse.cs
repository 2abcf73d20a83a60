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
    public override void SparseProduct(SparseRows inputs, float* weights, int weightRows, float* bias, float* target, int targetRows, bool rectify, int rowStart, int rowEnd, int panelStart, int panelEnd)
    {
        // As many columns at once as eight sums in registers cover: enough to hide the latency of the additions.
        var group = 8 * TSimd.Width;
        var weightPanel = (nint)weightRows * Panels.Width;
        var targetPanel = (nint)targetRows * Panels.Width;
        for (var column = panelStart * Panels.Width; column < panelEnd * Panels.Width;)
        {
            var columns = Math.Min(group, (panelEnd * Panels.Width) - column);
            for (var row = rowStart; row < rowEnd; row++)
            {
                for (var done = 0; done < columns;)
                {
                    var at = column + done;
                    var w = weights + ((nint)(at / Panels.Width) * weightPanel) + (at % Panels.Width);
                    var t = target + ((nint)(at / Panels.Width) * targetPanel) + ((nint)row * Panels.Width) + (at % Panels.Width);
                    if (TSimd.Width == 16 && columns - done >= 128)
                    {
                        SparseRow4Panels(inputs, row, w, weightPanel, bias + at, t, targetPanel, rectify);
                        done += 128;
                    }
                    else if (TSimd.Width == 16 && columns - done >= 64)
                    {
                        SparseRow2Panels(inputs, row, w, weightPanel, bias + at, t, targetPanel, rectify);
                        done += 64;
                    }
                    else
                    {
                        SparseRowPair(inputs, row, w, bias + at, t, rectify);
                        done += 2 * TSimd.Width;
                    }
                }
            }

            column += columns;
        }
    }

    /// <inheritdoc/>
    public override void SparseUpdateWeights(SparseColumns columns, float* gradient, int batchRows, int batch, TrainableLayer layer, in UpdateStep step, int start, int end)
    {
        var scratch = stackalloc float[PanelsAtOnce * TileLength];
        var inputTiles = layer.PaddedInputs / TileRows;
        var panelLength = (nint)batchRows * Panels.Width;

        // A run of tiles is the rest of a panel, whole panels and the start of one; panels that are whole share the search for ink.
        while (start < end)
        {
            var (panel, firstTile) = Math.DivRem(start, inputTiles);
            var whole = firstTile == 0 ? (end - start) / inputTiles : 0;
            var panels = Math.Clamp(whole, 1, PanelsAtOnce);
            var tiles = whole > 0 ? inputTiles : Math.Min(inputTiles - firstTile, end - start);
            var groupGradient = gradient + (panel * panelLength);
            for (var tile = firstTile; tile < firstTile + tiles; tile++)
            {
                SparseTile(columns, tile * TileRows, groupGradient, panelLength, batch, panels, scratch);
                for (var i = 0; i < panels; i++)
                {
                    UpdateTile(layer, panel + i, tile, groupGradient + (i * panelLength), batch, scratch + (i * TileLength), step);
                }
            }

            start += panels * tiles;
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SparseRowPair(SparseRows inputs, int row, float* weights, float* bias, float* target, bool rectify)
    {
        var a = TSimd.Load(bias);
        var b = TSimd.Load(bias + TSimd.Width);
        for (var segment = 0; segment < inputs.Segments; segment++)
        {
            var list = ((nint)(segment * inputs.Rows) + row) * inputs.SegmentCapacity;
            var index = inputs.Indices + list;
            var values = inputs.Values + list;
            var count = inputs.Counts[(segment * inputs.Rows) + row];
            for (var i = 0; i < count; i++)
            {
                var value = TSimd.Broadcast(values[i]);
                var source = weights + ((nint)index[i] * Panels.Width);
                a = TSimd.MultiplyAdd(value, TSimd.Load(source), a);
                b = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), b);
            }
        }

        StorePair(target, a, b, rectify);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SparseRow2Panels(SparseRows inputs, int row, float* weights, nint weightPanel, float* bias, float* target, nint targetPanel, bool rectify)
    {
        var a0 = TSimd.Load(bias);
        var b0 = TSimd.Load(bias + TSimd.Width);
        var a1 = TSimd.Load(bias + Panels.Width);
        var b1 = TSimd.Load(bias + Panels.Width + TSimd.Width);
        for (var segment = 0; segment < inputs.Segments; segment++)
        {
            var list = ((nint)(segment * inputs.Rows) + row) * inputs.SegmentCapacity;
            var index = inputs.Indices + list;
            var values = inputs.Values + list;
            var count = inputs.Counts[(segment * inputs.Rows) + row];
            for (var i = 0; i < count; i++)
            {
                var value = TSimd.Broadcast(values[i]);
                var source = weights + ((nint)index[i] * Panels.Width);
                a0 = TSimd.MultiplyAdd(value, TSimd.Load(source), a0);
                b0 = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), b0);
                source += weightPanel;
                a1 = TSimd.MultiplyAdd(value, TSimd.Load(source), a1);
                b1 = TSimd.MultiplyAdd(value, TSimd.Load(source + TSimd.Width), b1);
            }
        }

        StorePair(target, a0, b0, rectify);
        StorePair(target + targetPanel, a1, b1, rectify);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SparseRow4Panels(SparseRows inputs, int row, float* weights, nint weightPanel, float* bias, float* target, nint targetPanel, bool rectify)
    {
        var a0 = TSimd.Load(bias);
        var b0 = TSimd.Load(bias + TSimd.Width);
        var a1 = TSimd.Load(bias + Panels.Width);
        var b1 = TSimd.Load(bias + Panels.Width + TSimd.Width);
        var a2 = TSimd.Load(bias + (2 * Panels.Width));
        var b2 = TSimd.Load(bias + (2 * Panels.Width) + TSimd.Width);
        var a3 = TSimd.Load(bias + (3 * Panels.Width));
        var b3 = TSimd.Load(bias + (3 * Panels.Width) + TSimd.Width);
        for (var segment = 0; segment < inputs.Segments; segment++)
        {
            var list = ((nint)(segment * inputs.Rows) + row) * inputs.SegmentCapacity;
            var index = inputs.Indices + list;
            var values = inputs.Values + list;
            var count = inputs.Counts[(segment * inputs.Rows) + row];
            for (var i = 0; i < count; i++)
            {
                var value = TSimd.Broadcast(values[i]);
                var source = weights + ((nint)index[i] * Panels.Width);
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

        StorePair(target, a0, b0, rectify);
        StorePair(target + targetPanel, a1, b1, rectify);
        StorePair(target + (2 * targetPanel), a2, b2, rectify);
        StorePair(target + (3 * targetPanel), a3, b3, rectify);
    }
}
