using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DigitML.Numerics;

namespace DigitML.Tests.Numerics;

/// <summary>Every kernel on bytes, at every vector width that this machine has instructions for, against plain loops, to the bit.</summary>
public unsafe class ByteKernelsTests
{
    public static TheoryData<int> Widths => [.. Enumerable.Empty<int>()
        .Append(128)
        .Concat(Avx2.IsSupported ? [256] : [])
        .Concat(Avx512BW.IsSupported ? [512] : [])];

    private static ByteKernels Of(int bits) => bits switch
    {
        512 => new VectorByteKernels<Vector512<int>, Bytes512>(),
        256 => new VectorByteKernels<Vector256<int>, Bytes256>(),
        _ => new VectorByteKernels<Vector128<int>, Bytes128>(),
    };

    [Theory]
    [MemberData(nameof(Widths))]
    public void Products_EveryDepthAndWidthUpTo70_EqualTheReferenceToTheBit(int bits)
    {
        var random = new Random(91);
        for (var size = 1; size <= 70; size++)
        {
            Check(Of(bits), random, rows: 1 + (size * 7 % 70), inputs: size, outputs: 1 + (size * 13 % 70), sparse: false);
            Check(Of(bits), random, rows: size, inputs: 1 + (size * 29 % 70), outputs: 33, sparse: false);
            Check(Of(bits), random, rows: 1 + (size % 9), inputs: 1 + (size * 3 % 70), outputs: size * 5, sparse: true);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Products_LargestInputsAndWeights_DoNotSaturate(int bits)
    {
        foreach (var sparse in new[] { false, true })
        {
            foreach (var sign in new[] { 1, -1 })
            {
                const int Inputs = 1030;
                var layer = Layer([.. Enumerable.Repeat((float)(sign * ByteLayer.MostSteps), Inputs * 40)], Inputs, new float[40], [.. Enumerable.Repeat(1f, 40)], 1, 0);
                var found = Run(Of(bits), layer, [.. Enumerable.Repeat((byte)255, Inputs)], 1, sparse, rectify: false);

                // 255 · 63 · 1,030 has 24 bits and is a float to the last.
                Assert.All(found, value => Assert.Equal(sign * 255f * ByteLayer.MostSteps * Inputs, value));
            }
        }
    }

    [Fact]
    public void Plain_AnyBytes_AddsFourNeighbouringProducts()
    {
        var random = new Random(92);
        for (var round = 0; round < 100; round++)
        {
            var inputs = new byte[16];
            random.NextBytes(inputs);
            var weights = Array.ConvertAll(inputs, _ => (sbyte)random.Next(-ByteLayer.MostSteps, ByteLayer.MostSteps + 1));
            var found = Bytes128.Plain(Vector128.Create(inputs), Vector128.Create(weights));
            for (var sum = 0; sum < 4; sum++)
            {
                Assert.Equal(Enumerable.Range(sum * 4, 4).Sum(i => inputs[i] * weights[i]), found[sum]);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(131)]
    [InlineData(255)]
    public void Quantize_AnyValue_RoundsTiesToEvenAndKeepsWithinABytesRange(byte zero)
    {
        const int Columns = 45;
        var values = new PanelMatrix(32, Columns);
        var random = new Random(93);
        var rows = new ByteRows(32, Columns, listed: false);
        for (var row = 0; row < 32; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                values[row, column] = (row, column) switch
                {
                    (0, 0) => float.MaxValue,
                    (0, 1) => -float.MaxValue,
                    (0, 2) => float.PositiveInfinity,
                    (1, _) => (column - 20) * 0.25f,
                    _ => (float)((random.NextDouble() * 400) - 200),
                };
            }
        }

        ByteKernels.Quantize(values, 0.5f, zero, rows, 32);

        for (var row = 0; row < 32; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                // Halves and doubles are exact, so that the reference may divide.
                var expected = Math.Clamp(Math.Round(values[row, column] / 0.5) + zero, 0, 255);
                Assert.Equal(expected, rows.Row(row)[column]);
            }
        }
    }

    private static void Check(ByteKernels kernels, Random random, int rows, int inputs, int outputs, bool sparse)
    {
        var steps = new float[outputs];
        var bias = new float[outputs];
        var counts = new int[outputs * inputs];
        for (var output = 0; output < outputs; output++)
        {
            (steps[output], bias[output]) = ((float)random.NextDouble() + 0.01f, (float)random.NextDouble() - 0.5f);
        }

        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = random.Next(-ByteLayer.MostSteps, ByteLayer.MostSteps + 1);
        }

        var pixels = new byte[rows * inputs];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(random.Next(3) == 0 ? random.Next(256) : 0);
        }

        var (scale, zero, rectify) = ((float)random.NextDouble() + 0.1f, (byte)(random.Next(2) * random.Next(256)), random.Next(2) == 0);
        var layer = Layer([.. counts.Select((count, i) => count * steps[i / inputs])], inputs, bias, steps, scale, zero);
        var found = Run(kernels, layer, pixels, rows, sparse, rectify);
        for (var row = 0; row < rows; row++)
        {
            for (var output = 0; output < outputs; output++)
            {
                var sum = 0L;
                for (var input = 0; input < inputs; input++)
                {
                    sum += (pixels[(row * inputs) + input] - zero) * counts[(output * inputs) + input];
                }

                // Rounded after the product and after the sum.
                var product = sum * (steps[output] * scale);
                var expected = product + bias[output];
                Assert.Equal(rectify ? Math.Max(0, expected) : expected, found[(row * outputs) + output]);
            }
        }
    }

    private static ByteLayer Layer(float[] weights, int inputs, float[] bias, float[] steps, float scale, byte zero)
    {
        Assert.Equal(inputs * bias.Length, weights.Length);
        return new ByteLayer(weights, bias, steps, scale, zero);
    }

    private static float[] Run(ByteKernels kernels, ByteLayer layer, byte[] pixels, int rows, bool sparse, bool rectify)
    {
        var input = new ByteRows(rows, layer.Inputs, sparse);
        var output = new PanelMatrix(Panels.Padded(rows), layer.Outputs);
        for (var row = 0; row < rows; row++)
        {
            var bytes = pixels.AsSpan(row * layer.Inputs, layer.Inputs);
            if (sparse)
            {
                input.List(row, bytes);
            }
            else
            {
                bytes.CopyTo(new Span<byte>(input.Row(row), layer.Inputs));
            }
        }

        if (sparse)
        {
            kernels.SparseProduct(input, layer, output, rectify, rows);
        }
        else
        {
            kernels.Product(input, layer, output, rectify, rows);
        }

        var result = new float[rows * layer.Outputs];
        for (var row = 0; row < rows; row++)
        {
            output.CopyRow(row, result.AsSpan(row * layer.Outputs, layer.Outputs));
        }

        GC.KeepAlive(layer);
        GC.KeepAlive(input);
        return result;
    }
}
