using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DigitML.AutoML.Spaces;

/// <summary>What a setting is set to: a number or a word.</summary>
[JsonConverter(typeof(SettingValueConverter))]
public readonly record struct SettingValue
{
    private readonly double _number;
    private readonly string? _word;

    /// <summary>A number.</summary>
    /// <param name="number">Finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public SettingValue(double number)
    {
        _number = double.IsFinite(number) ? number : throw new ArgumentOutOfRangeException(nameof(number), number, "A setting must be finite.");
    }

    /// <summary>A word.</summary>
    /// <param name="word">As the setting's choices spell it.</param>
    public SettingValue(string word)
    {
        ArgumentException.ThrowIfNullOrEmpty(word);
        _word = word;
    }

    /// <summary>Whether it is a word.</summary>
    public bool IsWord => _word is not null;

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">It is a word.</exception>
    public double Number => _word is null ? _number : throw new InvalidOperationException($"Expected a number but the setting is '{_word}'.");

    /// <summary>The number as a whole one.</summary>
    /// <exception cref="InvalidOperationException">It is a word.</exception>
    public int Whole => checked((int)Math.Round(Number));

    /// <summary>The word.</summary>
    /// <exception cref="InvalidOperationException">It is a number.</exception>
    public string Word => _word ?? throw new InvalidOperationException(Invariant($"Expected a word but the setting is {_number}."));

    /// <summary>A number.</summary>
    public static implicit operator SettingValue(double number) => new(number);

    /// <summary>A word.</summary>
    public static implicit operator SettingValue(string word) => new(word);

    /// <summary>The number as it reads back, or the word.</summary>
    public override string ToString() => _word ?? _number.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>A JSON number or a JSON string.</summary>
internal sealed class SettingValueConverter : JsonConverter<SettingValue>
{
    public override SettingValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => new SettingValue(reader.GetDouble()),
        JsonTokenType.String when reader.GetString() is { Length: > 0 } word => new SettingValue(word),
        var other => throw new JsonException($"a setting must be a number or a word; found {other}."),
    };

    public override void Write(Utf8JsonWriter writer, SettingValue value, JsonSerializerOptions options)
    {
        if (value.IsWord)
        {
            writer.WriteStringValue(value.Word);
        }
        else
        {
            writer.WriteNumberValue(value.Number);
        }
    }
}
