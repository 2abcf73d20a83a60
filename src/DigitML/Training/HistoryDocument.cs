using System.Text.Json;
using System.Text.Json.Serialization;
using DigitML.IO;

namespace DigitML.Training;

/// <summary>The fields of <c>history.json</c> in their order; what can be worked out from others is left out.</summary>
internal sealed record HistoryDocument
{
    public required string Dataset { get; init; }

    public required bool Synthetic { get; init; }

    public required JsonElement Options { get; init; }

    public required IReadOnlyList<EpochDocument> Epochs { get; init; }

    public required int BestEpoch { get; init; }

    public required StopReason StopReason { get; init; }

    public required double TrainSeconds { get; init; }

    public required int Parameters { get; init; }

    public required int Threads { get; init; }

    public required int TrainingImages { get; init; }

    public required int ValidationImages { get; init; }

    public required string DataHash { get; init; }
}

/// <summary>One completed epoch in <c>history.json</c>.</summary>
internal sealed record EpochDocument
{
    public required int Epoch { get; init; }

    [JsonConverter(typeof(NanAsNullConverter))]
    public required double TrainLoss { get; init; }

    public required double TrainAccuracy { get; init; }

    [JsonConverter(typeof(NanAsNullConverter))]
    public required double? ValidationLoss { get; init; }

    public required double? ValidationAccuracy { get; init; }

    public required double Seconds { get; init; }

    public required double LearningRate { get; init; }
}
