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
        var pass = _inference.Rent(single: true, floats: false);
        PredictChunk(pass, pixels, probabilities, 1);
        _inference.Return(pass, floats: false);
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

    /// <summary>
    /// The probabilities of the classes of one row of a table, or of one picture whose pixel values are floats. Pixel values that are whole
    /// numbers from 0 to 255 give the same bits as bytes do.
    /// </summary>
    /// <param name="features">[<see cref="InputCount"/>], as the network was trained on: features before normalisation, or pixel values 0 to 255.</param>
    /// <param name="probabilities">[<see cref="ClassCount"/>]; overwritten, sums to 1; all NaN where a feature is NaN or infinite.</param>
    /// <exception cref="ArgumentException">A span disagrees with its shape.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> probabilities)
    {
        CheckShapes(features.Length, probabilities.Length, count: 1);
        if (!_inference.TakesFeatures)
        {
            Span<byte> bytes = InputCount <= 4096 ? stackalloc byte[InputCount] : new byte[InputCount];
            if (TryBytes(features, bytes))
            {
                Predict(bytes, probabilities);
                return;
            }
        }

        var pass = _inference.Rent(single: true, floats: true);
        PredictChunk(pass, features, probabilities, 1);
        _inference.Return(pass, floats: true);
    }

    /// <summary>The class of one row of a table, with its probabilities.</summary>
    /// <param name="features">[<see cref="InputCount"/>], as the network was trained on.</param>
    /// <exception cref="ArgumentException">The span disagrees with its shape.</exception>
    /// <exception cref="ArgumentException">The span disagrees with its shape, or a feature is NaN or infinite.</exception>
    public Prediction Predict(ReadOnlySpan<float> features)
    {
        for (var i = 0; i < features.Length; i++)
        {
            if (!float.IsFinite(features[i]))
            {
                throw new ArgumentException(Invariant($"Features must be finite; feature {i} is {features[i]}."), nameof(features));
            }
        }

        var probabilities = new float[ClassCount];
        Predict(features, probabilities);
        return new Prediction(probabilities);
    }

    /// <summary>The probabilities of many pictures' classes; the same bits as one by one.</summary>
    /// <param name="pixels">[n, <see cref="InputCount"/>], 0 to 255.</param>
    /// <param name="probabilities">[n, <see cref="ClassCount"/>]; overwritten, each row sums to 1.</param>
    /// <param name="threads">0 takes one per processor; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">A span disagrees with its shape.</exception>
    public void PredictBatch(ReadOnlySpan<byte> pixels, Span<float> probabilities, int threads = 0)
    {
        var chunks = Chunks(pixels.Length, probabilities.Length, threads, out var members);
        if (members <= 1 || !BatchTeam.TryPredict(this, pixels, probabilities, chunks, members))
        {
            PredictChunks(pixels, probabilities, 0, chunks);
        }
    }

    /// <summary>The probabilities of the classes of many rows of a table, or pictures whose pixel values are floats; rows of a table give the same bits as one by one.</summary>
    /// <param name="features">[n, <see cref="InputCount"/>], as the network was trained on.</param>
    /// <param name="probabilities">[n, <see cref="ClassCount"/>]; overwritten, each row sums to 1; all NaN where a feature is NaN or infinite.</param>
    /// <param name="threads">0 takes one per processor; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">A span disagrees with its shape.</exception>
    public void PredictBatch(ReadOnlySpan<float> features, Span<float> probabilities, int threads = 0)
    {
        var chunks = Chunks(features.Length, probabilities.Length, threads, out var members);
        if (members <= 1 || !BatchTeam.TryPredict(this, features, probabilities, chunks, members))
        {
            PredictChunks(features, probabilities, 0, chunks);
        }
    }

    /// <summary>Predicts the chunks from <paramref name="start"/> to before <paramref name="end"/> on the caller's thread.</summary>
    internal void PredictChunks(ReadOnlySpan<byte> pixels, Span<float> probabilities, int start, int end)
    {
        var pass = _inference.Rent(single: false, floats: false);
        for (var chunk = start; chunk < end; chunk++)
        {
            var first = chunk * InferenceNetwork.Chunk;
            var count = Math.Min(InferenceNetwork.Chunk, (pixels.Length / InputCount) - first);
            PredictChunk(pass, pixels.Slice(first * InputCount, count * InputCount), probabilities.Slice(first * ClassCount, count * ClassCount), count);
        }

        _inference.Return(pass, floats: false);
    }

    /// <inheritdoc cref="PredictChunks(ReadOnlySpan{byte}, Span{float}, int, int)"/>
    internal void PredictChunks(ReadOnlySpan<float> features, Span<float> probabilities, int start, int end)
    {
        var bytes = _inference.TakesFeatures ? [] : new byte[InferenceNetwork.Chunk * InputCount];
        var pass = _inference.Rent(single: false, floats: true);
        var bytePass = _inference.Rent(single: false, floats: false);
        for (var chunk = start; chunk < end; chunk++)
        {
            var first = chunk * InferenceNetwork.Chunk;
            var count = Math.Min(InferenceNetwork.Chunk, (features.Length / InputCount) - first);
            var rows = features.Slice(first * InputCount, count * InputCount);
            var target = probabilities.Slice(first * ClassCount, count * ClassCount);
            if (bytes.Length == 0)
            {
                PredictChunk(pass, rows, target, count);
            }
            else if (TryBytes(rows, bytes))
            {
                PredictChunk(bytePass, bytes.AsSpan(0, rows.Length), target, count);
            }
            else
            {
                // Some pictures may be bytes and others not, and each gets the bits that it gets by itself.
                for (var row = 0; row < count; row++)
                {
                    Predict(rows.Slice(row * InputCount, InputCount), target.Slice(row * ClassCount, ClassCount));
                }
            }
        }

        _inference.Return(bytePass, floats: false);
        _inference.Return(pass, floats: true);
    }

    private static bool AreFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryBytes(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            if (!(value >= 0 && value <= 255) || value != (byte)value)
            {
                return false;
            }

            bytes[i] = (byte)value;
        }

        return true;
    }

    private void PredictChunk(IForwardPass pass, ReadOnlySpan<byte> pixels, Span<float> probabilities, int count)
    {
        pass.Begin(count);
        for (var row = 0; row < count; row++)
        {
            pass.Gather(row, pixels.Slice(row * InputCount, InputCount));
        }

        Finish(pass, probabilities, count);
    }

    private void PredictChunk(IForwardPass pass, ReadOnlySpan<float> features, Span<float> probabilities, int count)
    {
        pass.Begin(count);
        for (var row = 0; row < count; row++)
        {
            pass.Gather(row, features.Slice(row * InputCount, InputCount));
        }

        Finish(pass, probabilities, count);
        for (var row = 0; row < count; row++)
        {
            // ReLU would take NaN for 0, and the answer would look like any other.
            if (!AreFinite(features.Slice(row * InputCount, InputCount)))
            {
                probabilities.Slice(row * ClassCount, ClassCount).Fill(float.NaN);
            }
        }
    }

    private void Finish(IForwardPass pass, Span<float> probabilities, int count)
    {
        pass.Run(count);
        for (var row = 0; row < count; row++)
        {
            var target = probabilities.Slice(row * ClassCount, ClassCount);
            pass.CopyLogits(row, target);
            Softmax.Normalize(target);
        }
    }

    private int Chunks(int inputs, int probabilities, int threads, out int members)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        var count = inputs / InputCount;
        CheckShapes(inputs, probabilities, count);
        var chunks = (count + InferenceNetwork.Chunk - 1) / InferenceNetwork.Chunk;
        members = Math.Min(ThreadTeam.SizeFor(threads), chunks);
        return chunks;
    }

    private void CheckShapes(int inputs, int probabilities, int count)
    {
        if (inputs != (long)count * InputCount)
        {
            throw new ArgumentException(
                _inference.TakesFeatures ? Invariant($"The model takes {InputCount} features a row; got {inputs} features.") : Invariant($"The model takes {InputCount} pixels a picture; got {inputs} pixels."),
                _inference.TakesFeatures ? "features" : "pixels");
        }

        if (probabilities != (long)count * ClassCount)
        {
            throw new ArgumentException(Invariant($"{count} {(_inference.TakesFeatures ? "rows" : "pictures")} of {ClassCount} classes need {(long)count * ClassCount} probabilities; got room for {probabilities}."), nameof(probabilities));
        }
    }
}
