using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DigitML.Numerics;

/// <summary>How a gradient comes back through an activation.</summary>
internal unsafe interface IGradientPass
{
    /// <param name="gradient">By what the units gave.</param>
    /// <param name="gate">What decides, one float a unit.</param>
    /// <param name="factor">Factor for what passes.</param>
    static abstract Vector128<float> Pass(Vector128<float> gradient, float* gate, Vector128<float> factor);
}

/// <summary>ReLU: where the unit's value is above 0.</summary>
internal readonly unsafe struct PassWherePositive : IGradientPass
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Pass(Vector128<float> gradient, float* gate, Vector128<float> factor) =>
        Vector128.GreaterThan(Vector128.Load(gate), Vector128<float>.Zero) & (gradient * factor);
}

/// <summary>Any other: times the derivative that was stored when the units were worked out.</summary>
internal readonly unsafe struct PassBySlope : IGradientPass
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Pass(Vector128<float> gradient, float* gate, Vector128<float> factor) => gradient * Vector128.Load(gate);
}

/// <summary>Turns tiles of gradients between the two ways round in which the products want them, four by four.</summary>
internal static unsafe class TileTranspose
{
    /// <summary>
    /// Lets a gradient tile pass as the layer's activation does: in place, and transposed into <paramref name="target"/>.
    /// </summary>
    /// <param name="tile">[8 inputs, 32 batch rows]; changed in place.</param>
    /// <param name="gate">[32 batch rows, 8 inputs], rows 32 floats apart: what decides.</param>
    /// <param name="target">[32 batch rows, 8 inputs], rows 32 floats apart; overwritten.</param>
    /// <param name="scale">Factor for what passes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gate<TPass>(float* tile, float* gate, float* target, float scale)
        where TPass : struct, IGradientPass
    {
        var factor = Vector128.Create(scale);
        for (var row = 0; row < Panels.Width; row += 4)
        {
            for (var input = 0; input < Kernels.TileRows; input += 4)
            {
                var from = tile + (input * Panels.Width) + row;
                var at = (row * Panels.Width) + input;
                var (g0, g1, g2, g3) = Transpose(Vector128.Load(from), Vector128.Load(from + Panels.Width), Vector128.Load(from + (2 * Panels.Width)), Vector128.Load(from + (3 * Panels.Width)));
                g0 = TPass.Pass(g0, gate + at, factor);
                g1 = TPass.Pass(g1, gate + at + Panels.Width, factor);
                g2 = TPass.Pass(g2, gate + at + (2 * Panels.Width), factor);
                g3 = TPass.Pass(g3, gate + at + (3 * Panels.Width), factor);
                Store(target + at, g0, g1, g2, g3);
                (g0, g1, g2, g3) = Transpose(g0, g1, g2, g3);
                Store(from, g0, g1, g2, g3);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, Vector128<float> row0, Vector128<float> row1, Vector128<float> row2, Vector128<float> row3)
    {
        row0.Store(target);
        row1.Store(target + Panels.Width);
        row2.Store(target + (2 * Panels.Width));
        row3.Store(target + (3 * Panels.Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Row0, Vector128<float> Row1, Vector128<float> Row2, Vector128<float> Row3) Transpose(
        Vector128<float> row0, Vector128<float> row1, Vector128<float> row2, Vector128<float> row3)
    {
        var (low01, high01) = Interleave(row0, row1);
        var (low23, high23) = Interleave(row2, row3);
        var (first, second) = Interleave(low01.AsDouble(), low23.AsDouble());
        var (third, fourth) = Interleave(high01.AsDouble(), high23.AsDouble());
        return (first.AsSingle(), second.AsSingle(), third.AsSingle(), fourth.AsSingle());
    }

    /// <summary>a0 b0 a1 b1 and a2 b2 a3 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Low, Vector128<float> High) Interleave(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported)
        {
            return (Sse.UnpackLow(a, b), Sse.UnpackHigh(a, b));
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b));
        }

        return (Vector128.Create(a[0], b[0], a[1], b[1]), Vector128.Create(a[2], b[2], a[3], b[3]));
    }

    /// <summary>a0 b0 and a1 b1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<double> Low, Vector128<double> High) Interleave(Vector128<double> a, Vector128<double> b)
    {
        if (Sse2.IsSupported)
        {
            return (Sse2.UnpackLow(a, b), Sse2.UnpackHigh(a, b));
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b));
        }

        return (Vector128.Create(a[0], b[0]), Vector128.Create(a[1], b[1]));
    }
}
