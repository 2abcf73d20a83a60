using BenchmarkDotNet.Attributes;
using DigitML.Data;
using DigitML.Models;
using DigitML.Numerics;
using DigitML.Training;

namespace DigitML.Benchmarks.Micro;

/// <summary>Taking a batch of digits in as lists of ink, as one thread does it in training.</summary>
public class GatherBenchmarks
{
    private LabelledImages _digits = null!;
    private InputBatch _input = null!;

    [Params(32, 256)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _digits = SyntheticDigits.Create(Batch, seed: 4);
        _input = new InputBatch(Batch, _digits.PixelsPerImage, new InputEncoding(Normalizer.Table(PixelNormalization.UnitRange), isSparse: true), segments: 1, forTraining: true);
    }

    [Benchmark]
    public void Gather()
    {
        _input.Begin(0, Batch);
        for (var row = 0; row < Batch; row++)
        {
            _input.Gather(row, 0, _digits.Image(row));
        }
    }
}
