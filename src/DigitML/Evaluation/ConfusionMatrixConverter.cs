using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DigitML.Evaluation;

/// <summary>A confusion matrix as JSON: an array of rows, one line a row where the writer indents.</summary>
internal sealed class ConfusionMatrixConverter : JsonConverter<ConfusionMatrix>
{
    /// <summary>The most classes that are read: labels are bytes.</summary>
    private const int MaximumClasses = 256;

    public override ConfusionMatrix Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var counts = new List<int>();
        var rows = 0;
        Expect(reader.TokenType, JsonTokenType.StartArray);
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            Expect(reader.TokenType, JsonTokenType.StartArray);
            rows++;
            while (Next(ref reader) != JsonTokenType.EndArray)
            {
                Expect(reader.TokenType, JsonTokenType.Number);
                if (!reader.TryGetInt32(out var count) || count < 0 || counts.Count >= MaximumClasses * MaximumClasses)
                {
                    throw new JsonException($"expected a confusion matrix of at most {MaximumClasses} classes whose counts are whole numbers from 0 to {int.MaxValue}");
                }

                counts.Add(count);
            }

            if (counts.Count % rows != 0)
            {
                throw new JsonException(Invariant($"expected the rows of the confusion matrix to be of one length but row {rows} is not"));
            }
        }

        if (rows == 0 || counts.Count != rows * rows)
        {
            throw new JsonException(Invariant($"expected a square confusion matrix but found {rows} rows with {counts.Count} counts in all"));
        }

        try
        {
            return new ConfusionMatrix(rows, counts.ToArray());
        }
        catch (ArgumentException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    public override void Write(Utf8JsonWriter writer, ConfusionMatrix value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        for (var t = 0; t < value.ClassCount; t++)
        {
            var row = new string[value.ClassCount];
            for (var p = 0; p < row.Length; p++)
            {
                row[p] = value[t, p].ToString(CultureInfo.InvariantCulture);
            }

            writer.WriteRawValue($"[{string.Join(", ", row)}]");
        }

        writer.WriteEndArray();
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw new JsonException("the confusion matrix ends early");

    private static void Expect(JsonTokenType found, JsonTokenType expected)
    {
        if (found != expected)
        {
            throw new JsonException($"expected the confusion matrix to be an array of rows of counts but found {found}");
        }
    }
}
