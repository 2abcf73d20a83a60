using DigitML.Data;
using DigitML.Pictures;

namespace DigitML.Training;

/// <summary>Adds made images to those that train.</summary>
internal static class MadeTrainingImages
{
    /// <summary>Share of made images that show no digit.</summary>
    private const double NotDigitShare = 0.3;

    private const int Side = 28;

    private const int Classes = 10;

    /// <summary>The images and, behind them, those made of the ones that train.</summary>
    /// <param name="images">All images, those that validate included.</param>
    /// <param name="training">Which of them train.</param>
    /// <param name="options">How many are to be made, the seed and the threads.</param>
    /// <param name="cancellationToken">Ends the making.</param>
    /// <returns>What trains: the images, and which of them. A label of 10 stands for no digit.</returns>
    public static (LabelledImages Images, int[] Training) Append(LabelledImages images, int[] training, MlpOptions options, CancellationToken cancellationToken)
    {
        if (options.MadeImages == 0)
        {
            return (images, training);
        }

        var made = ReaderDigits.Create(options.MadeImages, NotDigitShare, images.Select(training), options.Seed, options.Threads, cancellationToken);
        var pixels = new byte[checked(images.Pixels.Length + made.Pixels.Length)];
        images.Pixels.CopyTo(pixels);
        made.Pixels.CopyTo(pixels.AsSpan(images.Pixels.Length));
        byte[] labels = [.. images.Labels, .. made.Labels];
        return (new LabelledImages(images.Name, Side, Side, pixels, labels, images.IsSynthetic), [.. training, .. Enumerable.Range(images.Count, made.Count)]);
    }

    /// <summary>Throws when images are to be made and these are not what they can be made of.</summary>
    /// <exception cref="ArgumentException">The images are not 28×28 in ten classes.</exception>
    public static void Check(LabelledImages images, MlpOptions options)
    {
        if (options.MadeImages > 0 && (images.Width != Side || images.Height != Side || images.ClassCount != Classes))
        {
            throw new ArgumentException(
                $"{nameof(MlpOptions.MadeImages)} needs digits of 28×28 in ten classes; {images.Name} has {images.Width}×{images.Height} in {images.ClassCount}.", nameof(images));
        }
    }
}
