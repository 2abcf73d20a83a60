using DigitML.Numerics;

namespace DigitML.Models;

public sealed partial class Mlp
{
    /// <summary>The probabilities of one picture's classes. Allocates nothing once every thread that calls it has done so.</summary>
    /// <param name="pixels">[<see cref="InputCount"/>], 0 to 255.</param>
    /// <param name="probabilities">[<see cref="ClassCount"/>]; overwritten, sums to 1.</param>
    /// <exception cref="ArgumentException">A span disagrees with its shape.</exception>
    public void Predict(ReadOnlySpan<byte> pixels, Span<float> probabilities)
    {
        CheckShapes(pixels.Length, probabilities.Length, count: 1);
        var pass = _inference.Rent(single: true);
        PredictChunk(pass, pixels, probabilities, 1);
        _inference.Return(pass);
    }

    /// <summary>The class of one picture, with its probabilities.</summary>
    /// <param name="pixels">[<see cref="InputCount"/>], 0 to 255.</param>
    /// <exception cref="ArgumentException">The span disagrees with its shape.</exception>
    public Prediction Predict(ReadOnlySpan<byte> pixels)
    {
        var probabilities = new float[ClassCount];
        Predict(pixels, probabilities);
        return new Prediction(probabilities);
    }

    /// <summary>The probabilities of many pictures' classes; the same bits as one by one.</summary>
    /// <param name="pixels">[n, <see cref="InputCount"/>], 0 to 255.</param>
    /// <param name="probabilities">[n, <see cref="ClassCount"/>]; overwritten, each row sums to 1.</param>
    /// <param name="threads">0 takes one per processor; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">A span disagrees with its shape.</exception>
    public void PredictBatch(ReadOnlySpan<byte> pixels, Span<float> probabilities, int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        var count = pixels.Length / InputCount;
        CheckShapes(pixels.Length, probabilities.Length, count);
        var chunks = (count + InferenceNetwork.Chunk - 1) / InferenceNetwork.Chunk;
        var members = Math.Min(ThreadTeam.SizeFor(threads), chunks);
        if (members <= 1 || !BatchTeam.TryPredict(this, pixels, probabilities, chunks, members))
        {
            PredictChunks(pixels, probabilities, 0, chunks);
        }
    }

    /// <summary>Predicts the chunks from <paramref name="start"/> to before <paramref name="end"/> on the caller's thread.</summary>
    internal void PredictChunks(ReadOnlySpan<byte> pixels, Span<float> probabilities, int start, int end)
    {
        var pass = _inference.Rent(single: false);
        for (var chunk = start; chunk < end; chunk++)
        {
            var first = chunk * InferenceNetwork.Chunk;
            var count = Math.Min(InferenceNetwork.Chunk, (pixels.Length / InputCount) - first);
            PredictChunk(pass, pixels.Slice(first * InputCount, count * InputCount), probabilities.Slice(first * ClassCount, count * ClassCount), count);
        }

        _inference.Return(pass);
    }

    private void PredictChunk(ForwardPass pass, ReadOnlySpan<byte> pixels, Span<float> probabilities, int count)
    {
        pass.Begin(count);
        for (var row = 0; row < count; row++)
        {
            pass.Add(row, pixels.Slice(row * InputCount, InputCount));
        }

        pass.Run(count);
        for (var row = 0; row < count; row++)
        {
            var target = probabilities.Slice(row * ClassCount, ClassCount);
            pass.CopyLogits(row, target);
            Softmax.Normalize(target);
        }
    }

    private void CheckShapes(int pixels, int probabilities, int count)
    {
        if (pixels != (long)count * InputCount)
        {
            throw new ArgumentException($"The model takes {InputCount} pixels a picture; got {pixels} pixels.", nameof(pixels));
        }

        if (probabilities != (long)count * ClassCount)
        {
            throw new ArgumentException($"{count} pictures of {ClassCount} classes need {(long)count * ClassCount} probabilities; got room for {probabilities}.", nameof(probabilities));
        }
    }
}
