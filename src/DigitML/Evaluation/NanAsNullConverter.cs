using System.Text.Json;
using System.Text.Json.Serialization;

namespace DigitML.Evaluation;

/// <summary>A metric as JSON: a number, or null where it is NaN because there was nothing to measure, which JSON has no number for.</summary>
internal sealed class NanAsNullConverter : JsonConverter<double>
{
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsNaN(value))
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteNumberValue(value);
        }
    }
}
