using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DigitML.Numerics;

/// <summary>
/// The forward arithmetic of a network whose weights and values between layers are bytes (see <see cref="ByteLayer"/>). One implementation
/// serves all vector widths. Sums are whole numbers, so results depend on nothing but their inputs.
/// </summary>
/// <remarks>Shapes are trusted. <c>ByteKernelsTests</c> checks every width against loops over 64-bit numbers, to the bit.</remarks>
internal abstract unsafe class ByteKernels
{
    /// <summary>The fastest kernels this machine runs.</summary>
    public static ByteKernels Best { get; } = Choose();

    /// <summary>Bits of the vectors used.</summary>
    public abstract int VectorBits { get; }

    /// <summary>A dense layer forward: <c>output = (input − zero) · weights · scale + bias</c>.</summary>
    /// <param name="input">[rows, inputs]; rows to the next eight are computed along.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="output">[rows padded, outputs]; overwritten.</param>
    /// <param name="rectify">Whether negative results become 0 (ReLU).</param>
    /// <param name="rows">Rows that hold data.</param>
    public abstract void Product(ByteRows input, ByteLayer layer, in PanelMatrix output, bool rectify, int rows);

    /// <summary>The same as <see cref="Product"/>, to the bit, by what was listed of each row.</summary>
    /// <param name="input">Lists.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="output">[rows padded, outputs]; the rows are overwritten.</param>
    /// <param name="rectify">Whether negative results become 0 (ReLU).</param>
    /// <param name="rows">Rows that hold data.</param>
    public abstract void SparseProduct(ByteRows input, ByteLayer layer, in PanelMatrix output, bool rectify, int rows);

    /// <summary>Makes bytes of a layer's results: <c>value / scale</c> to the nearest whole number, ties to even, plus what stands for 0, within 0 to 255.</summary>
    /// <param name="values">[rows padded, outputs].</param>
    /// <param name="scale">What a step is worth; above 0.</param>
    /// <param name="zero">The byte that stands for 0.</param>
    /// <param name="target">[rows, outputs padded].</param>
    /// <param name="rows">Rows that hold data.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(in PanelMatrix values, float scale, byte zero, ByteRows target, int rows)
    {
        var inverse = Vector256.Create(1f / scale);
        var least = Vector256.Create((float)-zero);
        var most = Vector256.Create((float)(byte.MaxValue - zero));
        var offset = Vector256.Create((int)zero);
        for (var column = 0; column < values.Columns; column += Panels.Width)
        {
            for (var row = 0; row < rows; row++)
            {
                var source = values.At(row, column);
                var first = Vector256.Narrow(Steps(source, inverse, least, most) + offset, Steps(source + 8, inverse, least, most) + offset);
                var last = Vector256.Narrow(Steps(source + 16, inverse, least, most) + offset, Steps(source + 24, inverse, least, most) + offset);
                Vector256.Narrow(first.AsUInt16(), last.AsUInt16()).Store(target.Row(row) + column);
            }
        }
    }

    /// <summary>Whole numbers in the lowest bytes; what stands above them is cut off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Steps(float* source, Vector256<float> inverse, Vector256<float> least, Vector256<float> most)
    {
        // At 1.5 · 2²³ a float's lowest bits are a whole number, rounded as the sum was.
        const float Shift = 12582912f;
        return (Vector256.MinNative(most, Vector256.MaxNative(least, Vector256.Load(source) * inverse)) + Vector256.Create(Shift)).AsInt32();
    }

    private static ByteKernels Choose() =>
        Vector512.IsHardwareAccelerated && Avx512BW.IsSupported ? new VectorByteKernels<Vector512<int>, Bytes512>() :
        Avx2.IsSupported ? new VectorByteKernels<Vector256<int>, Bytes256>() :
        new VectorByteKernels<Vector128<int>, Bytes128>();
}
