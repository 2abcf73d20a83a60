using System.Text.Json;
using System.Text.Json.Serialization;
using DigitML.IO;

namespace DigitML.Training;

/// <summary>How options and histories are written: camel case, enumerations by name, the same line ends everywhere.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    RespectNullableAnnotations = true,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters =
    [
        typeof(CamelCaseEnumConverter<HiddenActivation>),
        typeof(CamelCaseEnumConverter<Optimizer>),
        typeof(CamelCaseEnumConverter<LearningRateSchedule>),
        typeof(CamelCaseEnumConverter<PixelScaling>),
        typeof(CamelCaseEnumConverter<FeatureScaling>),
        typeof(CamelCaseEnumConverter<StopReason>),
    ])]
[JsonSerializable(typeof(MlpOptions))]
[JsonSerializable(typeof(TrainingHistory))]
[JsonSerializable(typeof(CheckpointHeader))]
internal sealed partial class TrainingJson : JsonSerializerContext
{
    /// <summary>The same on one line.</summary>
    public static TrainingJson Compact => field ??= new(new(Default.Options) { WriteIndented = false });
}

/// <summary>Options as a part of a document: what is missing has its default, and ranges are checked.</summary>
internal sealed class MlpOptionsConverter : JsonConverter<MlpOptions>
{
    public override MlpOptions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return MlpOptions.FromElement(document.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, MlpOptions value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, TrainingJson.Compact.MlpOptions);
}
