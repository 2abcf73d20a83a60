using DigitML.Pixels;
using DigitML.Synthesis;

namespace DigitML.Data;

/// <summary>
/// Digits that a program writes: pen strokes in several styles of each digit, bent as hands bend them, drawn with
/// pens of many widths and made into 28×28 pixels exactly as MNIST was. The built-in data where MNIST cannot be had.
/// </summary>
/// <remarks>Endless and seeded: picture <c>i</c> of a seed is the same on every machine, whatever else is made.</remarks>
public static class SyntheticDigits
{
    /// <summary>The name under which figures report them.</summary>
    public const string Name = "synthetic digits";

    private const int ClassCount = 10;

    // Pixels a digit's height in the scan: NIST's digits were some twenty to sixty high at 300 dots an inch.
    private const float MinHeight = 20;
    private const float MaxHeight = 56;

    /// <summary>How figures call the data they are about: by name, with the word synthetic where a program drew them and the name does not say so.</summary>
    /// <param name="dataset">The data's name.</param>
    /// <param name="isSynthetic">Whether a program drew them.</param>
    public static string NameOf(string dataset, bool isSynthetic)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return isSynthetic && !dataset.Contains("synthetic", StringComparison.OrdinalIgnoreCase) ? $"{dataset} (synthetic)" : dataset;
    }

    /// <summary>What a line of figures ends with when they are about digits that a program drew.</summary>
    internal static string NoteOf(bool isSynthetic) => isSynthetic ? " (synthetic)" : "";

    /// <summary>Makes labelled digits of 28×28 pixels. Every ten pictures in a row, from a multiple of ten on, hold each digit once.</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="seed">The series.</param>
    /// <param name="start">The place of the first one in the series, at least 0.</param>
    /// <param name="name">What figures about them call them; null for <see cref="Name"/>.</param>
    /// <param name="threads">Threads that draw; the result does not depend on it. 0 takes one per processor.</param>
    public static LabelledImages Create(int count, int seed, long start = 0, string? name = null, int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.MaxLength / (MnistFrame.Side * MnistFrame.Side));
        const int Pixels = MnistFrame.Side * MnistFrame.Side;
        var pixels = new byte[count * Pixels];
        var labels = new byte[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? -1 : threads };
        Parallel.For(0, count, options, i =>
        {
            labels[i] = LabelOf(seed, start + i);
            var random = SeededRandom.OfItem(seed, start + i);
            var strokes = Writer.Write(labels[i], random);
            MnistFrame.Put(strokes.DrawBilevel(random.Between(MinHeight, MaxHeight))).CopyTo(pixels, i * Pixels);
        });
        return new LabelledImages(name ?? Name, MnistFrame.Side, MnistFrame.Side, pixels, labels, isSynthetic: true);
    }

    /// <summary>Draws a digit of any size with smooth edges in the middle of a square, as the hand at some place of a series writes it.</summary>
    /// <param name="label">The digit, 0 to 9; with the label that <see cref="Create"/> has at this place, it is the same writing.</param>
    /// <param name="seed">The series.</param>
    /// <param name="index">The place in it, at least 0.</param>
    /// <param name="size">Pixels a side, 1 to 8,192.</param>
    /// <param name="penWidth">Width of the trace in pixels, greater than 0; null for the writer's own pen.</param>
    /// <param name="margin">Ground left free on each side, as a share of the side, 0 to 0.45.</param>
    /// <returns>[size, size]: 0 ground to 255 ink.</returns>
    internal static byte[] Draw(int label, int seed, long index, int size, float? penWidth = null, float margin = 0.1f)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, ClassCount);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 8192);
        if (!(margin is >= 0 and <= 0.45f && penWidth is null or > 0))
        {
            throw new ArgumentException(Invariant($"Expected a margin of 0 to 0.45 and a pen wider than 0; got {margin} and {penWidth}."));
        }

        return Writer.Write(label, SeededRandom.OfItem(seed, index)).DrawSmooth(size, margin, penWidth).ToBytes();
    }

    private static byte LabelOf(int seed, long index)
    {
        Span<byte> labels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        SeededRandom.OfItem(~seed, index / ClassCount).Shuffle(labels);
        return labels[(int)(index % ClassCount)];
    }
}
