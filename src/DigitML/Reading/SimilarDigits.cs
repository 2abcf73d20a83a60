using System.Numerics.Tensors;
using DigitML.Data;
using DigitML.Models;
using DigitML.Pixels;

namespace DigitML.Reading;

/// <summary>
/// Finds the drawn digits that a network takes to be most like a given one: nearest, by the cosine between what the units of its last hidden layer
/// give. They are of the synthetic writers whose digits the shipped network learnt from, among others; they are drawn anew, so that none is shipped.
/// </summary>
/// <remarks>Safe to use from many threads at once.</remarks>
public sealed class SimilarDigits
{
    private readonly Mlp _model;
    private readonly LabelledImages _digits;

    // A row of length 1 for each digit.
    private readonly float[][] _rows;

    private SimilarDigits(Mlp model, LabelledImages digits, float[][] rows) => (_model, _digits, _rows) = (model, digits, rows);

    /// <summary>Draws digits and asks the network about each; half a second for 2,000 of them and the shipped network.</summary>
    /// <param name="model">A network of 28×28 pixels with a hidden layer.</param>
    /// <param name="count">How many digits are drawn, at least 1.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">The network is none that digits of 28×28 can be given to, or has no hidden layer.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static SimilarDigits Of(Mlp model, int count = 2000, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!Suits(model))
        {
            throw new ArgumentException(Invariant($"{nameof(SimilarDigits)} needs a network of 784 pixels with a hidden layer; got {model.Shape}."), nameof(model));
        }

        var digits = SyntheticDigits.Create(count, ReaderTrainer.Recipe.Seed, threads: 1);
        var rows = new float[count][];
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows[i] = RowOf(model, digits.Image(i));
        }

        return new SimilarDigits(model, digits, rows);
    }

    /// <summary>Whether a network has what is compared.</summary>
    /// <param name="model">The network.</param>
    public static bool Suits(Mlp model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model is { FeatureNormalization: null, InputCount: MnistFrame.Side * MnistFrame.Side, Layers.Count: > 1 };
    }

    /// <summary>The drawn digits most like a given one, the likest first.</summary>
    /// <param name="pixels">[784], 0 to 255, ink light.</param>
    /// <param name="count">How many at most.</param>
    /// <exception cref="ArgumentException">The span is not of 784 pixels.</exception>
    public IReadOnlyList<SimilarDigit> Nearest(ReadOnlySpan<byte> pixels, int count = 6)
    {
        var row = RowOf(_model, pixels);
        var likeness = Array.ConvertAll(_rows, other => TensorPrimitives.Dot<float>(row, other));
        return [.. Enumerable.Range(0, likeness.Length)
            .OrderByDescending(i => likeness[i])
            .ThenBy(i => i)
            .Take(count)
            .Select(i => new SimilarDigit(new GreyImage(MnistFrame.Side, MnistFrame.Side, _digits.Image(i).ToArray()), _digits.Label(i), Math.Clamp(likeness[i], -1, 1)))];
    }

    private static float[] RowOf(Mlp model, ReadOnlySpan<byte> pixels)
    {
        var units = model.Activations(pixels)[^1];
        var length = TensorPrimitives.Norm<float>(units);
        if (length > 0)
        {
            TensorPrimitives.Divide(units, length, units);
        }

        return units;
    }
}

/// <summary>A drawn digit that is like another.</summary>
/// <param name="Picture">[28, 28], ink light on black.</param>
/// <param name="Digit">Which it is, 0 to 9.</param>
/// <param name="Likeness">The cosine, −1 to 1; 1 where the network tells no difference.</param>
public sealed record SimilarDigit(GreyImage Picture, int Digit, double Likeness)
{
    /// <inheritdoc/>
    public override string ToString() => IO.InvariantText.OfRecord(nameof(SimilarDigit), PrintMembers);
}
