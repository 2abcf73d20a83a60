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
        typeof(CamelCaseEnumConverter<Optimizer>),
        typeof(CamelCaseEnumConverter<LearningRateSchedule>),
        typeof(CamelCaseEnumConverter<PixelScaling>),
        typeof(CamelCaseEnumConverter<StopReason>),
    ])]
[JsonSerializable(typeof(MlpOptions))]
[JsonSerializable(typeof(HistoryDocument))]
internal sealed partial class TrainingJson : JsonSerializerContext
{
    /// <summary>The same on one line.</summary>
    public static TrainingJson Compact => field ??= new(new(Default.Options) { WriteIndented = false });
}
