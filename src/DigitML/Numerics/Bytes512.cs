using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DigitML.Numerics;

/// <inheritdoc/>
internal readonly unsafe struct Bytes512 : IByteSimd<Vector512<int>>
{
    public static int Width => Vector512<int>.Count;

    public static int TileRows => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(int* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Spread(byte* inputs) => Vector512.Create(*(int*)inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> inputs, sbyte* weights, Vector512<int> sums) =>
        sums + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(inputs.AsByte(), Vector512.Load(weights)), Vector512<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> sums, float* scale, float* bias, bool rectify, float* target)
    {
        var values = (Vector512.ConvertToSingle(sums) * Vector512.Load(scale)) + Vector512.Load(bias);
        Vector512.Store(rectify ? Vector512.MaxNative(Vector512<float>.Zero, values) : values, target);
    }
}
