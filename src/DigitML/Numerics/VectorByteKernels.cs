using System.Runtime.CompilerServices;

namespace DigitML.Numerics;

/// <summary>
/// The kernels on bytes over one vector type. Computes what <see cref="ByteKernels"/> promises. Does not check its pointers.
/// Checked by <c>ByteKernelsTests</c>.
/// </summary>
/// <remarks>
/// A tile's weights for two vectors of outputs stay in the first-level cache while all rows meet them: 64 bytes a group for 256 bits, 128 for
/// 512, a quarter of what floats take. So the depth is not cut.
/// </remarks>
internal sealed unsafe class VectorByteKernels<TVector, TSimd> : ByteKernels
    where TVector : struct
    where TSimd : struct, IByteSimd<TVector>
{
    /// <inheritdoc/>
    public override int VectorBits => TSimd.Width * 32;

    /// <summary>Bytes of a vector's weights.</summary>
    private static int Step => TSimd.Width * ByteLayer.GroupInputs;

    /// <inheritdoc/>
    public override void Product(ByteRows input, ByteLayer layer, in PanelMatrix output, bool rectify, int rows)
    {
        for (var column = 0; column < layer.Outputs; column += 2 * TSimd.Width)
        {
            var place = output.At(0, column);
            var source = input.Row(0);
            for (var left = (rows + Kernels.TileRows - 1) / Kernels.TileRows * Kernels.TileRows; left > 0;)
            {
                // Eights are made of sixes and fours, as in the products of floats.
                var count = TSimd.TileRows == 8 ? 8 : left is 8 or 4 ? 4 : 6;
                switch (count)
                {
                    case 8:
                        Tile8(source, input.Stride, layer, column, place, rectify);
                        break;
                    case 6:
                        Tile6(source, input.Stride, layer, column, place, rectify);
                        break;
                    default:
                        Tile4(source, input.Stride, layer, column, place, rectify);
                        break;
                }

                source += (nint)count * input.Stride;
                place += count * Panels.Width;
                left -= count;
            }
        }
    }

    /// <inheritdoc/>
    public override void SparseProduct(ByteRows input, ByteLayer layer, in PanelMatrix output, bool rectify, int rows)
    {
        // As many outputs at once as eight sums in registers cover.
        var group = 8 * TSimd.Width;
        var columns = Panels.Padded(layer.Outputs);
        for (var column = 0; column < columns;)
        {
            var wide = group >= Panels.Width && column + group <= columns;
            for (var row = 0; row < rows; row++)
            {
                if (wide)
                {
                    Row8(input.ListOf(row), layer, column, output.At(row, column), output.PanelLength, rectify);
                }
                else
                {
                    Row2(input.ListOf(row), layer, column, output.At(row, column), rectify);
                }
            }

            column += wide ? group : 2 * TSimd.Width;
        }
    }

    /// <summary>Where the weights of two vectors of outputs begin.</summary>
    private static sbyte* WeightsOf(ByteLayer layer, int column) =>
        layer.Weights + ((nint)(column / Panels.Width) * layer.PanelBytes) + (column % Panels.Width * ByteLayer.GroupInputs);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8(byte* rows, nint stride, ByteLayer layer, int column, float* target, bool rectify)
    {
        var weights = WeightsOf(layer, column);
        var (first, second) = (TSimd.Load(layer.Start + column), TSimd.Load(layer.Start + column + TSimd.Width));
        TVector a0 = first, a1 = first, a2 = first, a3 = first, a4 = first, a5 = first, a6 = first, a7 = first;
        TVector b0 = second, b1 = second, b2 = second, b3 = second, b4 = second, b5 = second, b6 = second, b7 = second;
        var upper = rows;
        var lower = rows + (4 * stride);
        var three = 3 * stride;
        for (var group = layer.Groups; group > 0; group--)
        {
            var inputs = TSimd.Spread(upper);
            a0 = TSimd.Add(inputs, weights, a0);
            b0 = TSimd.Add(inputs, weights + Step, b0);
            inputs = TSimd.Spread(upper + stride);
            a1 = TSimd.Add(inputs, weights, a1);
            b1 = TSimd.Add(inputs, weights + Step, b1);
            inputs = TSimd.Spread(upper + (2 * stride));
            a2 = TSimd.Add(inputs, weights, a2);
            b2 = TSimd.Add(inputs, weights + Step, b2);
            inputs = TSimd.Spread(upper + three);
            a3 = TSimd.Add(inputs, weights, a3);
            b3 = TSimd.Add(inputs, weights + Step, b3);
            inputs = TSimd.Spread(lower);
            a4 = TSimd.Add(inputs, weights, a4);
            b4 = TSimd.Add(inputs, weights + Step, b4);
            inputs = TSimd.Spread(lower + stride);
            a5 = TSimd.Add(inputs, weights, a5);
            b5 = TSimd.Add(inputs, weights + Step, b5);
            inputs = TSimd.Spread(lower + (2 * stride));
            a6 = TSimd.Add(inputs, weights, a6);
            b6 = TSimd.Add(inputs, weights + Step, b6);
            inputs = TSimd.Spread(lower + three);
            a7 = TSimd.Add(inputs, weights, a7);
            b7 = TSimd.Add(inputs, weights + Step, b7);
            upper += ByteLayer.GroupInputs;
            lower += ByteLayer.GroupInputs;
            weights += ByteLayer.GroupBytes;
        }

        StorePair(a0, b0, layer, column, rectify, target);
        StorePair(a1, b1, layer, column, rectify, target + Panels.Width);
        StorePair(a2, b2, layer, column, rectify, target + (2 * Panels.Width));
        StorePair(a3, b3, layer, column, rectify, target + (3 * Panels.Width));
        StorePair(a4, b4, layer, column, rectify, target + (4 * Panels.Width));
        StorePair(a5, b5, layer, column, rectify, target + (5 * Panels.Width));
        StorePair(a6, b6, layer, column, rectify, target + (6 * Panels.Width));
        StorePair(a7, b7, layer, column, rectify, target + (7 * Panels.Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6(byte* rows, nint stride, ByteLayer layer, int column, float* target, bool rectify)
    {
        var weights = WeightsOf(layer, column);
        var (first, second) = (TSimd.Load(layer.Start + column), TSimd.Load(layer.Start + column + TSimd.Width));
        TVector a0 = first, a1 = first, a2 = first, a3 = first, a4 = first, a5 = first;
        TVector b0 = second, b1 = second, b2 = second, b3 = second, b4 = second, b5 = second;
        var upper = rows;
        var lower = rows + (3 * stride);
        for (var group = layer.Groups; group > 0; group--)
        {
            var inputs = TSimd.Spread(upper);
            a0 = TSimd.Add(inputs, weights, a0);
            b0 = TSimd.Add(inputs, weights + Step, b0);
            inputs = TSimd.Spread(upper + stride);
            a1 = TSimd.Add(inputs, weights, a1);
            b1 = TSimd.Add(inputs, weights + Step, b1);
            inputs = TSimd.Spread(upper + (2 * stride));
            a2 = TSimd.Add(inputs, weights, a2);
            b2 = TSimd.Add(inputs, weights + Step, b2);
            inputs = TSimd.Spread(lower);
            a3 = TSimd.Add(inputs, weights, a3);
            b3 = TSimd.Add(inputs, weights + Step, b3);
            inputs = TSimd.Spread(lower + stride);
            a4 = TSimd.Add(inputs, weights, a4);
            b4 = TSimd.Add(inputs, weights + Step, b4);
            inputs = TSimd.Spread(lower + (2 * stride));
            a5 = TSimd.Add(inputs, weights, a5);
            b5 = TSimd.Add(inputs, weights + Step, b5);
            upper += ByteLayer.GroupInputs;
            lower += ByteLayer.GroupInputs;
            weights += ByteLayer.GroupBytes;
        }

        StorePair(a0, b0, layer, column, rectify, target);
        StorePair(a1, b1, layer, column, rectify, target + Panels.Width);
        StorePair(a2, b2, layer, column, rectify, target + (2 * Panels.Width));
        StorePair(a3, b3, layer, column, rectify, target + (3 * Panels.Width));
        StorePair(a4, b4, layer, column, rectify, target + (4 * Panels.Width));
        StorePair(a5, b5, layer, column, rectify, target + (5 * Panels.Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(byte* rows, nint stride, ByteLayer layer, int column, float* target, bool rectify)
    {
        var weights = WeightsOf(layer, column);
        var (first, second) = (TSimd.Load(layer.Start + column), TSimd.Load(layer.Start + column + TSimd.Width));
        TVector a0 = first, a1 = first, a2 = first, a3 = first;
        TVector b0 = second, b1 = second, b2 = second, b3 = second;
        var upper = rows;
        var lower = rows + (2 * stride);
        for (var group = layer.Groups; group > 0; group--)
        {
            var inputs = TSimd.Spread(upper);
            a0 = TSimd.Add(inputs, weights, a0);
            b0 = TSimd.Add(inputs, weights + Step, b0);
            inputs = TSimd.Spread(upper + stride);
            a1 = TSimd.Add(inputs, weights, a1);
            b1 = TSimd.Add(inputs, weights + Step, b1);
            inputs = TSimd.Spread(lower);
            a2 = TSimd.Add(inputs, weights, a2);
            b2 = TSimd.Add(inputs, weights + Step, b2);
            inputs = TSimd.Spread(lower + stride);
            a3 = TSimd.Add(inputs, weights, a3);
            b3 = TSimd.Add(inputs, weights + Step, b3);
            upper += ByteLayer.GroupInputs;
            lower += ByteLayer.GroupInputs;
            weights += ByteLayer.GroupBytes;
        }

        StorePair(a0, b0, layer, column, rectify, target);
        StorePair(a1, b1, layer, column, rectify, target + Panels.Width);
        StorePair(a2, b2, layer, column, rectify, target + (2 * Panels.Width));
        StorePair(a3, b3, layer, column, rectify, target + (3 * Panels.Width));
    }

    /// <summary>One row by eight vectors of outputs: one panel of 128 bits, two of 256 or four of 512.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row8(ByteList list, ByteLayer layer, int column, float* target, nint panelLength, bool rectify)
    {
        // Two vectors beside each other lie in one panel; each pair after them further on in it, or in the next.
        var (pairBytes, pairFloats) = (2 * Step, (nint)2 * TSimd.Width);
        nint at1 = PairAt(1), at2 = PairAt(2), at3 = PairAt(3);
        var start = layer.Start + column;
        var a0 = TSimd.Load(start);
        var b0 = TSimd.Load(start + TSimd.Width);
        var a1 = TSimd.Load(start + pairFloats);
        var b1 = TSimd.Load(start + pairFloats + TSimd.Width);
        var a2 = TSimd.Load(start + (2 * pairFloats));
        var b2 = TSimd.Load(start + (2 * pairFloats) + TSimd.Width);
        var a3 = TSimd.Load(start + (3 * pairFloats));
        var b3 = TSimd.Load(start + (3 * pairFloats) + TSimd.Width);
        var weights = WeightsOf(layer, column);
        for (var i = 0; i < list.Count; i++)
        {
            var inputs = TSimd.Spread((byte*)(list.Groups + i));
            var source = weights + list.Places[i];
            a0 = TSimd.Add(inputs, source, a0);
            b0 = TSimd.Add(inputs, source + Step, b0);
            a1 = TSimd.Add(inputs, source + at1, a1);
            b1 = TSimd.Add(inputs, source + at1 + Step, b1);
            a2 = TSimd.Add(inputs, source + at2, a2);
            b2 = TSimd.Add(inputs, source + at2 + Step, b2);
            a3 = TSimd.Add(inputs, source + at3, a3);
            b3 = TSimd.Add(inputs, source + at3 + Step, b3);
        }

        StorePair(a0, b0, layer, column, rectify, target);
        StorePair(a1, b1, layer, column + (2 * TSimd.Width), rectify, target + TargetAt(1));
        StorePair(a2, b2, layer, column + (4 * TSimd.Width), rectify, target + TargetAt(2));
        StorePair(a3, b3, layer, column + (6 * TSimd.Width), rectify, target + TargetAt(3));

        nint PairAt(int pair) => ((nint)(pair * pairBytes / ByteLayer.GroupBytes) * layer.PanelBytes) + (pair * pairBytes % ByteLayer.GroupBytes);

        nint TargetAt(int pair) => ((pair * pairFloats / Panels.Width) * panelLength) + (pair * pairFloats % Panels.Width);
    }

    /// <summary>One row by two vectors of outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row2(ByteList list, ByteLayer layer, int column, float* target, bool rectify)
    {
        var weights = WeightsOf(layer, column);
        var first = TSimd.Load(layer.Start + column);
        var second = TSimd.Load(layer.Start + column + TSimd.Width);
        for (var i = 0; i < list.Count; i++)
        {
            var inputs = TSimd.Spread((byte*)(list.Groups + i));
            var source = weights + list.Places[i];
            first = TSimd.Add(inputs, source, first);
            second = TSimd.Add(inputs, source + Step, second);
        }

        StorePair(first, second, layer, column, rectify, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(TVector first, TVector second, ByteLayer layer, int column, bool rectify, float* target)
    {
        TSimd.Store(first, layer.Scale + column, layer.Bias + column, rectify, target);
        TSimd.Store(second, layer.Scale + column + TSimd.Width, layer.Bias + column + TSimd.Width, rectify, target + TSimd.Width);
    }
}
