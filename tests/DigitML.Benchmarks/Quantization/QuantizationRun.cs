using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using DigitML.Benchmarks.Peers;
using DigitML.Benchmarks.Reporting;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Numerics;
using DigitML.Reading;
using DigitML.Training;

namespace DigitML.Benchmarks.Quantization;

/// <summary>Measures networks in floats and in whole numbers.</summary>
internal sealed class QuantizationRun
{
    private const int CalibrationImages = 2000;

    private readonly Mnist _digits;
    private readonly int _rounds;
    private readonly int _threads;
    private readonly MarkdownTable _speed = new("network", "images at once", "threads", "floats, images/s", "whole numbers, images/s", "times as fast");
    private readonly MarkdownTable _accuracy = new("network", "in floats", "in whole numbers", "answers changed", "log-loss", "in whole numbers", "file, MB", "in whole numbers", "accuracy in ONNX Runtime");

    private QuantizationRun(Mnist digits, int rounds, int threads) => (_digits, _rounds, _threads) = (digits, rounds, Math.Min(threads, Environment.ProcessorCount));

    /// <summary>Measures; minutes.</summary>
    /// <returns>Markdown.</returns>
    public static async Task<string> MeasureAsync(string? data, int rounds, int epochs, int threads, CancellationToken cancellationToken)
    {
        var folder = MnistPlace.Find(data) ?? throw new DigitException("MNIST was not found; name its folder with --data.");
        var run = new QuantizationRun(await Mnist.LoadAsync(folder, cancellationToken), rounds, threads);
        run.Measure("shipped model", ShippedModel.Mlp);
        run.Measure("thesis recipe", run.Train(new MlpOptions { Epochs = epochs }));
        run.Measure("wide", run.Train(new MlpOptions { HiddenLayers = [1024, 1024, 1024], BatchSize = 256, Epochs = Math.Max(1, epochs / 5) }));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Whole numbers by {ByteKernels.Best.VectorBits}-bit vectors{(ByteKernels.Best.VectorBits == 256 && AvxVnni.IsSupported ? " with AVX-VNNI" : "")}. Medians of {rounds} rounds in turns, one thread by processor time, two by the clock.{Environment.NewLine}{Environment.NewLine}{run._speed}{Environment.NewLine}{run._accuracy}");
    }

    private Mlp Train(MlpOptions options)
    {
        Progress.Say($"training {Mlp.ShapeOf(options.HiddenLayers)}");
        return new MlpTrainer(options).Fit(_digits.Train).Model;
    }

    private void Measure(string name, Mlp floats)
    {
        Progress.Say($"{name}, {floats.Shape}");
        var whole = floats.Quantize(_digits.Train.Take(CalibrationImages).Pixels);
        name = $"{name}, {floats.Shape}";
        foreach (var (batch, threads) in new[] { (1, 1), (256, 1), (256, 2), (10_000, 1), (10_000, 2) }.Where(setting => setting.Item2 <= _threads))
        {
            var (slow, fast) = (new Sample(), new Sample());
            for (var round = -2; round < _rounds; round++)
            {
                // The first rounds warm up.
                var (first, second) = (ImagesPerSecond(floats, batch, threads), ImagesPerSecond(whole, batch, threads));
                if (round >= 0)
                {
                    slow.Add(first);
                    fast.Add(second);
                }
            }

            _speed.Add(name, Figure.Count(batch), Figure.Count(threads), Figure.Of(slow.Median), Figure.Of(fast.Median), Figure.Times(fast.Median / slow.Median));
        }

        Compare(name, floats, whole);
    }

    /// <summary>All test images once, in batches.</summary>
    private double ImagesPerSecond(Mlp model, int batch, int threads)
    {
        var pixels = _digits.Test.Pixels;
        var size = _digits.Test.PixelsPerImage;
        var probabilities = new float[batch * model.ClassCount];
        var count = _digits.Test.Count / batch * batch;
        var start = Now(threads);
        for (var first = 0; first < count; first += batch)
        {
            if (batch == 1)
            {
                model.Predict(pixels.Slice(first * size, size), probabilities);
            }
            else
            {
                model.PredictBatch(pixels.Slice(first * size, batch * size), probabilities, threads);
            }
        }

        return count / (Now(threads) - start).TotalSeconds;
    }

    /// <summary>The processor's time where one thread works, which other programs do not count in; else the clock's.</summary>
    private static TimeSpan Now(int threads) => threads == 1 ? Environment.CpuUsage.TotalTime : Stopwatch.GetElapsedTime(0);

    private void Compare(string name, Mlp floats, Mlp whole)
    {
        var (before, after) = (floats.Evaluate(_digits.Test), whole.Evaluate(_digits.Test));
        var (left, right) = (new float[_digits.Test.Count * floats.ClassCount], new float[_digits.Test.Count * floats.ClassCount]);
        floats.PredictBatch(_digits.Test.Pixels, left);
        whole.PredictBatch(_digits.Test.Pixels, right);
        var changed = Enumerable.Range(0, _digits.Test.Count).Count(i => Answer(left, i) != Answer(right, i));
        var folder = Directory.CreateTempSubdirectory("digitml-benchmark-int8");
        try
        {
            var (plain, small) = (Path.Combine(folder.FullName, "floats.onnx"), Path.Combine(folder.FullName, "whole.onnx"));
            floats.Save(plain);
            whole.Save(small);
            using var elsewhere = new OrtModel(small, 1, 1);
            _accuracy.Add(
                name,
                Share(before.MicroAccuracy),
                Share(after.MicroAccuracy),
                Figure.Count(changed),
                before.LogLoss.ToString("F4", CultureInfo.InvariantCulture),
                after.LogLoss.ToString("F4", CultureInfo.InvariantCulture),
                Figure.Of(new FileInfo(plain).Length / 1e6),
                Figure.Of(new FileInfo(small).Length / 1e6),
                Share(elsewhere.Accuracy(_digits.Test)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        int Answer(float[] probabilities, int image) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(probabilities.AsSpan(image * floats.ClassCount, floats.ClassCount));

        static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:F2} %");
    }
}
