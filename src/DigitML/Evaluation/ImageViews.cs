using DigitML.Models;
using DigitML.Pixels;

namespace DigitML.Evaluation;

/// <summary>
/// Images seen a little otherwise: moved, turned, slanted, scaled. A perceptron has no notion that these show the same, so the mean of its answers to
/// all of them is right more often than the one (test-time augmentation; Krizhevsky et al. 2012 averaged over ten crops).
/// </summary>
internal static class ImageViews
{
    // In pixels of an image 28 wide and high; larger images are moved farther.
    private const float Side = 28f;

    /// <summary>The image itself counts as much as two views.</summary>
    private const float ItselfWeight = 2f;

    // Each takes a place of the view to one of the image: xx, xy, yx, yy about the middle, and then how far it moves.
    private static readonly (float XX, float XY, float YX, float YY, float X, float Y)[] s_views =
    [
        (1, 0, 0, 1, 0.75f, 0),
        (1, 0, 0, 1, -0.75f, 0),
        (1, 0, 0, 1, 0, 0.75f),
        (1, 0, 0, 1, 0, -0.75f),
        (0.995f, 0.1f, -0.1f, 0.995f, 0, 0),
        (0.995f, -0.1f, 0.1f, 0.995f, 0, 0),
        (1, 0.15f, 0, 1, 0, 0),
        (1, -0.15f, 0, 1, 0, 0),
        (1.08f, 0, 0, 1, 0, 0),
        (0.93f, 0, 0, 1, 0, 0),
        (1, 0, 0, 1.06f, 0, 0),
        (1, 0, 0, 0.95f, 0, 0),
    ];

    /// <summary>How many views of an image there are, itself included.</summary>
    public static int Count => s_views.Length + 1;

    /// <summary>The mean of a model's answers to all views of each image.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pixels">[images, height, width].</param>
    /// <param name="width">At least 2.</param>
    /// <param name="height">At least 2.</param>
    /// <param name="probabilities">[images, classes]: filled.</param>
    /// <param name="threads">0 takes one per processor.</param>
    public static void Predict(Mlp model, ReadOnlySpan<byte> pixels, int width, int height, Span<float> probabilities, int threads)
    {
        model.PredictBatch(pixels, probabilities, threads);
        foreach (ref var probability in probabilities)
        {
            probability *= ItselfWeight;
        }

        var seen = new byte[pixels.Length];
        var answers = new float[probabilities.Length];
        foreach (var view in s_views)
        {
            See(pixels, width, height, view, seen);
            model.PredictBatch(seen, answers, threads);
            for (var i = 0; i < answers.Length; i++)
            {
                probabilities[i] += answers[i];
            }
        }

        foreach (ref var probability in probabilities)
        {
            probability /= ItselfWeight + s_views.Length;
        }
    }

    /// <summary>Draws one view of each image; what lies outside of it is as its border.</summary>
    private static void See(ReadOnlySpan<byte> pixels, int width, int height, (float XX, float XY, float YX, float YY, float X, float Y) view, byte[] seen)
    {
        var image = new Plane(width, height);
        var (middleX, middleY) = ((width - 1) / 2f, (height - 1) / 2f);
        for (var first = 0; first < pixels.Length; first += width * height)
        {
            for (var i = 0; i < image.Values.Length; i++)
            {
                image.Values[i] = pixels[first + i];
            }

            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    var (dx, dy) = (x - middleX, y - middleY);
                    var column = middleX + (view.XX * dx) + (view.XY * dy) + (view.X * width / Side);
                    var row = middleY + (view.YX * dx) + (view.YY * dy) + (view.Y * height / Side);
                    seen[first + (y * width) + x] = (byte)MathF.Round(Bilinear.Repeated(image, column, row));
                }
            }
        }
    }
}
