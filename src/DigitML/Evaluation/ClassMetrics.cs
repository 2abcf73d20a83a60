using System.Text.Json.Serialization;
using DigitML.IO;

namespace DigitML.Evaluation;

/// <summary>How well one class was recognised.</summary>
public sealed record ClassMetrics
{
    /// <summary>The class, from 0.</summary>
    public required int Class { get; init; }

    /// <summary>Images of this class.</summary>
    public required int Support { get; init; }

    /// <summary>Share of the images taken for this class that are of it, 0 to 1; higher is better; NaN (null in JSON) when none were.</summary>
    [JsonConverter(typeof(NanAsNullConverter))]
    public required double Precision { get; init; }

    /// <summary>Share of this class's images that were recognised, 0 to 1; higher is better; NaN (null in JSON) when there are none.</summary>
    [JsonConverter(typeof(NanAsNullConverter))]
    public required double Recall { get; init; }

    /// <summary>The harmonic mean of precision and recall, 0 to 1; higher is better; NaN (null in JSON) when the class neither occurs nor was predicted.</summary>
    [JsonConverter(typeof(NanAsNullConverter))]
    public required double F1 { get; init; }

    /// <summary>Mean of −ln(probability of this class) over its images, in nats, at least 0; lower is better; NaN (null in JSON) when there are none.</summary>
    [JsonConverter(typeof(NanAsNullConverter))]
    public required double LogLoss { get; init; }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(ClassMetrics), PrintMembers);
}
