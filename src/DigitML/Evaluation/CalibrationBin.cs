using System.Text.Json.Serialization;
using DigitML.IO;

namespace DigitML.Evaluation;

/// <summary>The images whose predicted class was given a probability within (<see cref="Lower"/>, <see cref="Upper"/>]: one bar of a calibration chart.</summary>
public sealed record CalibrationBin
{
    /// <summary>The bin begins above this probability.</summary>
    public required double Lower { get; init; }

    /// <summary>The bin ends with this probability.</summary>
    public required double Upper { get; init; }

    /// <summary>Images in the bin.</summary>
    public required int Count { get; init; }

    /// <summary>Mean probability of the predicted class, 0 to 1; near <see cref="Accuracy"/> is good; NaN (null in JSON) in an empty bin.</summary>
    [JsonConverter(typeof(NanAsNullConverter))]
    public required double Confidence { get; init; }

    /// <summary>Share of the bin's images classified correctly, 0 to 1; NaN (null in JSON) in an empty bin.</summary>
    [JsonConverter(typeof(NanAsNullConverter))]
    public required double Accuracy { get; init; }
}
