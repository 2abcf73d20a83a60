using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DigitML.IO;

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

    /// <inheritdoc/>
    public override string ToString() => Invariant($"{nameof(FeatureDetails)} {{ {FeatureNames.Count} feature names, {ClassNames.Count} class names }}");
}

/// <summary>
/// Rows in blocks, so that a table can grow without being copied: bytes where every value is a whole number from 0 to 255, else floats.
/// </summary>
internal sealed class FeatureBlocks
{
    private readonly ReadOnlyMemory<float>[] _floats;
    private readonly ReadOnlyMemory<byte>[] _bytes;
    private readonly int _shift;
    private readonly int _mask;

    /// <summary>One block.</summary>
    public FeatureBlocks(int rowLength, ReadOnlyMemory<float> values)
        : this(rowLength, values.Length / rowLength, 31, [values], [])
    {
    }

    /// <summary>Blocks of 2^<paramref name="shift"/> rows, the last with what is left; one of the two kinds is empty.</summary>
    public FeatureBlocks(int rowLength, int count, int shift, ReadOnlyMemory<float>[] floats, ReadOnlyMemory<byte>[] bytes)
    {
        (RowLength, Count, _shift, _floats, _bytes) = (rowLength, count, shift, floats, bytes);
        _mask = shift == 31 ? int.MaxValue : (1 << shift) - 1;
    }

    public int RowLength { get; }

    public int Count { get; }

    public bool AreBytes => _bytes.Length > 0;

    public ReadOnlySpan<float> Floats(int row) => _floats[row >> _shift].Span.Slice((row & _mask) * RowLength, RowLength);

    public ReadOnlySpan<byte> Bytes(int row) => _bytes[row >> _shift].Span.Slice((row & _mask) * RowLength, RowLength);

    public void CopyRow(int row, Span<float> target)
    {
        if (!AreBytes)
        {
            Floats(row).CopyTo(target);
            return;
        }

        var bytes = Bytes(row);
        for (var i = 0; i < bytes.Length; i++)
        {
            target[i] = bytes[i];
        }
    }
}

/// <summary>Collects rows one by one, from a stream whose length is not known, and holds each of them once.</summary>
public sealed class LabelledFeaturesBuilder
{
    private const int FloatsPerBlock = 1 << 20;

    private readonly string _name;
    private readonly int _featureCount;
    private readonly FeatureDetails _details;
    private readonly int _shift;
    private readonly List<float[]> _floats = [];
    private readonly List<byte[]> _bytes = [];
    private readonly List<int> _labels = [];
    private readonly List<float> _weights = [];
    private bool _areBytes = true;
    private int _count;

    /// <summary>Starts a table.</summary>
    /// <param name="name">What the rows are, as figures about them shall call them.</param>
    /// <param name="featureCount">Numbers of a row, at least 1.</param>
    /// <param name="details">Names of features and classes; its weights are not looked at. Null for none.</param>
    public LabelledFeaturesBuilder(string name, int featureCount, FeatureDetails? details = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        (_name, _featureCount, _details) = (name, featureCount, details ?? new FeatureDetails());
        while ((2L << _shift) * featureCount <= FloatsPerBlock)
        {
            _shift++;
        }
    }

    /// <summary>Rows so far.</summary>
    public int Count => _count;

    /// <summary>Takes a row.</summary>
    /// <param name="features">[features]; copied.</param>
    /// <param name="label">Its class from 0, or −1 for all rows when classes are not known.</param>
    /// <param name="weight">How much it counts; 1 unless rows differ.</param>
    /// <exception cref="DigitException">A value is NaN or infinite; says which.</exception>
    /// <exception cref="ArgumentException">The row has another width.</exception>
    public void Add(ReadOnlySpan<float> features, int label, float weight = 1)
    {
        if (features.Length != _featureCount)
        {
            throw new ArgumentException(Invariant($"{_name}: expected rows of {_featureCount} features but row {_count} has {features.Length}."), nameof(features));
        }

        if (_areBytes && !AreBytes(features))
        {
            ToFloats();
        }

        var rowInBlock = _count & ((1 << _shift) - 1);
        if (rowInBlock == 0)
        {
            // The first block grows with the rows: small tables stay small.
            var rows = _count == 0 ? Math.Min(1 << _shift, 16) : 1 << _shift;
            if (_areBytes)
            {
                _bytes.Add(new byte[rows * _featureCount]);
            }
            else
            {
                _floats.Add(new float[rows * _featureCount]);
            }
        }

        if (_areBytes)
        {
            var target = Room(_bytes, rowInBlock);
            for (var i = 0; i < features.Length; i++)
            {
                target[i] = (byte)features[i];
            }
        }
        else
        {
            CheckFinite(features);
            features.CopyTo(Room(_floats, rowInBlock));
        }

        _labels.Add(label);
        if (_weights.Count > 0 || weight != 1)
        {
            while (_weights.Count < _count)
            {
                _weights.Add(1);
            }

            _weights.Add(weight);
        }

        _count++;
    }

    /// <summary>The table; the builder must not be used afterwards.</summary>
    /// <exception cref="ArgumentException">A label or weight is out of its range.</exception>
    public LabelledFeatures Build()
    {
        var blocks = new FeatureBlocks(
            _featureCount,
            _count,
            _shift,
            [.. _floats.Select(block => (ReadOnlyMemory<float>)block)],
            _areBytes ? [.. _bytes.Select(block => (ReadOnlyMemory<byte>)block)] : []);
        var labels = _labels.TrueForAll(label => label == -1) ? default(ReadOnlyMemory<int>) : _labels.ToArray();
        return new LabelledFeatures(_name, blocks, labels, _details with { Weights = _weights.ToArray() });
    }

    private static bool AreBytes(ReadOnlySpan<float> features)
    {
        foreach (var value in features)
        {
            if (!(value >= 0 && value <= 255) || value != (byte)value)
            {
                return false;
            }
        }

        return true;
    }

    private Span<T> Room<T>(List<T[]> blocks, int rowInBlock)
    {
        var block = CollectionsMarshal.AsSpan(blocks)[^1..];
        var needed = (rowInBlock + 1) * _featureCount;
        if (needed > block[0].Length)
        {
            Array.Resize(ref block[0], (int)Math.Min(2L * block[0].Length, (long)_featureCount << _shift));
        }

        return block[0].AsSpan(rowInBlock * _featureCount, _featureCount);
    }

    private void ToFloats()
    {
        for (var i = 0; i < _bytes.Count; i++)
        {
            _floats.Add(Array.ConvertAll(_bytes[i], value => (float)value));
            _bytes[i] = [];
        }

        _bytes.Clear();
        _areBytes = false;
    }

    private void CheckFinite(ReadOnlySpan<float> features)
    {
        for (var i = 0; i < features.Length; i++)
        {
            if (!float.IsFinite(features[i]))
            {
                var feature = _details.FeatureNames.Count == _featureCount ? $"'{_details.FeatureNames[i]}'" : Invariant($"{i}");
                throw new DigitException($"{_name}: expected finite values but row {_count} has {features[i]} in feature {feature}. Replace missing values or drop the row.");
            }
        }
    }
}
