using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DigitML.Numerics;

/// <inheritdoc/>
internal readonly unsafe struct Bytes256 : IByteSimd<Vector256<int>>
{
    public static int Width => Vector256<int>.Count;

    public static int TileRows => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(int* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Spread(byte* inputs) => Vector256.Create(*(int*)inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> inputs, sbyte* weights, Vector256<int> sums) =>
        AvxVnni.IsSupported
            ? AvxVnni.MultiplyWideningAndAdd(sums, inputs.AsByte(), Vector256.Load(weights))
            : sums + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(inputs.AsByte(), Vector256.Load(weights)), Vector256<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> sums, float* scale, float* bias, bool rectify, float* target)
    {
        var values = (Vector256.ConvertToSingle(sums) * Vector256.Load(scale)) + Vector256.Load(bias);
        Vector256.Store(rectify ? Vector256.MaxNative(Vector256<float>.Zero, values) : values, target);
    }
}
