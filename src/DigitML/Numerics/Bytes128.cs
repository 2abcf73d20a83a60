using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DigitML.Numerics;

/// <inheritdoc/>
internal readonly unsafe struct Bytes128 : IByteSimd<Vector128<int>>
{
    public static int Width => Vector128<int>.Count;

    public static int TileRows => AdvSimd.IsSupported ? 8 : 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(int* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Spread(byte* inputs) => Vector128.Create(*(int*)inputs);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> inputs, sbyte* weights, Vector128<int> sums) =>
        Ssse3.IsSupported
            ? sums + Sse2.MultiplyAddAdjacent(Ssse3.MultiplyAddAdjacent(inputs.AsByte(), Vector128.Load(weights)), Vector128<short>.One)
            : sums + Plain(inputs.AsByte(), Vector128.Load(weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> sums, float* scale, float* bias, bool rectify, float* target)
    {
        var values = (Vector128.ConvertToSingle(sums) * Vector128.Load(scale)) + Vector128.Load(bias);
        Vector128.Store(rectify ? Vector128.MaxNative(Vector128<float>.Zero, values) : values, target);
    }

    /// <summary>The sums of four neighbouring products by what every machine has: of 16 bits, then of 32.</summary>
    internal static Vector128<int> Plain(Vector128<byte> inputs, Vector128<sbyte> weights)
    {
        var (firstInputs, lastInputs) = Vector128.Widen(inputs);
        var (firstWeights, lastWeights) = Vector128.Widen(weights);
        var (first, last) = (Pairs(firstInputs.AsInt16() * firstWeights), Pairs(lastInputs.AsInt16() * lastWeights));
        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.AddPairwise(first, last);
        }

        var (even, odd) = (Vector128.Create(0, 2, 0, 2), Vector128.Create(1, 3, 1, 3));
        var (low, high) = (Vector128.Shuffle(first, even) + Vector128.Shuffle(first, odd), Vector128.Shuffle(last, even) + Vector128.Shuffle(last, odd));
        return Vector128.Create(low.GetLower(), high.GetLower());
    }

    /// <summary>Neighbouring 16 bits, added as 32.</summary>
    private static Vector128<int> Pairs(Vector128<short> products) =>
        AdvSimd.IsSupported ? AdvSimd.AddPairwiseWidening(products) : ((products.AsInt32() << 16) >> 16) + (products.AsInt32() >> 16);
}
