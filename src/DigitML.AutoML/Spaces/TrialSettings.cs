using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using DigitML.IO;

namespace DigitML.AutoML.Spaces;

/// <summary>One point of a <see cref="SearchSpace"/>: the settings of a trial by name, in the space's order. Immutable.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "Settings are what people call it; a collection is what it is made of.")]
public sealed class TrialSettings : IReadOnlyDictionary<string, SettingValue>, IEquatable<TrialSettings>
{
    private readonly OrderedDictionary<string, SettingValue> _values;

    /// <summary>Takes settings over.</summary>
    /// <param name="values">By name, each once.</param>
    /// <exception cref="ArgumentException">A name stands twice.</exception>
    public TrialSettings(IEnumerable<KeyValuePair<string, SettingValue>> values) => _values = new OrderedDictionary<string, SettingValue>(values, StringComparer.Ordinal);

    /// <summary>No settings.</summary>
    public static TrialSettings Empty { get; } = new([]);

    /// <inheritdoc/>
    public SettingValue this[string key] => _values.TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"This trial has no setting '{key}'; it has {string.Join(", ", Keys)}.");

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _values.Keys;

    /// <inheritdoc/>
    public IEnumerable<SettingValue> Values => _values.Values;

    /// <inheritdoc/>
    public int Count => _values.Count;

    /// <summary>The same settings and one more, or one otherwise.</summary>
    /// <param name="name">Which.</param>
    /// <param name="value">Its value.</param>
    public TrialSettings With(string name, SettingValue value)
    {
        var copy = new TrialSettings(_values);
        copy._values[name] = value;
        return copy;
    }

    /// <summary>The settings as a JSON object on one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(_values);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">A JSON object of numbers and words.</param>
    /// <exception cref="DigitException">The text is no such object.</exception>
    public static TrialSettings FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            return new TrialSettings(document.RootElement.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, property.Value.Deserialize<SettingValue>())));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new DigitException($"settings: expected a JSON object of numbers and words, but: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out SettingValue value) => _values.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, SettingValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(TrialSettings? other) => other is not null && Count == other.Count && this.All(setting => other.TryGetValue(setting.Key, out var value) && value == setting.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TrialSettings);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.Aggregate(0, (hash, setting) => hash ^ HashCode.Combine(setting.Key, setting.Value));

    /// <summary>The settings on one line: <c>layers 2, units1 512</c>.</summary>
    public override string ToString() => string.Join(", ", _values.Select(setting => $"{setting.Key} {Short(setting.Value)}"));

    private static string Short(SettingValue value) => value.IsWord ? value.Word : Invariant($"{value.Number:G4}");
}
