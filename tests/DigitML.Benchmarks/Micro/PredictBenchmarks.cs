using BenchmarkDotNet.Attributes;
using DigitML.Data;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Benchmarks.Micro;

/// <summary>Prediction with the thesis's network into the caller's buffer.</summary>
public class PredictBenchmarks
{
    private const int Batch = 256;
    private readonly float[] _probabilities = new float[Batch * 10];
    private LabelledImages _digits = null!;
    private Mlp _model = null!;
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        _digits = SyntheticDigits.Create(Batch, seed: 3);
        _model = new MlpTrainer(new MlpOptions { Epochs = 1 }).Fit(_digits).Model;
    }

    [Benchmark]
    public void Predict()
    {
        _next = (_next + 1) % Batch;
        _model.Predict(_digits.Image(_next), _probabilities.AsSpan(0, 10));
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void PredictBatchOneThread() => _model.PredictBatch(_digits.Pixels, _probabilities, threads: 1);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void PredictBatchAllThreads() => _model.PredictBatch(_digits.Pixels, _probabilities);
}
