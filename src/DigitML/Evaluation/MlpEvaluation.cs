using DigitML.Data;
using DigitML.IO;
using DigitML.Models;

namespace DigitML.Evaluation;

/// <summary>Measures models on labelled images and on the rows of tables.</summary>
public static class MlpEvaluation
{
    /// <summary>Images predicted between two looks at the cancellation token.</summary>
    private const int ChunkSize = 2048;

    /// <summary>Predicts every image and measures the predictions.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">Labelled images of the model's size that it was not trained on.</param>
    /// <param name="threads">0 takes one per processor; the result does not depend on it.</param>
    /// <param name="options">What is kept beyond the metrics; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the evaluation without a result.</param>
    /// <exception cref="DigitException">The images have no labels, are of another size than the model's, or a label is none of its classes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static EvaluationResult Evaluate(
        this Mlp model,
        LabelledImages images,
        int threads = 0,
        EvaluationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        Check(model, images);
        var hasViews = options?.AverageViews == true && images.Width > 1 && images.Height > 1;
        var probabilities = new float[checked(images.Count * model.ClassCount)];
        for (var start = 0; start < images.Count; start += ChunkSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(ChunkSize, images.Count - start);
            var pixels = images.Pixels.Slice(start * images.PixelsPerImage, count * images.PixelsPerImage);
            var answers = probabilities.AsSpan(start * model.ClassCount, count * model.ClassCount);
            if (hasViews)
            {
                ImageViews.Predict(model, pixels, images.Width, images.Height, answers, threads);
            }
            else
            {
                model.PredictBatch(pixels, answers, threads);
            }
        }

        return EvaluationResult.From(probabilities, images.Labels, model.ClassCount, images.Name, images.IsSynthetic, options, NamesFor(model, images.ClassNames)) with
        {
            ModelHash = model.Hash,
            DataHash = images.Hash,
            Views = hasViews ? ImageViews.Count : null,
        };
    }

    /// <summary>Predicts every row of a table and measures the predictions; weights of rows are not looked at.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">Labelled rows with the model's features that it was not trained on.</param>
    /// <param name="threads">0 takes one per processor; the result does not depend on it.</param>
    /// <param name="options">What is kept beyond the metrics; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the evaluation without a result.</param>
    /// <exception cref="DigitException">The rows have no labels, are of another width than the model's, or a label is none of its classes.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static EvaluationResult Evaluate(
        this Mlp model,
        LabelledFeatures rows,
        int threads = 0,
        EvaluationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        if (!rows.HasLabels || rows.Count == 0 || rows.FeatureCount != model.InputCount || rows.ClassCount > model.ClassCount)
        {
            throw new DigitException($"{rows.Name}: expected labelled rows of {model.InputCount} features and at most {model.ClassCount} classes, the model's; found {rows.Count} rows of {rows.FeatureCount} features and {rows.ClassCount} classes.");
        }

        var probabilities = new float[checked(rows.Count * model.ClassCount)];
        var features = new float[Math.Min(rows.Count, ChunkSize) * rows.FeatureCount];
        for (var start = 0; start < rows.Count; start += ChunkSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(ChunkSize, rows.Count - start);
            for (var row = 0; row < count; row++)
            {
                rows.CopyRow(start + row, features.AsSpan(row * rows.FeatureCount, rows.FeatureCount));
            }

            model.PredictBatch(
                features.AsSpan(0, count * rows.FeatureCount),
                probabilities.AsSpan(start * model.ClassCount, count * model.ClassCount),
                threads);
        }

        return EvaluationResult.From(probabilities, rows.Labels, model.ClassCount, rows.Name, options: options, classNames: NamesFor(model, rows.Details.ClassNames)) with
        {
            ModelHash = model.Hash,
            DataHash = rows.Hash,
        };
    }

    /// <summary>What the model calls its classes, or else the data do.</summary>
    private static IReadOnlyList<string>? NamesFor(Mlp model, IReadOnlyList<string> names) =>
        model.ClassNames.Count > 0 ? model.ClassNames : names.Count == model.ClassCount ? names : null;

    private static void Check(Mlp model, LabelledImages images)
    {
        if (!images.HasLabels)
        {
            throw new DigitException($"{images.Name}: expected at least one image with its label to evaluate on but found {images.Count} images without labels.");
        }

        if (images.PixelsPerImage != model.InputCount)
        {
            throw new DigitException($"{images.Name}: expected images of {model.InputCount} pixels, which the model takes, but they are {images.Width}×{images.Height}.");
        }

        var wrong = images.Labels.IndexOfAnyExceptInRange((byte)0, (byte)Math.Min(255, model.ClassCount - 1));
        if (wrong >= 0)
        {
            throw new DigitException($"{images.Name}: expected labels 0 to {model.ClassCount - 1}, the model's classes, but image {wrong} has label {images.Labels[wrong]}.");
        }
    }
}
