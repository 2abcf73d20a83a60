using BenchmarkDotNet.Attributes;
using DigitML.Numerics;

namespace DigitML.Benchmarks.Micro;

/// <summary>The three products of a dense layer, each over all of its tiles on one thread.</summary>
public unsafe class DenseKernelBenchmarks
{
    private readonly Kernels _kernels = Kernels.Best;
    private TrainableLayer _layer = null!;
    private PanelBuffer _input = null!;
    private PanelBuffer _output = null!;
    private PanelBuffer _inputGradient = null!;
    private PanelBuffer _inputGradientTransposed = null!;
    private PanelBuffer _gradient = null!;
    private PanelBuffer _gradientTransposed = null!;
    private int _batchRows;

    /// <summary>The layers of the thesis's network at batches of 32, and of the wide one at batches of 256.</summary>
    public static IEnumerable<LayerShape> Shapes =>
    [
        new(784, 128, 32),
        new(128, 32, 32),
        new(32, 10, 32),
        new(784, 1024, 256),
        new(1024, 1024, 256),
        new(1024, 10, 256),
    ];

    [ParamsSource(nameof(Shapes))]
    public LayerShape Shape { get; set; } = new(784, 128, 32);

    [GlobalSetup]
    public void Setup()
    {
        var random = new SeededRandom(1, 1);
        _batchRows = Panels.Padded(Shape.Batch);
        _layer = RandomNumbers.Layer(ref random, Shape.Inputs, Shape.Outputs);
        _input = RandomNumbers.Fill(ref random, new PanelBuffer(Panels.Length(_batchRows, Shape.Inputs)), scale: 1);
        _output = new PanelBuffer(Panels.Length(_batchRows, Shape.Outputs));
        _inputGradient = new PanelBuffer(_input.Length);
        _inputGradientTransposed = new PanelBuffer(_batchRows * _layer.PaddedInputs);
        _gradient = RandomNumbers.Fill(ref random, new PanelBuffer(_output.Length), scale: 0.01f);
        _gradientTransposed = RandomNumbers.Fill(ref random, new PanelBuffer(_batchRows * Panels.Padded(Shape.Outputs)), scale: 0.01f);
    }

    [Benchmark]
    public void Product()
    {
        var rowTiles = _batchRows / Kernels.TileRows;
        _kernels.Product(_input.Pointer, _batchRows, _layer.Weights.Pointer, _layer.WeightRows, _layer.Bias.Pointer, _output.Pointer, _batchRows, rowTiles, Shape.Inputs, rectify: true, 0, rowTiles * _layer.OutputPanels);
    }

    [Benchmark]
    public void InputGradient()
    {
        var batchPanels = Panels.Count(Shape.Batch);
        var tiles = batchPanels * (_layer.PaddedInputs / Kernels.TileRows);
        _kernels.InputGradient(_layer.Weights.Pointer, _layer.WeightRows, _layer.PaddedInputs, _gradientTransposed.Pointer, Shape.Outputs, Panels.Padded(Shape.Outputs), _input.Pointer, 1f, _inputGradient.Pointer, _inputGradientTransposed.Pointer, _batchRows, batchPanels, 0, tiles);
    }

    [Benchmark]
    public void UpdateWeights()
    {
        var tiles = _layer.OutputPanels * (_layer.PaddedInputs / Kernels.TileRows);
        _kernels.UpdateWeights(_input.Pointer, _gradient.Pointer, _batchRows, Shape.Batch, _layer, RandomNumbers.Adam, 0, tiles);
    }
}
