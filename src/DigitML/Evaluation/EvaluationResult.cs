using System.Text.Json.Serialization;
using DigitML.Data;
using DigitML.IO;

namespace DigitML.Evaluation;

/// <summary>How well a model did on labelled images it was not trained on.</summary>
/// <remarks>
/// Made by <c>Evaluate</c>, by <c>From</c> or from a file. Metrics are defined as in
/// ML.NET's <c>MulticlassClassificationMetrics</c> unless said otherwise.
/// </remarks>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Html])]
public sealed partial record EvaluationResult
{
    /// <summary>The data's name; a figure that leaves it out is no figure.</summary>
    public required string Dataset { get; init; }

    /// <summary>Whether a program drew the images; a figure about them must say so.</summary>
    [JsonPropertyName("synthetic")]
    public required bool IsSynthetic { get; init; }

    /// <summary>Of how many views of each image an answer is the mean (<see cref="EvaluationOptions.AverageViews"/>); null for one answer to the image itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Views { get; init; }

    /// <summary>Images evaluated.</summary>
    public int Count => ConfusionMatrix.Total;

    /// <summary>Share of images classified correctly, 0 to 1; higher is better.</summary>
    [JsonPropertyName("accuracy")]
    public double MicroAccuracy => (double)ConfusionMatrix.Correct / ConfusionMatrix.Total;

    /// <summary>The Wilson interval in which the accuracy on endless data of this kind lies with 95 % confidence.</summary>
    public ConfidenceInterval AccuracyInterval => ConfidenceInterval.Wilson(ConfusionMatrix.Correct, ConfusionMatrix.Total);

    /// <summary>Mean recall of the classes that occur, each weighing the same, 0 to 1; higher is better.</summary>
    public double MacroAccuracy => PerClass.Where(metrics => metrics.Support > 0).Average(metrics => metrics.Recall);

    /// <summary>Mean of −ln(probability of the true class) in nats, at least 0; lower is better. Probabilities count as at least 1e-15.</summary>
    public required double LogLoss { get; init; }

    /// <summary>
    /// How much of the log-loss of always giving the classes' shares in these data is gone:
    /// (prior − log-loss) / prior. At most 1; higher is better, and 0 is no better than the shares.
    /// NaN (null in JSON) when all images are of one class, whose prior has no loss.
    /// </summary>
    [JsonConverter(typeof(NanAsNullConverter))]
    public double LogLossReduction
    {
        get
        {
            var prior = -PerClass.Where(metrics => metrics.Support > 0).Sum(metrics => (double)metrics.Support / Count * Math.Log((double)metrics.Support / Count));
            return prior > 0 ? (prior - LogLoss) / prior : double.NaN;
        }
    }

    /// <summary>Element k − 1 is the share of images whose true class is among the k most probable, 0 to 1; higher is better. One element a class.</summary>
    [JsonPropertyName("topKAccuracy")]
    public required IReadOnlyList<double> TopKAccuracies { get; init; }

    /// <summary>
    /// Mean distance between what the model is sure of and how often it is right, over
    /// <see cref="CalibrationBins"/> weighted by their images, 0 to 1; lower is better
    /// (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, equation 3).
    /// </summary>
    public double ExpectedCalibrationError =>
        CalibrationBins.Where(bin => bin.Count > 0).Sum(bin => (double)bin.Count / Count * Math.Abs(bin.Accuracy - bin.Confidence));

    /// <summary>How often each class was taken for each.</summary>
    public required ConfusionMatrix ConfusionMatrix { get; init; }

    /// <summary>Every class in order.</summary>
    public required IReadOnlyList<ClassMetrics> PerClass { get; init; }

    /// <summary>Bins of equal width over [0, 1], for a calibration chart.</summary>
    public required IReadOnlyList<CalibrationBin> CalibrationBins { get; init; }

    /// <summary>The wrongly classified images that the model was most sure of, surest first.</summary>
    public required IReadOnlyList<Misclassification> MostConfidentlyWrong { get; init; }

    /// <summary>Every wrongly classified image's place in the data, ascending; null in evaluations that were written without it. Two evaluations of the same images are compared by it.</summary>
    [JsonConverter(typeof(IndexListConverter))]
    public IReadOnlyList<int>? MisclassifiedIndices { get; init; }

    /// <summary>The model's <see cref="Models.Mlp.Hash"/>; null when not known.</summary>
    public string? ModelHash { get; init; }

    /// <summary>The images' <see cref="Data.LabelledImages.Hash"/>; null when not known.</summary>
    public string? DataHash { get; init; }

    /// <summary>Share of images whose true class is among the k most probable, 0 to 1; higher is better.</summary>
    /// <param name="k">1 to the number of classes.</param>
    public double TopKAccuracy(int k) =>
        k >= 1 && k <= TopKAccuracies.Count
            ? TopKAccuracies[k - 1]
            : throw new ArgumentOutOfRangeException(nameof(k), k, $"k must be 1 to {TopKAccuracies.Count}, the number of classes.");

    /// <summary>One line: what was evaluated and how it went.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{SyntheticDigits.NameOf(Dataset, IsSynthetic)}: accuracy {Percent.Format(MicroAccuracy)} ({AccuracyInterval}), log-loss {LogLoss:F4}, {Count} images");
}

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

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(CalibrationBin), PrintMembers);
}

/// <summary>An image that was taken for another class.</summary>
/// <param name="Index">The image's place in the data, from 0.</param>
/// <param name="Label">Its true class.</param>
/// <param name="Predicted">The class it was taken for.</param>
/// <param name="Probability">The probability given to the predicted class, 0 to 1.</param>
public sealed record Misclassification(int Index, int Label, int Predicted, float Probability)
{
    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(Misclassification), PrintMembers);
}
