using BenchmarkDotNet.Attributes;
using DigitML.Data;
using DigitML.Models;
using DigitML.Numerics;
using DigitML.Training;

namespace DigitML.Benchmarks.Micro;

/// <summary>The first layer on digits, four fifths of whose pixels are ground: forward, and the weights' update.</summary>
public unsafe class SparseKernelBenchmarks
{
    private readonly Kernels _kernels = Kernels.Best;
    private InputBatch _input = null!;
    private TrainableLayer _layer = null!;
    private PanelBuffer _output = null!;
    private PanelBuffer _gradient = null!;
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
        _input = new InputBatch(Shape.Batch, Shape.Inputs, Normalizer.Table(PixelNormalization.UnitRange), sparse: true, segments: 1, forTraining: true);
        _layer = RandomNumbers.Layer(ref random, Shape.Inputs, Shape.Outputs);
        _output = new PanelBuffer(Panels.Length(_batchRows, Shape.Outputs));
        _gradient = RandomNumbers.Fill(ref random, new PanelBuffer(_output.Length), scale: 0.01f);
        _input.Begin(0, Shape.Batch);
        var digits = SyntheticDigits.Create(Shape.Batch, seed: 2);
        for (var row = 0; row < Shape.Batch; row++)
        {
            _input.Gather(row, 0, digits.Image(row));
        }
    }

    [Benchmark]
    public void SparseProduct()
    {
        var rowTiles = _batchRows / Kernels.TileRows;
        _input.Forward(_kernels, _layer, _output.Pointer, _batchRows, rowTiles, rectify: true, 0, rowTiles * _layer.OutputPanels);
    }

    [Benchmark]
    public void SparseUpdateWeights() =>
        _input.Update(_kernels, _gradient.Pointer, _batchRows, Shape.Batch, _layer, RandomNumbers.Adam, 0, _layer.OutputPanels * (_layer.PaddedInputs / Kernels.TileRows));
}
