using System.Globalization;
using DigitML.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace DigitML.MLNet;

/// <summary>The columns that a run reads, found and checked, and the label's classes.</summary>
internal sealed class InputColumns
{
    private readonly MlpTrainerOptions _options;
    private readonly DataViewSchema.Column _features;
    private readonly DataViewSchema.Column _label;
    private readonly DataViewSchema.Column? _weight;

    private InputColumns(MlpTrainerOptions options, DataViewSchema.Column features, DataViewSchema.Column label, DataViewSchema.Column? weight)
    {
        (_options, _features, _label, _weight) = (options, features, label, weight);
        Classes = ClassValues.Of(label);
    }

    /// <summary>The label's values, in the order of its keys.</summary>
    public ClassValues Classes { get; }

    /// <summary>Finds the columns of a data view.</summary>
    public static InputColumns Bind(DataViewSchema schema, MlpTrainerOptions options)
    {
        var features = Find(schema, "feature", options.FeatureColumnName);
        if (features.Type is not VectorDataViewType { ItemType: NumberDataViewType item } vector || item != NumberDataViewType.Single || vector.Size == 0)
        {
            throw Mismatch("feature", options.FeatureColumnName, "Vector<Single> of known size", features.Type.ToString()!);
        }

        var label = Find(schema, "label", options.LabelColumnName);
        if (label.Type is not KeyDataViewType)
        {
            throw Mismatch("label", options.LabelColumnName, "Key<UInt32> (MapValueToKey makes one)", label.Type.ToString()!);
        }

        DataViewSchema.Column? weight = null;
        if (options.ExampleWeightColumnName is { } name)
        {
            weight = Find(schema, "weight", name);
            if (weight.Value.Type != NumberDataViewType.Single)
            {
                throw Mismatch("weight", name, "Single", weight.Value.Type.ToString()!);
            }
        }

        return new InputColumns(options, features, label, weight);
    }

    /// <summary>Checks the columns that a pipeline before will give.</summary>
    public static void Check(SchemaShape schema, MlpTrainerOptions options)
    {
        var features = Find(schema, "feature", options.FeatureColumnName);
        if (features.Kind != SchemaShape.Column.VectorKind.Vector || features.ItemType != NumberDataViewType.Single || features.IsKey)
        {
            throw Mismatch("feature", options.FeatureColumnName, "Vector<Single> of known size", TextOf(features));
        }

        var label = Find(schema, "label", options.LabelColumnName);
        if (!label.IsKey || label.Kind != SchemaShape.Column.VectorKind.Scalar)
        {
            throw Mismatch("label", options.LabelColumnName, "Key<UInt32> (MapValueToKey makes one)", TextOf(label));
        }

        if (options.ExampleWeightColumnName is { } name && Find(schema, "weight", name) is var weight && (weight.Kind != SchemaShape.Column.VectorKind.Scalar || weight.ItemType != NumberDataViewType.Single))
        {
            throw Mismatch("weight", name, "Single", TextOf(weight));
        }
    }

    /// <summary>Reads all rows that have a label.</summary>
    /// <returns>The table, and how many rows had none.</returns>
    public (LabelledFeatures Table, long Missing) Read(IDataView data)
    {
        var width = ((VectorDataViewType)_features.Type).Size;
        var builder = new LabelledFeaturesBuilder(
            $"column '{_options.FeatureColumnName}'",
            width,
            new FeatureDetails { FeatureNames = SlotNames(width), ClassNames = Classes.Names });
        var missing = 0L;
        using var cursor = data.GetRowCursor(_weight is { } used ? [_features, _label, used] : [_features, _label]);
        var features = cursor.GetGetter<VBuffer<float>>(_features);
        var label = LabelOf(cursor);
        var weight = _weight is { } column ? cursor.GetGetter<float>(column) : null;
        VBuffer<float> buffer = default;
        var dense = new float[width];
        var factor = 1f;
        while (cursor.MoveNext())
        {
            var place = label();
            if (place < 0)
            {
                missing++;
                continue;
            }

            features(ref buffer);
            buffer.CopyTo(dense);
            weight?.Invoke(ref factor);
            if (!float.IsFinite(factor) || factor < 0)
            {
                throw new ArgumentException(Invariant($"Weight column '{_options.ExampleWeightColumnName}' must be finite and at least 0; row {cursor.Position} has {factor}."));
            }

            builder.Add(dense, place, factor);
        }

        return (builder.Build(), missing);
    }

    private static DataViewSchema.Column Find(DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(nameof(schema), $"Could not find {role} column '{name}'. There are: {string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}'"))}.");

    private static SchemaShape.Column Find(SchemaShape schema, string role, string name)
    {
        foreach (var column in schema)
        {
            if (column.Name == name)
            {
                return column;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(schema), $"Could not find {role} column '{name}'. There are: {string.Join(", ", schema.Select(column => $"'{column.Name}'"))}.");
    }

    private static ArgumentOutOfRangeException Mismatch(string role, string name, string expected, string found) =>
        new(nameof(name), $"Schema mismatch for {role} column '{name}': expected {expected}, got {found}.");

    private static string TextOf(SchemaShape.Column column)
    {
        var item = column.IsKey ? $"Key<{column.ItemType}>" : column.ItemType.ToString()!;
        return column.Kind switch
        {
            SchemaShape.Column.VectorKind.Vector => $"Vector<{item}>",
            SchemaShape.Column.VectorKind.VariableVector => $"Vector<{item}> of unknown size",
            _ => item,
        };
    }

    private string[] SlotNames(int width)
    {
        if (!_features.HasSlotNames())
        {
            return [];
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        _features.GetSlotNames(ref names);
        return [.. names.DenseValues().Select((name, i) => name.IsEmpty ? i.ToString(CultureInfo.InvariantCulture) : name.ToString()).Take(width)];
    }

    /// <summary>The label's place among its classes, from 0; −1 when it is missing.</summary>
    private Func<int> LabelOf(DataViewRow row)
    {
        if (_label.Type.RawType == typeof(byte))
        {
            return Of<byte>(value => value);
        }

        if (_label.Type.RawType == typeof(ushort))
        {
            return Of<ushort>(value => value);
        }

        return _label.Type.RawType == typeof(uint) ? Of<uint>(value => value) : Of<ulong>(value => value);

        Func<int> Of<T>(Func<T, ulong> number)
        {
            var getter = row.GetGetter<T>(_label);
            T value = default!;
            return () =>
            {
                getter(ref value);

                // Keys count from 1; 0 is missing.
                var key = number(value);
                return key > (ulong)Classes.Count ? throw new ArgumentException(Invariant($"Label column '{_options.LabelColumnName}' has {Classes.Count} values but row {row.Position} holds key {key}.")) : (int)key - 1;
            };
        }
    }
}
