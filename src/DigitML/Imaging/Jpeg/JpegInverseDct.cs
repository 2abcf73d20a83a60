using System.Runtime.CompilerServices;

namespace DigitML.Imaging;

/// <summary>
/// From 8×8 coefficients to samples: [8, 8], or the means of 2×2, 4×4 or 8×8 of them as [4, 4], [2, 2] or [1, 1].
/// In 13-bit fixed point, first down the columns with two bits kept, then along the rows, as libjpeg's "islow" does;
/// the tests hold it against the definition (T.81, A.3.3) in double precision.
/// </summary>
/// <remarks>
/// The 8-point transform is that of Loeffler, Ligtenberg and Moschytz ("Practical fast 1-D DCT algorithms with 11
/// multiplications", 1989, figure 1), the variant with 12 multiplications and rotations at most two deep.
/// Damaged files may overflow the sums; they wrap, and the result is clamped all the same.
/// </remarks>
internal static class JpegInverseDct
{
    private const int Side = JpegComponent.BlockSide;
    private const int Scale = 13;
    private const int KeptBits = 2;

    // cos(kπ/16) and what the rotations make of them, × √2, in 13-bit fixed point.
    private const int C6 = 4_433; // √2 cos 6π/16
    private const int C2MinusC6 = 6_270;
    private const int C2PlusC6 = 15_137;
    private const int C3 = 9_633;
    private const int C7 = 2_446; // −c1 + c3 + c5 − c7
    private const int C1 = 12_299; // c1 + c3 − c5 − c7
    private const int C5 = 16_819; // c1 + c3 − c5 + c7
    private const int C13 = 25_172; // c1 + c3 + c5 − c7
    private const int C37 = 7_373; // c3 − c7
    private const int C13Sum = 20_995; // c1 + c3
    private const int C35Sum = 16_069; // c3 + c5
    private const int C35Difference = 3_196; // c3 − c5

    // Row j holds, for coefficients 0 to 7, what they add to the mean of samples 2j and 2j + 1; the lower half mirrors it.
    private static readonly int[] _means4 = Means(4);
    private static readonly int[] _means2 = Means(2);

    /// <summary>Transforms a block.</summary>
    /// <param name="block">[64] coefficients as sent, row-major.</param>
    /// <param name="last">The last coefficient, in zigzag order, that may differ from 0.</param>
    /// <param name="quantization">[64] steps, row-major.</param>
    /// <param name="outputSide">8, 4, 2 or 1.</param>
    /// <param name="samples">Rows of <paramref name="outputSide"/> samples, <paramref name="stride"/> apart; overwritten.</param>
    /// <param name="stride">From one row to the next.</param>
    public static void Transform(ReadOnlySpan<short> block, int last, ReadOnlySpan<int> quantization, int outputSide, Span<byte> samples, int stride)
    {
        if (last == 0 || outputSide == 1)
        {
            var mean = ToSample(block[0] * quantization[0] * (1 << KeptBits), KeptBits + 3);
            for (var y = 0; y < outputSide; y++)
            {
                samples.Slice(y * stride, outputSide).Fill(mean);
            }
        }
        else if (outputSide == Side)
        {
            Full(block, quantization, samples, stride);
        }
        else
        {
            Reduced(block, quantization, outputSide, samples, stride);
        }
    }

    private static void Full(ReadOnlySpan<short> block, ReadOnlySpan<int> quantization, Span<byte> samples, int stride)
    {
        Span<int> between = stackalloc int[JpegComponent.BlockSize];
        block = block[..JpegComponent.BlockSize];
        quantization = quantization[..JpegComponent.BlockSize];
        for (var x = 0; x < Side; x++)
        {
            int x1 = block[x + 8], x2 = block[x + 16], x3 = block[x + 24], x4 = block[x + 32], x5 = block[x + 40], x6 = block[x + 48], x7 = block[x + 56];
            if ((x1 | x2 | x3 | x4 | x5 | x6 | x7) == 0)
            {
                var mean = block[x] * quantization[x] << KeptBits;
                for (var y = 0; y < Side; y++)
                {
                    between[(y * Side) + x] = mean;
                }

                continue;
            }

            var column = new Eight(
                block[x] * quantization[x],
                x1 * quantization[x + 8],
                x2 * quantization[x + 16],
                x3 * quantization[x + 24],
                x4 * quantization[x + 32],
                x5 * quantization[x + 40],
                x6 * quantization[x + 48],
                x7 * quantization[x + 56]);
            const int Shift = Scale - KeptBits;
            const int Half = 1 << (Shift - 1);
            between[x] = (column.E0 + column.O0 + Half) >> Shift;
            between[x + 8] = (column.E1 + column.O1 + Half) >> Shift;
            between[x + 16] = (column.E2 + column.O2 + Half) >> Shift;
            between[x + 24] = (column.E3 + column.O3 + Half) >> Shift;
            between[x + 32] = (column.E3 - column.O3 + Half) >> Shift;
            between[x + 40] = (column.E2 - column.O2 + Half) >> Shift;
            between[x + 48] = (column.E1 - column.O1 + Half) >> Shift;
            between[x + 56] = (column.E0 - column.O0 + Half) >> Shift;
        }

        for (var y = 0; y < Side; y++)
        {
            var from = between.Slice(y * Side, Side);
            var to = samples.Slice(y * stride, Side);
            var row = new Eight(from[0], from[1], from[2], from[3], from[4], from[5], from[6], from[7]);
            const int Shift = Scale + KeptBits + 3;
            to[0] = ToSample(row.E0 + row.O0, Shift);
            to[1] = ToSample(row.E1 + row.O1, Shift);
            to[2] = ToSample(row.E2 + row.O2, Shift);
            to[3] = ToSample(row.E3 + row.O3, Shift);
            to[4] = ToSample(row.E3 - row.O3, Shift);
            to[5] = ToSample(row.E2 - row.O2, Shift);
            to[6] = ToSample(row.E1 - row.O1, Shift);
            to[7] = ToSample(row.E0 - row.O0, Shift);
        }
    }

    // Means are sums too: the same transform with the cosines averaged beforehand.
    private static void Reduced(ReadOnlySpan<short> block, ReadOnlySpan<int> quantization, int outputSide, Span<byte> samples, int stride)
    {
        ReadOnlySpan<int> means = outputSide == 4 ? _means4 : _means2;
        Span<int> between = stackalloc int[4 * Side];
        for (var x = 0; x < Side; x++)
        {
            for (var j = 0; j < outputSide / 2; j++)
            {
                var weights = means.Slice(j * Side, Side);
                int even = 0, odd = 0;
                for (var k = 0; k < Side; k += 2)
                {
                    even += block[(k * Side) + x] * quantization[(k * Side) + x] * weights[k];
                    odd += block[((k + 1) * Side) + x] * quantization[((k + 1) * Side) + x] * weights[k + 1];
                }

                const int Half = 1 << (Scale - KeptBits - 1);
                between[(j * Side) + x] = (even + odd + Half) >> (Scale - KeptBits);
                between[((outputSide - 1 - j) * Side) + x] = (even - odd + Half) >> (Scale - KeptBits);
            }
        }

        for (var y = 0; y < outputSide; y++)
        {
            var row = between.Slice(y * Side, Side);
            for (var j = 0; j < outputSide / 2; j++)
            {
                var weights = means.Slice(j * Side, Side);
                int even = 0, odd = 0;
                for (var k = 0; k < Side; k += 2)
                {
                    even += row[k] * weights[k];
                    odd += row[k + 1] * weights[k + 1];
                }

                samples[(y * stride) + j] = ToSample(even + odd, Scale + KeptBits);
                samples[(y * stride) + outputSide - 1 - j] = ToSample(even - odd, Scale + KeptBits);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte ToSample(int sum, int shift) => (byte)Math.Clamp(((sum + (1 << (shift - 1))) >> shift) + 128, 0, 255);

    private static int[] Means(int outputSide)
    {
        var means = new int[outputSide / 2 * Side];
        var merged = Side / outputSide;
        for (var j = 0; j < outputSide / 2; j++)
        {
            for (var k = 0; k < Side; k++)
            {
                var sum = 0.0;
                for (var n = j * merged; n < (j + 1) * merged; n++)
                {
                    sum += Math.Cos(((2 * n) + 1) * k * Math.PI / 16);
                }

                means[(j * Side) + k] = (int)Math.Round(sum / merged * (k == 0 ? Math.Sqrt(0.125) : 0.5) * (1 << Scale));
            }
        }

        return means;
    }

    /// <summary>Eight coefficients taken to the sums and differences that make eight samples: Eₙ + Oₙ is sample n, Eₙ − Oₙ sample 7 − n.</summary>
    private readonly ref struct Eight
    {
        public readonly int E0;
        public readonly int E1;
        public readonly int E2;
        public readonly int E3;
        public readonly int O0;
        public readonly int O1;
        public readonly int O2;
        public readonly int O3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Eight(int x0, int x1, int x2, int x3, int x4, int x5, int x6, int x7)
        {
            var turned = (x2 + x6) * C6;
            var low = turned - (x6 * C2PlusC6);
            var high = turned + (x2 * C2MinusC6);
            var sum = (x0 + x4) << Scale;
            var difference = (x0 - x4) << Scale;
            E0 = sum + high;
            E3 = sum - high;
            E1 = difference + low;
            E2 = difference - low;

            var both = (x7 + x3 + x5 + x1) * C3;
            var outer = (x7 + x1) * -C37;
            var inner = (x5 + x3) * -C13Sum;
            var lower = both - ((x7 + x3) * C35Sum);
            var upper = both - ((x5 + x1) * C35Difference);
            O3 = (x7 * C7) + outer + lower;
            O2 = (x5 * C5) + inner + upper;
            O1 = (x3 * C13) + inner + lower;
            O0 = (x1 * C1) + outer + upper;
        }
    }
}
