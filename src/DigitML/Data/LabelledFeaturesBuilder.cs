using System.Runtime.InteropServices;
using DigitML.IO;

namespace DigitML.Data;

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
