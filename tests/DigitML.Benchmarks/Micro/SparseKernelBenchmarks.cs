using BenchmarkDotNet.Attributes;
using DigitML.Data;
using DigitML.Models;
using DigitML.Numerics;
using DigitML.Pixels;
using DigitML.Training;

namespace DigitML.Benchmarks.Micro;

/// <summary>The first layer on digits, four fifths of whose pixels are ground: forward, and the weights' update.</summary>
public class SparseKernelBenchmarks
{
    private readonly Kernels _kernels = Kernels.Best;
    private InputBatch _input = null!;
    private TrainableLayer _layer = null!;
    private PanelMatrix _output;
    private PanelMatrix _gradient;
    private int _batchRows;

    /// <summary>The first layers of the thesis's and of the wide network.</summary>
    public static IEnumerable<LayerShape> Shapes => [new(784, 128, 32), new(784, 1024, 256)];

    [ParamsSource(nameof(Shapes))]
    public LayerShape Shape { get; set; } = new(784, 128, 32);

    [GlobalSetup]
    public void Setup()
    {
        var random = new SeededRandom(2, 1);
        _batchRows = Panels.Padded(Shape.Batch);
        _input = new InputBatch(Shape.Batch, Shape.Inputs, new InputEncoding(Normalizer.Table(PixelNormalization.UnitRange), isSparse: true), segments: 1, forTraining: true);
        _layer = RandomNumbers.Layer(ref random, Shape.Inputs, Shape.Outputs);
        _output = new PanelMatrix(_batchRows, Shape.Outputs);
        _gradient = new PanelMatrix(_batchRows, Shape.Outputs);
        RandomNumbers.Fill(ref random, _gradient, scale: 0.01f);
        _input.Begin(0, Shape.Batch);
        var digits = SyntheticDigits.Create(Shape.Batch, seed: 2);
        for (var row = 0; row < Shape.Batch; row++)
        {
            _input.Gather(row, 0, digits.Image(row));
        }
    }

    [Benchmark]
    public void SparseProduct() => _input.Forward(_kernels, _layer, _output, rectify: true, new TileRange(_batchRows, Shape.Outputs));

    [Benchmark]
    public void SparseUpdateWeights() => _input.Update(_kernels, _gradient, Shape.Batch, _layer, RandomNumbers.Adam, _layer.WeightTiles);
}
