using System.Text.Json.Serialization;
using DigitML.Evaluation;
using DigitML.Training;

namespace DigitML.Web.Trainings;

/// <summary>The answer of <c>/api/training</c>.</summary>
/// <param name="State">idle, loading, running, searching, fitting (the search's best), done, stopped or failed.</param>
/// <param name="Recipe">The recipe, or search; null when none has begun.</param>
/// <param name="PlannedEpochs">Epochs that were asked for, or of the search's best.</param>
internal sealed record TrainingDocument(string State, string? Recipe = null, int PlannedEpochs = 0)
{
    /// <summary>Before the first.</summary>
    public static TrainingDocument Idle { get; } = new("idle");

    /// <summary>What it trains on.</summary>
    public string? Dataset { get; init; }

    /// <summary>Why it is other digits than MNIST; null when it is MNIST.</summary>
    public string? Notice { get; init; }

    /// <summary>The epochs that are over.</summary>
    public IReadOnlyList<EpochDocument> Epochs { get; init; } = [];

    /// <summary>The epoch that is running; null between epochs.</summary>
    public EpochDocument? Now { get; init; }

    /// <summary>The epoch that is kept; 0 before the first is over.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Share of test images read correctly by the model of that epoch; null before.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Test images.</summary>
    public int TestImages { get; init; }

    /// <summary>Which they are.</summary>
    public string? TestSet { get; init; }

    /// <summary>[true, predicted] counts on the test images; null before the first epoch is over.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? ConfusionMatrix { get; init; }

    /// <summary>Wall time of training, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>How the search stands; null for a training.</summary>
    public SearchDocument? Search { get; init; }

    /// <summary>What went wrong, in one line.</summary>
    public string? Error { get; init; }

    /// <summary>With what a model did on the test images.</summary>
    public TrainingDocument Measured(EvaluationResult evaluation, string testSet)
    {
        var matrix = evaluation.ConfusionMatrix;
        return this with
        {
            Accuracy = evaluation.MicroAccuracy,
            TestImages = evaluation.Count,
            TestSet = testSet,
            ConfusionMatrix = [.. Enumerable.Range(0, matrix.ClassCount).Select(t => Enumerable.Range(0, matrix.ClassCount).Select(p => matrix[t, p]).ToArray())],
        };
    }
}

/// <summary>A search.</summary>
/// <param name="PlannedSeconds">How long it may take, its best's last training included.</param>
internal sealed record SearchDocument(double PlannedSeconds)
{
    /// <summary>Trials so far.</summary>
    public int Trials { get; init; }

    /// <summary>The trial that is ahead; null before a result.</summary>
    public int? BestTrial { get; init; }

    /// <summary>Share of held-out training images that it reads correctly.</summary>
    public double? BestAccuracy { get; init; }

    /// <summary>Whether <c>/study</c> shows it.</summary>
    public bool IsShown { get; init; }
}

/// <summary>One epoch.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Done">Share of its images that were seen, 0 to 1.</param>
/// <param name="TrainLoss">Mean cross-entropy in nats; null where it is no number.</param>
/// <param name="TrainAccuracy">Share right.</param>
/// <param name="ValidationLoss">Mean cross-entropy in nats on validation images; null before the epoch is over.</param>
/// <param name="ValidationAccuracy">Share of them right.</param>
internal sealed record EpochDocument(int Epoch, double Done, double? TrainLoss, double TrainAccuracy, double? ValidationLoss, double? ValidationAccuracy)
{
    /// <summary>Describes a report.</summary>
    public static EpochDocument Of(EpochReport report) => new(
        report.Epoch,
        report.ImagesTotal == 0 ? 1 : (double)report.ImagesDone / report.ImagesTotal,
        Finite(report.TrainLoss),
        report.TrainAccuracy,
        Finite(report.ValidationLoss),
        report.ValidationAccuracy);

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}

/// <summary>How the answer is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TrainingDocument))]
internal sealed partial class TrainingDocumentJson : JsonSerializerContext;
