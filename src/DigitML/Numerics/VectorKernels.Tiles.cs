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
/// The products' register tiles: 8, 6 or 4 rows by two vectors, the left operand broadcast, the right one loaded. With 32
/// registers eight rows fit; with 16 six, whose twelve sums hide the latency of multiply-add as eight would not.
/// </summary>
internal sealed unsafe partial class VectorKernels<TVector, TSimd>
{
    /// <summary>Some rows by one panel: <c>target = start + left · right</c>.</summary>
    /// <param name="left">The first of the rows, at the first step.</param>
    /// <param name="leftPanel">Floats from 32 steps to the next 32.</param>
    /// <param name="right">[depth, 32].</param>
    /// <param name="depth">Steps of the sum.</param>
    /// <param name="start">[rows, 32] where sums begin; may be <paramref name="target"/>.</param>
    /// <param name="startRow">Floats between its rows; 0 for one that all rows begin with.</param>
    /// <param name="target">[rows, 32].</param>
    /// <param name="rows">A multiple of 8.</param>
    /// <param name="rectify">Whether negative results become 0.</param>
    private static void Rows<TAccess>(float* left, nint leftPanel, float* right, int depth, float* start, nint startRow, float* target, int rows, bool rectify)
        where TAccess : struct, ITileAccess
    {
        while (rows > 0)
        {
            // Eights are made of sixes and fours: 8 of two fours, 16 of two sixes and a four, 24 of four sixes.
            var count = TSimd.TileRows == 8 ? 8 : TSimd.TileRows == 6 && rows != 8 && rows != 4 ? 6 : 4;
            for (var column = 0; column < Panels.Width; column += 2 * TSimd.Width)
            {
                switch (count)
                {
                    case 8:
                        Tile8<TAccess>(left, leftPanel, right + column, depth, start + column, startRow, target + column, rectify);
                        break;
                    case 6:
                        Tile6<TAccess>(left, leftPanel, right + column, depth, start + column, startRow, target + column, rectify);
                        break;
                    default:
                        Tile4<TAccess>(left, leftPanel, right + column, depth, start + column, startRow, target + column, rectify);
                        break;
                }
            }

            left += count * TAccess.Row;
            start += count * startRow;
            target += count * Panels.Width;
            rows -= count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8<TAccess>(float* left, nint leftPanel, float* right, int depth, float* start, nint startRow, float* target, bool rectify)
        where TAccess : struct, ITileAccess
    {
        var a0 = TSimd.Load(start);
        var b0 = TSimd.Load(start + TSimd.Width);
        var a1 = TSimd.Load(start + startRow);
        var b1 = TSimd.Load(start + startRow + TSimd.Width);
        var a2 = TSimd.Load(start + (2 * startRow));
        var b2 = TSimd.Load(start + (2 * startRow) + TSimd.Width);
        var a3 = TSimd.Load(start + (3 * startRow));
        var b3 = TSimd.Load(start + (3 * startRow) + TSimd.Width);
        var a4 = TSimd.Load(start + (4 * startRow));
        var b4 = TSimd.Load(start + (4 * startRow) + TSimd.Width);
        var a5 = TSimd.Load(start + (5 * startRow));
        var b5 = TSimd.Load(start + (5 * startRow) + TSimd.Width);
        var a6 = TSimd.Load(start + (6 * startRow));
        var b6 = TSimd.Load(start + (6 * startRow) + TSimd.Width);
        var a7 = TSimd.Load(start + (7 * startRow));
        var b7 = TSimd.Load(start + (7 * startRow) + TSimd.Width);
        while (depth > 0)
        {
            var at = left;
            for (var steps = Math.Min(depth, Panels.Width); steps > 0; steps--)
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
    private static void Tile6<TAccess>(float* left, nint leftPanel, float* right, int depth, float* start, nint startRow, float* target, bool rectify)
        where TAccess : struct, ITileAccess
    {
        var a0 = TSimd.Load(start);
        var b0 = TSimd.Load(start + TSimd.Width);
        var a1 = TSimd.Load(start + startRow);
        var b1 = TSimd.Load(start + startRow + TSimd.Width);
        var a2 = TSimd.Load(start + (2 * startRow));
        var b2 = TSimd.Load(start + (2 * startRow) + TSimd.Width);
        var a3 = TSimd.Load(start + (3 * startRow));
        var b3 = TSimd.Load(start + (3 * startRow) + TSimd.Width);
        var a4 = TSimd.Load(start + (4 * startRow));
        var b4 = TSimd.Load(start + (4 * startRow) + TSimd.Width);
        var a5 = TSimd.Load(start + (5 * startRow));
        var b5 = TSimd.Load(start + (5 * startRow) + TSimd.Width);
        while (depth > 0)
        {
            var at = left;
            for (var steps = Math.Min(depth, Panels.Width); steps > 0; steps--)
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
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4<TAccess>(float* left, nint leftPanel, float* right, int depth, float* start, nint startRow, float* target, bool rectify)
        where TAccess : struct, ITileAccess
    {
        var a0 = TSimd.Load(start);
        var b0 = TSimd.Load(start + TSimd.Width);
        var a1 = TSimd.Load(start + startRow);
        var b1 = TSimd.Load(start + startRow + TSimd.Width);
        var a2 = TSimd.Load(start + (2 * startRow));
        var b2 = TSimd.Load(start + (2 * startRow) + TSimd.Width);
        var a3 = TSimd.Load(start + (3 * startRow));
        var b3 = TSimd.Load(start + (3 * startRow) + TSimd.Width);
        while (depth > 0)
        {
            var at = left;
            for (var steps = Math.Min(depth, Panels.Width); steps > 0; steps--)
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
