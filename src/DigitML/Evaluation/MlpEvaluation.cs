using DigitML.Data;
using DigitML.Models;

namespace DigitML.Evaluation;

/// <summary>Measures models on labelled images.</summary>
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
        var probabilities = new float[checked(images.Count * model.ClassCount)];
        for (var start = 0; start < images.Count; start += ChunkSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(ChunkSize, images.Count - start);
            model.PredictBatch(
                images.Pixels.Slice(start * images.PixelsPerImage, count * images.PixelsPerImage),
                probabilities.AsSpan(start * model.ClassCount, count * model.ClassCount),
                threads);
        }

        return EvaluationResult.From(probabilities, images.Labels, model.ClassCount, images.Name, images.IsSynthetic, options) with
        {
            ModelHash = model.Hash,
            DataHash = images.Hash,
        };
    }

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
