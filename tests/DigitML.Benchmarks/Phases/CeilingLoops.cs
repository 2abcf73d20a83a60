using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DigitML.Numerics;

namespace DigitML.Benchmarks.Phases;

/// <summary>Loops that do one thing as fast as the machine can, on registers or over a block of memory.</summary>
internal abstract unsafe class CeilingLoops
{
    /// <summary>Loops over the vectors that the kernels use.</summary>
    public static CeilingLoops Best { get; } =
        Vector512.IsHardwareAccelerated ? new Loops<Vector512<float>, Simd512>() :
        Vector256.IsHardwareAccelerated ? new Loops<Vector256<float>, Simd256>() :
        new Loops<Vector128<float>, Simd128>();

    /// <summary>Multiply-adds on registers alone.</summary>
    /// <param name="rounds">Rounds of <see cref="OperationsPerRound"/> operations.</param>
    /// <param name="result">Takes what came out, so that nothing is left out.</param>
    public abstract void MultiplyAdd(long rounds, float* result);

    /// <summary>Adam's square root and division on registers alone.</summary>
    /// <param name="rounds">Rounds of <see cref="QuotientsPerRound"/> roots, each with a division.</param>
    /// <param name="result">Takes what came out.</param>
    public abstract void RootAndDivide(long rounds, float* result);

    /// <summary>Reads a block from end to end.</summary>
    /// <param name="source">The block.</param>
    /// <param name="count">Its floats, a multiple of 128.</param>
    /// <param name="result">Takes what came out.</param>
    public abstract void Read(float* source, long count, float* result);

    /// <summary>Floating-point operations of a round of <see cref="MultiplyAdd"/>, two for each multiply-add.</summary>
    public abstract int OperationsPerRound { get; }

    /// <summary>Results of a round of <see cref="RootAndDivide"/>.</summary>
    public abstract int QuotientsPerRound { get; }

    private sealed class Loops<TVector, TSimd> : CeilingLoops
        where TVector : struct
        where TSimd : struct, ISimd<TVector>
    {
        // Ten sums in flight hide the latency of two units of four or five cycles, and fit sixteen registers.
        public override int OperationsPerRound => 10 * 2 * TSimd.Width;

        public override int QuotientsPerRound => 8 * TSimd.Width;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void MultiplyAdd(long rounds, float* result)
        {
            var factor = TSimd.Broadcast(0.5f);
            var addend = TSimd.Broadcast(1f);
            TVector a = addend, b = addend, c = addend, d = addend, e = addend, f = addend, g = addend, h = addend, i = addend, j = addend;
            for (; rounds > 0; rounds--)
            {
                a = TSimd.MultiplyAdd(a, factor, addend);
                b = TSimd.MultiplyAdd(b, factor, addend);
                c = TSimd.MultiplyAdd(c, factor, addend);
                d = TSimd.MultiplyAdd(d, factor, addend);
                e = TSimd.MultiplyAdd(e, factor, addend);
                f = TSimd.MultiplyAdd(f, factor, addend);
                g = TSimd.MultiplyAdd(g, factor, addend);
                h = TSimd.MultiplyAdd(h, factor, addend);
                i = TSimd.MultiplyAdd(i, factor, addend);
                j = TSimd.MultiplyAdd(j, factor, addend);
            }

            var sum = TSimd.Add(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Add(TSimd.Add(e, f), TSimd.Add(g, h)));
            TSimd.Store(TSimd.Add(sum, TSimd.Add(i, j)), result);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void RootAndDivide(long rounds, float* result)
        {
            var one = TSimd.Broadcast(1f);
            TVector a = one, b = one, c = one, d = one, e = one, f = one, g = one, h = one;
            for (; rounds > 0; rounds--)
            {
                a = TSimd.Divide(one, TSimd.SquareRoot(a));
                b = TSimd.Divide(one, TSimd.SquareRoot(b));
                c = TSimd.Divide(one, TSimd.SquareRoot(c));
                d = TSimd.Divide(one, TSimd.SquareRoot(d));
                e = TSimd.Divide(one, TSimd.SquareRoot(e));
                f = TSimd.Divide(one, TSimd.SquareRoot(f));
                g = TSimd.Divide(one, TSimd.SquareRoot(g));
                h = TSimd.Divide(one, TSimd.SquareRoot(h));
            }

            TSimd.Store(TSimd.Add(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Add(TSimd.Add(e, f), TSimd.Add(g, h))), result);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Read(float* source, long count, float* result)
        {
            TVector a = TSimd.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
            for (var end = source + count; source < end; source += 8 * TSimd.Width)
            {
                a = TSimd.Add(a, TSimd.Load(source));
                b = TSimd.Add(b, TSimd.Load(source + TSimd.Width));
                c = TSimd.Add(c, TSimd.Load(source + (2 * TSimd.Width)));
                d = TSimd.Add(d, TSimd.Load(source + (3 * TSimd.Width)));
                e = TSimd.Add(e, TSimd.Load(source + (4 * TSimd.Width)));
                f = TSimd.Add(f, TSimd.Load(source + (5 * TSimd.Width)));
                g = TSimd.Add(g, TSimd.Load(source + (6 * TSimd.Width)));
                h = TSimd.Add(h, TSimd.Load(source + (7 * TSimd.Width)));
            }

            TSimd.Store(TSimd.Add(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Add(TSimd.Add(e, f), TSimd.Add(g, h))), result);
        }
    }
}
