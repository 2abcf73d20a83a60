using BenchmarkDotNet.Attributes;
using DigitML.Numerics;
using DigitML.Pixels;

namespace DigitML.Benchmarks.Micro;

/// <summary>The three products of a dense layer, each over all of its tiles on one thread.</summary>
public class DenseKernelBenchmarks
{
    private readonly Kernels _kernels = Kernels.Best;
    private TrainableLayer _layer = null!;
    private PanelMatrix _input;
    private PanelMatrix _output;
    private LayerGradient _inputGradient;
    private LayerGradient _gradient;
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
        _input = new PanelMatrix(_batchRows, Shape.Inputs);
        _output = new PanelMatrix(_batchRows, Shape.Outputs);
        _inputGradient = new LayerGradient(_batchRows, Shape.Inputs);
        _gradient = new LayerGradient(_batchRows, Shape.Outputs);
        RandomNumbers.Fill(ref random, _input, scale: 1);
        RandomNumbers.Fill(ref random, _gradient.ByRow, scale: 0.01f);
        RandomNumbers.Fill(ref random, _gradient.Transposed, scale: 0.01f);
    }

    [Benchmark]
    public void Product() => _kernels.Product(_input, _layer, _output, rectify: true, new TileRange(_batchRows, Shape.Outputs));

    [Benchmark]
    public void InputGradient() => _kernels.InputGradient(_layer, _gradient, _input, 1f, _inputGradient, new TileRange(_layer.PaddedInputs, Shape.Batch));

    [Benchmark]
    public void UpdateWeights() => _kernels.UpdateWeights(_input, _gradient.ByRow, Shape.Batch, _layer, RandomNumbers.Adam, _layer.WeightTiles);
}
