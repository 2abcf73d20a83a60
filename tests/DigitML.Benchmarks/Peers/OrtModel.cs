using System.Diagnostics;
using DigitML.Benchmarks.Reporting;
using DigitML.Data;
using DigitML.IO;
using Microsoft.ML.OnnxRuntime;

namespace DigitML.Benchmarks.Peers;

/// <summary>A model file in ONNX Runtime, on the processor.</summary>
/// <remarks>Inputs and outputs are wrapped once and written in place, so that what is timed is the runtime's own work.</remarks>
internal sealed class OrtModel : IDisposable
{
    private const int ClassCount = 10;

    private static readonly RunOptions s_run = new();

    private readonly InferenceSession _session;
    private readonly float _scale;

    /// <summary>Loads a model.</summary>
    /// <param name="file">An ONNX file with one input, float32 [n, 784], [n, 28, 28] or [n, 1, 28, 28], and float32 [n, 10] as its first output.</param>
    /// <param name="threads">Threads that share one operation; at least 1.</param>
    /// <param name="scale">What pixels from 0 to 255 are divided by.</param>
    /// <exception cref="OnnxRuntimeException">The runtime cannot load it.</exception>
    public OrtModel(string file, int threads, float scale)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        _session = new InferenceSession(file, options);
        _scale = scale;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    /// <summary>Share of images classified correctly, 0 to 1; higher is better.</summary>
    public double Accuracy(LabelledImages images)
    {
        const int Batch = 250;
        var right = 0;
        for (var first = 0; first < images.Count; first += Batch)
        {
            var count = Math.Min(Batch, images.Count - first);
            using var batch = new BoundBatch(this, images, first, count);
            batch.Run();
            for (var i = 0; i < count; i++)
            {
                var scores = batch.Scores.Slice(i * ClassCount, ClassCount);
                right += System.Numerics.Tensors.TensorPrimitives.IndexOfMax(scores) == images.Label(first + i) ? 1 : 0;
            }
        }

        return right / (double)images.Count;
    }

    /// <summary>One image again and again: the median of 3,000, after a second's warming up.</summary>
    public double MedianMicroseconds(LabelledImages images)
    {
        using var one = new BoundBatch(this, images, 0, 1);
        var times = new Sample();
        var warming = Stopwatch.StartNew();
        while (times.Count < 3_000)
        {
            var start = Stopwatch.GetTimestamp();
            one.Run();
            var end = Stopwatch.GetTimestamp();
            if (warming.Elapsed.TotalSeconds > 1)
            {
                times.Add((end - start) * 1e6 / Stopwatch.Frequency);
            }
        }

        return times.Median;
    }

    /// <summary>A batch of 256 again and again for two seconds, after one to warm up.</summary>
    public double ImagesPerSecond(LabelledImages images)
    {
        const int Batch = 256;
        using var batch = new BoundBatch(this, images, 0, Batch);
        Run(TimeSpan.FromSeconds(1));
        return Run(TimeSpan.FromSeconds(2));

        double Run(TimeSpan time)
        {
            var clock = Stopwatch.StartNew();
            long done = 0;
            while (clock.Elapsed < time)
            {
                batch.Run();
                done++;
            }

            return done * Batch / clock.Elapsed.TotalSeconds;
        }
    }

    /// <summary>Images as the model takes them, and room for its scores.</summary>
    private sealed class BoundBatch : IDisposable
    {
        private readonly OrtModel _model;
        private readonly float[] _scores;
        private readonly OrtValue _input;
        private readonly OrtValue _output;

        public BoundBatch(OrtModel model, LabelledImages images, int first, int count)
        {
            _model = model;
            var pixels = new float[count * images.PixelsPerImage];
            for (var i = 0; i < pixels.Length; i++)
            {
                pixels[i] = images.Pixels[first * images.PixelsPerImage + i] / model._scale;
            }

            var rank = model._session.InputMetadata[model._session.InputNames[0]].Dimensions.Length;
            _input = OrtValue.CreateTensorValueFromMemory(pixels, rank switch
            {
                2 => [count, images.PixelsPerImage],
                3 => [count, images.Height, images.Width],
                4 => [count, 1, images.Height, images.Width],
                _ => throw new DigitException($"The model's input has {rank} dimensions; expected [n, 784], [n, 28, 28] or [n, 1, 28, 28]."),
            });
            _scores = new float[count * ClassCount];
            _output = OrtValue.CreateTensorValueFromMemory(_scores, [count, ClassCount]);
        }

        public ReadOnlySpan<float> Scores => _scores;

        public void Run() => _model._session.Run(s_run, [_model._session.InputNames[0]], [_input], [_model._session.OutputNames[0]], [_output]);

        public void Dispose()
        {
            _input.Dispose();
            _output.Dispose();
        }
    }
}
