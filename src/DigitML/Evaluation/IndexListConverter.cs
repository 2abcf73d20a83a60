using System.Text.Json;
using System.Text.Json.Serialization;

namespace DigitML.Evaluation;

/// <summary>Image numbers as JSON on one line, however many; indented they would take a line each.</summary>
internal sealed class IndexListConverter : JsonConverter<IReadOnlyList<int>>
{
    public override IReadOnlyList<int> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("Image numbers must be an array.");
        }

        var indices = new List<int>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            indices.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) ? index : throw new JsonException("An image's number must be a whole number."));
        }

        return indices;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<int> value, JsonSerializerOptions options) =>
        writer.WriteRawValue($"[{string.Join(", ", value)}]");
}
