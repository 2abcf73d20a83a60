using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace DigitML.MLNet;

/// <summary>The values of a label column, in the order of its keys, of whatever type they are.</summary>
internal abstract class ClassValues
{
    private const int MostClasses = 65_536;

    /// <summary>How many there are.</summary>
    public int Count => Names.Length;

    /// <summary>As text, written the same under every culture: names of the score's slots.</summary>
    public abstract string[] Names { get; }

    /// <summary>Maps a class's place to its value, as a key with all values; a place that no class has to the key that is missing.</summary>
    public abstract EstimatorChain<ITransformer> AppendPredictedLabel(EstimatorChain<ITransformer> chain, MLContext ml, string outputColumn, string placeColumn);

    /// <summary>Text, for where there is no label to ask.</summary>
    public static ClassValues OfText(params string[] names) => new Typed<ReadOnlyMemory<char>>([.. names.Select(name => name.AsMemory())]);

    /// <summary>Those of a column.</summary>
    public static ClassValues Of(DataViewSchema.Column label)
    {
        var key = (KeyDataViewType)label.Type;
        if (key.Count is 0 or > MostClasses)
        {
            throw new ArgumentOutOfRangeException(nameof(label), Invariant($"Schema mismatch for label column '{label.Name}': expected a key of 1 to {MostClasses} values, got {key.Count}."));
        }

        if (label.Annotations.Schema.GetColumnOrNull("KeyValues") is not { } values)
        {
            // A key without values stands for itself; ML.NET counts and shows such keys from 0.
            return new Typed<uint>([.. Enumerable.Range(0, (int)key.Count).Select(value => (uint)value)]);
        }

        var type = ((VectorDataViewType)values.Type).ItemType.RawType;
        return type switch
        {
            _ when type == typeof(ReadOnlyMemory<char>) => Typed<ReadOnlyMemory<char>>.From(label),
            _ when type == typeof(float) => Typed<float>.From(label),
            _ when type == typeof(double) => Typed<double>.From(label),
            _ when type == typeof(sbyte) => Typed<sbyte>.From(label),
            _ when type == typeof(byte) => Typed<byte>.From(label),
            _ when type == typeof(short) => Typed<short>.From(label),
            _ when type == typeof(ushort) => Typed<ushort>.From(label),
            _ when type == typeof(int) => Typed<int>.From(label),
            _ when type == typeof(uint) => Typed<uint>.From(label),
            _ when type == typeof(long) => Typed<long>.From(label),
            _ when type == typeof(ulong) => Typed<ulong>.From(label),
            _ when type == typeof(bool) => Typed<bool>.From(label),
            _ when type == typeof(DateTime) => Typed<DateTime>.From(label),
            _ => throw new ArgumentOutOfRangeException(nameof(label), $"Schema mismatch for label column '{label.Name}': expected key values that are text, numbers, booleans or dates, got {type.Name}."),
        };
    }

    private sealed class Typed<T>(T[] values) : ClassValues
    {
        public override string[] Names { get; } = [.. values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];

        public static Typed<T> From(DataViewSchema.Column label)
        {
            VBuffer<T> buffer = default;
            label.GetKeyValues(ref buffer);
            return new Typed<T>([.. buffer.DenseValues()]);
        }

        public override EstimatorChain<ITransformer> AppendPredictedLabel(EstimatorChain<ITransformer> chain, MLContext ml, string outputColumn, string placeColumn)
        {
            var places = values.Select((value, place) => new KeyValuePair<uint, T>((uint)place, value));
            if (!TryUnused(out var unused))
            {
                // Every value is a class's, so none can stand for what is missing; as text there is one.
                return chain.Append<ITransformer>(ml.Transforms.Conversion.MapValue(outputColumn, Names.Select((name, place) => new KeyValuePair<uint, string>((uint)place, name)), placeColumn, treatValuesAsKeyType: true));
            }

            // By way of a value, since a mapping to keys makes text of what they stand for. The place that no class has gets a value that no
            // class has, which becomes the key that is missing.
            var keys = ml.Data.LoadFromEnumerable(values.Select(value => new KeyValue<T> { Value = value }));
            return chain
                .Append<ITransformer>(ml.Transforms.Conversion.MapValue(outputColumn, places.Append(new KeyValuePair<uint, T>(uint.MaxValue, unused)), placeColumn))
                .Append<ITransformer>(ml.Transforms.Conversion.MapValueToKey(outputColumn, maximumNumberOfKeys: MostClasses, keyData: keys));
        }

        /// <summary>Finds a value that is no class's.</summary>
        private bool TryUnused(out T unused)
        {
            unused = default!;
            if (typeof(T) == typeof(bool))
            {
                return false;
            }

            var used = new HashSet<string>(Names, StringComparer.Ordinal);
            for (var i = 0; i <= values.Length && (i < 128 || typeof(T) != typeof(sbyte)) && (i < 256 || typeof(T) != typeof(byte)); i++)
            {
                unused = typeof(T) == typeof(ReadOnlyMemory<char>) ? (T)(object)Invariant($"({i})").AsMemory()
                    : typeof(T) == typeof(DateTime) ? (T)(object)DateTime.UnixEpoch.AddDays(i)
                    : (T)Convert.ChangeType(i, typeof(T), CultureInfo.InvariantCulture);
                if (!used.Contains(Convert.ToString(unused, CultureInfo.InvariantCulture)!))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private sealed class KeyValue<T>
    {
        public T Value { get; set; } = default!;
    }
}
