using System.Numerics.Tensors;
using DigitML.IO;

namespace DigitML.Data;

public sealed partial class LabelledFeatures
{
    private const string FromArrays = "arrays";

    /// <summary>Makes a table of rows in arrays, which are copied.</summary>
    /// <param name="rows">Each [features], finite, all of one length.</param>
    /// <param name="labels">[count] classes from 0 to 65,535, or empty when they are not known.</param>
    /// <param name="details">Weights of rows, names of features and classes; null for none.</param>
    /// <param name="name">What the rows are, as figures about them shall call them.</param>
    /// <exception cref="ArgumentException">Rows differ in length, a value is not finite, or labels or weights are not one each or out of their range.</exception>
    public static LabelledFeatures From(float[][] rows, ReadOnlySpan<int> labels = default, FeatureDetails? details = null, string name = FromArrays)
    {
        var values = Arrays.Joined(rows, name, ("row", "features"), out var width, nameof(rows));
        return Made(name, width, values, labels, details, nameof(rows));
    }

    /// <inheritdoc cref="From(float[][], ReadOnlySpan{int}, FeatureDetails?, string)"/>
    /// <param name="rows">[count, features], finite.</param>
    /// <param name="labels"/><param name="details"/><param name="name"/>
    public static LabelledFeatures From(float[,] rows, ReadOnlySpan<int> labels = default, FeatureDetails? details = null, string name = FromArrays)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Made(name, rows.GetLength(1), Arrays.Flat<float>(rows).ToArray(), labels, details, nameof(rows));
    }

    /// <inheritdoc cref="From(float[][], ReadOnlySpan{int}, FeatureDetails?, string)"/>
    /// <param name="rows">A tensor [count, features], finite. Any strides.</param>
    /// <param name="labels"/><param name="details"/><param name="name"/>
    public static LabelledFeatures From(in ReadOnlyTensorSpan<float> rows, ReadOnlySpan<int> labels = default, FeatureDetails? details = null, string name = FromArrays)
    {
        return rows.Rank == 2
            ? Made(name, Arrays.SizeOf(rows, 1), Arrays.Flat(rows, name, nameof(rows)), labels, details, nameof(rows))
            : throw new ArgumentException(Invariant($"{name}: expected a tensor of 2 dimensions (count, features); got {rows.Rank}."), nameof(rows));
    }

    private static LabelledFeatures Made(string name, int width, float[] values, ReadOnlySpan<int> labels, FeatureDetails? details, string parameter) => width > 0
        ? new LabelledFeatures(name, width, values, labels.ToArray(), details)
        : throw new ArgumentException($"{name}: expected rows of at least one feature but there are none.", parameter);
}
