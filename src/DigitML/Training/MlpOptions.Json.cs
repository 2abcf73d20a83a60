using System.Text.Json;
using System.Text.Json.Nodes;
using DigitML.IO;

namespace DigitML.Training;

public sealed partial record MlpOptions
{
    /// <summary>The options as JSON on one line: every option by its name in camel case, enumerations by name.</summary>
    /// <returns>The same text for the same options.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, TrainingJson.Compact.MlpOptions);

    /// <summary>Reads what <see cref="ToJson"/> wrote. An option that is not there has its default; one that is not known is passed over.</summary>
    /// <param name="json">A JSON object.</param>
    /// <exception cref="DigitException">The text is no such object, or an option is out of its range.</exception>
    public static MlpOptions FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            return FromElement(document.RootElement);
        }
        catch (JsonException error)
        {
            throw new DigitException($"options: expected training options in JSON, but: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    /// <summary>Reads options that are part of a larger document.</summary>
    /// <exception cref="JsonException">The element holds no options, or one is out of its range.</exception>
    internal static MlpOptions FromElement(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException($"options must be an object; found {element.ValueKind}.");
        }

        // The generated reader leaves what is missing at zero rather than at its default, so the defaults go first.
        var merged = JsonSerializer.SerializeToNode(new MlpOptions(), TrainingJson.Compact.MlpOptions)!.AsObject();
        foreach (var property in element.EnumerateObject())
        {
            merged[property.Name] = JsonNode.Parse(property.Value.GetRawText());
        }

        if (merged["distillation"] is JsonObject distillation)
        {
            var usual = JsonSerializer.SerializeToNode(new DistillationOptions(), TrainingJson.Compact.DistillationOptions)!.AsObject();
            foreach (var (name, value) in usual.ToArray())
            {
                distillation.TryAdd(name, value!.DeepClone());
            }
        }

        try
        {
            var options = merged.Deserialize(TrainingJson.Compact.MlpOptions)!;
            options.Validate();
            return options;
        }
        catch (ArgumentException error)
        {
            throw new JsonException(error.Message, error);
        }
    }
}
