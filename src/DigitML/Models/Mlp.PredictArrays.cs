using System.Numerics.Tensors;
using DigitML.IO;

namespace DigitML.Models;

public sealed partial class Mlp
{
    private static readonly (string Row, string Values) s_pictureWords = ("picture", "pixels");

    /// <summary>The classes of many pictures, with their probabilities; the same as one by one.</summary>
    /// <param name="pictures">Each [<see cref="InputCount"/>], 0 to 255.</param>
    /// <param name="threads">0 takes one per processor; the result does not depend on it.</param>
    /// <returns>One for each picture, in their order.</returns>
    /// <exception cref="ArgumentException">A picture disagrees with the shape.</exception>
    public Prediction[] PredictBatch(byte[][] pictures, int threads = 0)
    {
        var pixels = Arrays.Joined(pictures, nameof(pictures), s_pictureWords, out _, nameof(pictures));
        var probabilities = new float[checked(pictures.Length * ClassCount)];
        CheckWidth(pictures.Length, pixels.Length);
        PredictBatch(pixels, probabilities, threads);
        return Split(probabilities);
    }

    /// <summary>The classes of many rows of a table, or of pictures whose pixel values are floats, with their probabilities; the same as one by one.</summary>
    /// <param name="rows">Each [<see cref="InputCount"/>], as the network was trained on, finite.</param>
    /// <param name="threads">0 takes one per processor; the result does not depend on it.</param>
    /// <returns>One for each row, in their order.</returns>
    /// <exception cref="ArgumentException">A row disagrees with the shape, or a value is NaN or infinite.</exception>
    public Prediction[] PredictBatch(float[][] rows, int threads = 0) =>
        PredictRows(rows?.Length ?? 0, Arrays.Joined(rows!, nameof(rows), ("row", "features"), out _, nameof(rows)), threads);

    /// <inheritdoc cref="PredictBatch(float[][], int)"/>
    /// <param name="rows">[n, <see cref="InputCount"/>], as the network was trained on, finite.</param>
    /// <param name="threads"/>
    public Prediction[] PredictBatch(float[,] rows, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return PredictRows(rows.GetLength(0), Arrays.Flat<float>(rows), threads);
    }

    /// <inheritdoc cref="PredictBatch(float[][], int)"/>
    /// <param name="rows">A tensor [n, <see cref="InputCount"/>], as the network was trained on, finite. Any strides.</param>
    /// <param name="threads"/>
    public Prediction[] PredictBatch(in ReadOnlyTensorSpan<float> rows, int threads = 0)
    {
        return rows.Rank == 2
            ? PredictRows(Arrays.SizeOf(rows, 0), Arrays.Flat(rows, nameof(rows), nameof(rows)), threads)
            : throw new ArgumentException(Invariant($"The model takes a tensor of 2 dimensions (rows, features); got {rows.Rank}."), nameof(rows));
    }

    private Prediction[] PredictRows(int count, ReadOnlySpan<float> rows, int threads)
    {
        CheckWidth(count, rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            if (!float.IsFinite(rows[i]))
            {
                throw new ArgumentException(Invariant($"Features must be finite; feature {i % InputCount} of row {i / InputCount} is {rows[i]}."), nameof(rows));
            }
        }

        var probabilities = new float[checked(count * ClassCount)];
        PredictBatch(rows, probabilities, threads);
        return Split(probabilities);
    }

    // Two rows of half the width would pass for one.
    private void CheckWidth(int count, int values)
    {
        if (values != (long)count * InputCount)
        {
            throw new ArgumentException(_inference.TakesFeatures
                ? Invariant($"The model takes {InputCount} features a row; got rows of {values / count}.")
                : Invariant($"The model takes {InputCount} pixels a picture; got pictures of {values / count}."));
        }
    }

    private Prediction[] Split(float[] probabilities)
    {
        var predictions = new Prediction[probabilities.Length / ClassCount];
        for (var i = 0; i < predictions.Length; i++)
        {
            predictions[i] = new Prediction(probabilities.AsMemory(i * ClassCount, ClassCount));
        }

        return predictions;
    }
}
