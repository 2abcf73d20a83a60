using System.Runtime.Intrinsics;
using DigitML.Numerics;
using DigitML.Pixels;

namespace DigitML.Tests.Numerics;

/// <summary>Every kernel, at every vector width, against plain loops over doubles.</summary>
public unsafe class KernelsTests
{
    public static TheoryData<int> Widths => [128, 256, 512];

    private static Kernels Of(int bits) => bits switch
    {
        512 => new VectorKernels<Vector512<float>, Simd512>(),
        256 => new VectorKernels<Vector256<float>, Simd256>(),
        _ => new VectorKernels<Vector128<float>, Simd128>(),
    };

    [Theory]
    [MemberData(nameof(Widths))]
    public void Product_EveryDepthAndWidthUpTo70_MatchesReference(int bits)
    {
        var random = new SeededRandom(71, 1);
        for (var size = 1; size <= 70; size++)
        {
            // Three sizes that meet in different combinations as one of them runs over all.
            var (rows, depth, columns) = (1 + (size * 7 % 70), size, 1 + (size * 13 % 70));
            CheckProduct(Of(bits), ref random, rows, depth, columns, rectify: size % 2 == 0);
            CheckProduct(Of(bits), ref random, rows: 1 + (size % 9), depth: columns, columns: size, rectify: size % 3 == 0);
            CheckProduct(Of(bits), ref random, rows: size, depth: rows, columns: 33, rectify: false);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void SparseProduct_MostlyZeroInputs_EqualsTheDenseProductToTheBit(int bits)
    {
        var kernels = Of(bits);
        var random = new SeededRandom(72, 1);
        for (var size = 1; size <= 70; size++)
        {
            var (count, inputs, outputs) = (1 + (size % 11), size, 1 + (size * 29 % 300));
            var pixels = Pixels(ref random, count * inputs);
            var values = Table();
            var layer = Layer(ref random, inputs, outputs);
            var expected = Forward(sparse: false, segments: 1);
            for (var segments = 1; segments <= 3; segments++)
            {
                Assert.Equal(expected, Forward(sparse: true, segments));
            }

            float[] Forward(bool sparse, int segments)
            {
                var batch = new InputBatch(count, inputs, new InputEncoding(values, sparse), segments, forTraining: false);
                for (var segment = 0; segment < segments; segment++)
                {
                    batch.Begin(segment, count);
                    for (var row = 0; row < count; row++)
                    {
                        batch.Gather(row, segment, pixels.AsSpan(row * inputs, inputs));
                    }
                }

                var rows = Panels.Padded(count);
                var target = new PanelMatrix(rows, outputs);
                var tiles = new TileRange(count, outputs);
                var cut = tiles.End / 3;
                batch.Forward(kernels, layer, target, rectify: true, tiles with { End = cut });
                batch.Forward(kernels, layer, target, rectify: true, tiles with { Start = cut });
                return Read(target, count, outputs);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void InputGradient_EveryWidthUpTo70_MatchesReferenceBothWaysRound(int bits)
    {
        var kernels = Of(bits);
        var random = new SeededRandom(73, 1);
        for (var size = 1; size <= 70; size++)
        {
            var (batch, inputs, outputs) = (1 + (size * 11 % 70), size, 1 + (size * 17 % 70));
            var layer = Layer(ref random, inputs, outputs);
            var rows = Panels.Padded(batch);
            var gradient = Matrix(ref random, batch, outputs);
            var outputGradient = new LayerGradient(rows, outputs);
            var activation = Fill(Matrix(ref random, batch, inputs), inputs, rows);
            for (var row = 0; row < batch; row++)
            {
                for (var output = 0; output < outputs; output++)
                {
                    outputGradient.Transposed[output, row] = gradient[(row * outputs) + output];
                }
            }

            var target = new LayerGradient(rows, inputs);
            kernels.InputGradient(layer, outputGradient, activation, 1.25f, target, new TileRange(layer.PaddedInputs, batch));
            for (var row = 0; row < batch; row++)
            {
                for (var input = 0; input < inputs; input++)
                {
                    var expected = 0.0;
                    for (var output = 0; output < outputs; output++)
                    {
                        expected += (double)gradient[(row * outputs) + output] * layer.Weights[input, output];
                    }

                    expected *= activation[row, input] > 0 ? 1.25 : 0;
                    AssertClose(expected, target.ByRow[row, input], outputs);
                    AssertClose(expected, target.Transposed[input, row], outputs);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void WeightGradient_DenseAndSparseAtEveryBatchUpTo70_MatchReference(int bits)
    {
        var kernels = Of(bits);
        var random = new SeededRandom(74, 1);
        for (var batch = 1; batch <= 70; batch++)
        {
            var (inputs, outputs) = (1 + (batch * 19 % 70), 1 + (batch * 23 % 70));
            var pixels = Pixels(ref random, batch * inputs);
            var values = Table();
            var rows = Panels.Padded(batch);
            var gradient = Matrix(ref random, batch, outputs);
            foreach (var sparse in new[] { true, false })
            {
                var layer = new TrainableLayer(inputs, outputs);
                var input = new InputBatch(batch, inputs, new InputEncoding(values, sparse), segments: 2, forTraining: true);
                for (var segment = 0; segment < 2; segment++)
                {
                    input.Begin(segment, batch);
                    for (var row = 0; row < batch; row++)
                    {
                        input.Gather(row, segment, pixels.AsSpan(row * inputs, inputs));
                    }
                }

                var panels = Fill(gradient, outputs, rows);
                input.Update(kernels, panels, batch, layer, new UpdateStep { Kind = UpdateKind.Capture }, layer.WeightTiles);
                var found = layer.Export(layer.WeightState1);
                for (var output = 0; output < outputs; output++)
                {
                    var bias = 0.0;
                    for (var row = 0; row < batch; row++)
                    {
                        bias += gradient[(row * outputs) + output];
                    }

                    AssertClose(bias, layer.BiasState1.Span[output], batch);
                    for (var k = 0; k < inputs; k++)
                    {
                        var expected = 0.0;
                        for (var row = 0; row < batch; row++)
                        {
                            expected += (double)values.Span[pixels[(row * inputs) + k]] * gradient[(row * outputs) + output];
                        }

                        AssertClose(expected, found[(output * inputs) + k], batch);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Update_AdamAndNesterovOverThreeSteps_MatchTheirDefinitions(int bits)
    {
        var kernels = Of(bits);
        var random = new SeededRandom(75, 1);
        foreach (var kind in new[] { UpdateKind.Adam, UpdateKind.Nesterov })
        {
            var layer = Layer(ref random, 1, 37);
            double[] weights = [.. layer.Export(layer.Weights).Select(w => (double)w)], first = new double[37], second = new double[37];
            var values = Table();
            for (var t = 1; t <= 3; t++)
            {
                // One picture of one full pixel: the weights' gradient is the output's.
                var gradient = Matrix(ref random, 1, 37);
                var input = new InputBatch(1, 1, new InputEncoding(values, isSparse: true), segments: 1, forTraining: true);
                input.Begin(0, 1);
                input.Gather(0, 0, [255]);
                var step = new UpdateStep { Kind = kind, Rate = 0.01f * t, Beta1 = 0.9f, Beta2 = 0.99f, Epsilon = 1e-3f, Keep = 0.995f };
                input.Update(kernels, Fill(gradient, 37, 32), 1, layer, step, layer.WeightTiles);
                for (var i = 0; i < 37; i++)
                {
                    double g = gradient[i];
                    if (kind == UpdateKind.Adam)
                    {
                        first[i] = (0.9 * first[i]) + (0.1 * g);
                        second[i] = (0.99 * second[i]) + (0.01 * g * g);
                        weights[i] = (0.995 * weights[i]) - (0.01 * t * first[i] / (Math.Sqrt(second[i]) + 1e-3));
                    }
                    else
                    {
                        first[i] = (0.9 * first[i]) - (0.01 * t * g);
                        weights[i] = (0.995 * weights[i]) + (0.9 * first[i]) - (0.01 * t * g);
                    }
                }
            }

            var found = layer.Export(layer.Weights);
            for (var i = 0; i < 37; i++)
            {
                // Three steps of a handful of roundings each on numbers below 2.
                Assert.Equal(weights[i], found[i], 2e-6);
            }
        }
    }

    [Fact]
    public void Products_LargerThanTheCaches_AreTheSameBitsAtEveryWidthAndCut()
    {
        // More than one block in every direction, and none of them whole.
        var random = new SeededRandom(76, 1);
        var (many, depth, few) = ((Blocking.RowTiles * Kernels.TileRows) + 43, (2 * Blocking.Depth) + 17, ((Blocking.Panels + 1) * Panels.Width) + 5);
        var (rows, fewRows) = (Panels.Padded(many), Panels.Padded(few));
        var forward = Layer(ref random, depth, few);
        var input = Fill(Matrix(ref random, many, depth), depth, rows);
        var backward = Layer(ref random, many, depth);
        var gradient = new LayerGradient(fewRows, depth);
        Fill(Matrix(ref random, depth, few), few, Panels.Padded(depth)).Span.CopyTo(gradient.Transposed.Span);
        var gate = Fill(Matrix(ref random, few, many), many, fewRows);
        var batch = Fill(Matrix(ref random, depth, many), many, Panels.Padded(depth));
        var byRow = Fill(Matrix(ref random, depth, few), few, Panels.Padded(depth));

        var expected = Results(Of(512), parts: 1);
        foreach (var bits in new[] { 256, 128 })
        {
            Assert.Equal(expected, Results(Of(bits), parts: 1));
            Assert.Equal(expected, Results(Of(bits), parts: 7));
        }

        // Some sums, by doubles.
        for (var i = 0; i < 200; i++)
        {
            var (row, column) = (random.Next(many), random.Next(few));
            var (product, inputGradient, weightGradient) = ((double)forward.Bias.Span[column], 0.0, 0.0);
            for (var k = 0; k < depth; k++)
            {
                product += (double)input[row, k] * forward.Weights[k, column];
                inputGradient += (double)backward.Weights[row, k] * gradient.Transposed[k, column];
                weightGradient += (double)batch[k, row] * byRow[k, column];
            }

            AssertClose(Math.Max(0, product), expected[0][(row * few) + column], depth);
            AssertClose(gate[column, row] > 0 ? 1.25 * inputGradient : 0, expected[1][(row * few) + column], depth);
            AssertClose(weightGradient, expected[2][(row * few) + column], depth);
        }

        float[][] Results(Kernels kernels, int parts)
        {
            var output = new PanelMatrix(rows, few);
            var target = new LayerGradient(fewRows, many);
            var layer = new TrainableLayer(many, few);
            for (var part = 0; part < parts; part++)
            {
                kernels.Product(input, forward, output, rectify: true, new TileRange(many, few).Share(part, parts));
                kernels.InputGradient(backward, gradient, gate, 1.25f, target, new TileRange(backward.PaddedInputs, few).Share(part, parts));
                kernels.UpdateWeights(batch, byRow, depth, layer, new UpdateStep { Kind = UpdateKind.Capture }, layer.WeightTiles.Share(part, parts));
            }

            return [Read(output, many, few), Read(target.Transposed, many, few), Read(layer.WeightState1, many, few)];
        }
    }

    [Fact]
    public void Product_NaNInput_ComesOutThroughReLU()
    {
        var layer = new PanelLayer(3, 5);
        layer.Import(Enumerable.Repeat(float.NaN, 15).ToArray(), new float[5]);
        var left = new PanelMatrix(32, 3);
        left[0, 0] = 1f;
        var target = new PanelMatrix(32, 5);
        Kernels.Best.Product(left, layer, target, rectify: true, new TileRange(1, 5));
        Assert.True(float.IsNaN(target[0, 0]));
    }

    private static void CheckProduct(Kernels kernels, ref SeededRandom random, int rows, int depth, int columns, bool rectify)
    {
        var padded = Panels.Padded(rows);
        var left = Matrix(ref random, rows, depth);
        var layer = Layer(ref random, depth, columns);
        var target = new PanelMatrix(padded, columns);
        kernels.Product(Fill(left, depth, padded), layer, target, rectify, new TileRange(rows, columns));
        var found = Read(target, rows, columns);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                double expected = layer.Bias.Span[column];
                for (var k = 0; k < depth; k++)
                {
                    expected += (double)left[(row * depth) + k] * layer.Weights[k, column];
                }

                AssertClose(rectify ? Math.Max(0, expected) : expected, found[(row * columns) + column], depth);
            }
        }
    }

    /// <summary>Values are below 2 in size, so each of the roundings of a sum errs by less than its length · 2⁻²³.</summary>
    private static void AssertClose(double expected, float found, int length) =>
        Assert.True(Math.Abs(expected - found) <= (length + 1) * length * 4 * Math.Pow(2, -23) + 1e-6, $"expected {expected} but found {found}");

    private static float[] Matrix(ref SeededRandom random, int rows, int columns)
    {
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)((random.NextDouble() * 2) - 1);
        }

        return values;
    }

    private static byte[] Pixels(ref SeededRandom random, int count)
    {
        var pixels = new byte[count];
        for (var i = 0; i < count; i++)
        {
            pixels[i] = random.Next(4) == 0 ? (byte)random.Next(256) : (byte)0;
        }

        return pixels;
    }

    private static PanelBuffer Table()
    {
        var table = new PanelBuffer(256);
        for (var i = 0; i < 256; i++)
        {
            table.Span[i] = i / 255f;
        }

        return table;
    }

    private static TrainableLayer Layer(ref SeededRandom random, int inputs, int outputs)
    {
        var layer = new TrainableLayer(inputs, outputs);
        layer.Import(Matrix(ref random, outputs, inputs), Matrix(ref random, 1, outputs));
        return layer;
    }

    private static PanelMatrix Fill(float[] matrix, int columns, int paddedRows)
    {
        var panels = new PanelMatrix(paddedRows, columns);
        for (var i = 0; i < matrix.Length; i++)
        {
            panels[i / columns, i % columns] = matrix[i];
        }

        return panels;
    }

    private static float[] Read(in PanelMatrix panels, int rows, int columns)
    {
        var matrix = new float[rows * columns];
        for (var i = 0; i < matrix.Length; i++)
        {
            matrix[i] = panels[i / columns, i % columns];
        }

        return matrix;
    }
}
