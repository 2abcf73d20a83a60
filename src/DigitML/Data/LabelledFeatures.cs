using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DigitML.Data;

/// <summary>
/// Rows of numbers of one width, each with its class: any table whose columns have become floats. Every value is finite.
/// </summary>
/// <remarks>Rows that were streamed in by a <see cref="LabelledFeaturesBuilder"/> are held once, as bytes where all of them are whole numbers from 0 to 255.</remarks>
public sealed partial class LabelledFeatures
{
    /// <summary>A network for more classes would be larger than a model file may be, and its confusion matrix larger than memory.</summary>
    internal const int MaximumClasses = 65_536;

    private readonly ReadOnlyMemory<int> _labels;
    private readonly ReadOnlyMemory<float> _weights;
    private readonly Lazy<string> _hash;

    /// <summary>Wraps a table; nothing is copied, so the arrays must not change afterwards.</summary>
    /// <param name="name">What the rows are, as figures about them shall call them.</param>
    /// <param name="featureCount">Numbers of a row, at least 1.</param>
    /// <param name="values">Row-major [count, features]; finite.</param>
    /// <param name="labels">[count] classes from 0 to 65,535, or empty when they are not known.</param>
    /// <param name="details">Weights of rows, names of features and classes; null for none.</param>
    /// <exception cref="ArgumentException">Values are no whole number of rows or not finite, labels or weights are not one each, or one is out of its range.</exception>
    public LabelledFeatures(string name, int featureCount, ReadOnlyMemory<float> values, ReadOnlyMemory<int> labels = default, FeatureDetails? details = null)
        : this(name, new FeatureBlocks(Width(name, featureCount, values.Length), values), labels, details)
    {
        CheckFinite(values.Span);
    }

    /// <summary>Takes rows that were checked.</summary>
    internal LabelledFeatures(string name, FeatureBlocks blocks, ReadOnlyMemory<int> labels, FeatureDetails? details)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        details ??= new FeatureDetails();
        (Name, Blocks, Details, _labels, _weights) = (name, blocks, details, labels, details.Weights);
        if (!labels.IsEmpty && labels.Length != Count)
        {
            throw new ArgumentException(Invariant($"{name}: expected one label for each of {Count} rows but got {labels.Length} labels."), nameof(labels));
        }

        if (!_weights.IsEmpty && _weights.Length != Count)
        {
            throw new ArgumentException(Invariant($"{name}: expected one weight for each of {Count} rows but got {_weights.Length} weights."), nameof(details));
        }

        if (details.FeatureNames.Count > 0 && details.FeatureNames.Count != FeatureCount)
        {
            throw new ArgumentException(Invariant($"{name}: expected a name for each of {FeatureCount} features but got {details.FeatureNames.Count}."), nameof(details));
        }

        var highest = -1;
        for (var row = 0; row < labels.Length; row++)
        {
            var label = labels.Span[row];
            if ((uint)label >= MaximumClasses)
            {
                throw new ArgumentException(Invariant($"{name}: expected labels from 0 to {MaximumClasses - 1} but row {row} has {label}."), nameof(labels));
            }

            highest = Math.Max(highest, label);
        }

        for (var row = 0; row < _weights.Length; row++)
        {
            if (!float.IsFinite(_weights.Span[row]) || _weights.Span[row] < 0)
            {
                throw new ArgumentException(Invariant($"{name}: expected weights that are finite and at least 0 but row {row} has {_weights.Span[row]}."), nameof(details));
            }
        }

        ClassCount = Math.Max(highest + 1, details.ClassNames.Count);
        HasLabels = !labels.IsEmpty;
        _hash = new Lazy<string>(ComputeHash);
    }

    /// <summary>What the rows are, as figures about them call them.</summary>
    public string Name { get; }

    /// <summary>Numbers of a row.</summary>
    public int FeatureCount => Blocks.RowLength;

    /// <summary>How many rows there are.</summary>
    public int Count => Blocks.Count;

    /// <summary>Whether every row has its class.</summary>
    public bool HasLabels { get; }

    /// <summary>Classes: as many as have names, or the highest label plus one; 0 without either.</summary>
    public int ClassCount { get; }

    /// <summary>All labels: [count], or empty.</summary>
    public ReadOnlySpan<int> Labels => _labels.Span;

    /// <summary>How much each row counts: [count], or empty when all count alike.</summary>
    public ReadOnlySpan<float> Weights => _weights.Span;

    /// <summary>Weights, names of features and of classes.</summary>
    public FeatureDetails Details { get; }

    /// <summary>SHA-256 in lower-case hexadecimal over width, values as they are held and labels; computed once, when first asked for.</summary>
    public string Hash => _hash.Value;

    /// <summary>The values.</summary>
    internal FeatureBlocks Blocks { get; }

    /// <summary>Copies one row out.</summary>
    /// <param name="row">0 to <see cref="Count"/> − 1.</param>
    /// <param name="target">[<see cref="FeatureCount"/>]; overwritten.</param>
    public void CopyRow(int row, Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        if (target.Length != FeatureCount)
        {
            throw new ArgumentException(Invariant($"A row has {FeatureCount} features; got room for {target.Length}."), nameof(target));
        }

        Blocks.CopyRow(row, target);
    }

    /// <summary>Copies of chosen rows, in the order given.</summary>
    /// <param name="rows">Each 0 to <see cref="Count"/> − 1; may repeat.</param>
    /// <param name="name">What figures about them shall call them.</param>
    internal LabelledFeatures Select(ReadOnlySpan<int> rows, string name)
    {
        var builder = new LabelledFeaturesBuilder(name, FeatureCount, Details);
        var row = new float[FeatureCount];
        foreach (var chosen in rows)
        {
            CopyRow(chosen, row);
            builder.Add(row, HasLabels ? Labels[chosen] : -1, Weights.IsEmpty ? 1 : Weights[chosen]);
        }

        return builder.Build();
    }

    /// <summary>The rows as square pictures.</summary>
    /// <exception cref="ArgumentException">They are none: says what they would have to be.</exception>
    internal LabelledImages ToImages()
    {
        var side = (int)Math.Round(Math.Sqrt(FeatureCount));
        if (side * side != FeatureCount || !Blocks.AreBytes || ClassCount > 256 || (HasLabels && !Labels.Contains(ClassCount - 1)) || !Weights.IsEmpty)
        {
            throw new ArgumentException(Invariant($"{Name}: augmentation changes pictures, so it needs features that are the pixels of square pictures, whole numbers from 0 to 255, of at most 256 classes and without weights; found {FeatureCount} features{(Blocks.AreBytes ? "" : " that are no whole numbers from 0 to 255")} and {ClassCount} classes."));
        }

        var pixels = new byte[checked(Count * FeatureCount)];
        for (var row = 0; row < Count; row++)
        {
            Blocks.Bytes(row).CopyTo(pixels.AsSpan(row * FeatureCount));
        }

        return new LabelledImages(Name, side, side, pixels, Array.ConvertAll(Labels.ToArray(), label => (byte)label));
    }

    /// <summary>How messages call a feature: by its name, else by its place from 0.</summary>
    internal string FeatureName(int feature) => Details.FeatureNames.Count > 0 ? $"'{Details.FeatureNames[feature]}'" : Invariant($"{feature}");

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Count} rows of {FeatureCount} features{(ClassCount > 0 ? $", {ClassCount} classes" : ", no labels")}";

    private static int Width(string name, int featureCount, int values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        return values % featureCount == 0
            ? featureCount
            : throw new ArgumentException(Invariant($"{name}: expected a whole number of rows of {featureCount} features but got {values} values."), nameof(values));
    }

    private void CheckFinite(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException(Invariant($"{Name}: expected finite values but row {i / FeatureCount} has {values[i]} in feature {FeatureName(i % FeatureCount)}."), nameof(values));
            }
        }
    }

    private string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, FeatureCount);
        hash.AppendData(number);
        hash.AppendData([Blocks.AreBytes ? (byte)1 : (byte)4]);
        for (var row = 0; row < Count; row++)
        {
            hash.AppendData(Blocks.AreBytes ? Blocks.Bytes(row) : MemoryMarshal.AsBytes(Blocks.Floats(row)));
        }

        foreach (var label in Labels)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, label);
            hash.AppendData(number);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>What is known of a table beside its values and labels.</summary>
public sealed record FeatureDetails
{
    /// <summary>How much each row counts in the loss: [count], finite and at least 0; only their ratios matter.</summary>
    /// <value>Empty: all alike.</value>
    public ReadOnlyMemory<float> Weights { get; init; }

    /// <summary>The features' names, in the order of the columns.</summary>
    /// <value>Empty: not known.</value>
    public IReadOnlyList<string> FeatureNames { get; init; } = [];

    /// <summary>The classes' names, in the order of the labels.</summary>
    /// <value>Empty: not known.</value>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>What reading the rows found that a user should know, a line each: values that were missing, words that a model does not know.</summary>
    /// <value>Empty.</value>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Invariant($"{nameof(FeatureDetails)} {{ {FeatureNames.Count} feature names, {ClassNames.Count} class names }}");
}
