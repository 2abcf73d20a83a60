using DigitML.Data;
using DigitML.Models;
using DigitML.Numerics;

namespace DigitML.Training;

/// <summary>Finds the normalisation of training images.</summary>
internal static class Normalizer
{
    /// <summary>The normalisation asked for, with mean and deviation over all pixels of the training images.</summary>
    /// <param name="images">The images.</param>
    /// <param name="training">Which of them train.</param>
    /// <param name="scaling">What is asked for.</param>
    /// <param name="density">Share of pixels that are not 0.</param>
    public static PixelNormalization Of(LabelledImages images, ReadOnlySpan<int> training, PixelScaling scaling, out double density)
    {
        Span<long> counts = stackalloc long[256];
        counts.Clear();
        foreach (var index in training)
        {
            foreach (var pixel in images.Image(index))
            {
                counts[pixel]++;
            }
        }

        double total = (long)training.Length * images.PixelsPerImage;
        density = 1 - (counts[0] / total);
        var normalization = PixelNormalization.UnitRange;
        if (scaling == PixelScaling.UnitRange)
        {
            return normalization;
        }

        double sum = 0, squares = 0;
        for (var pixel = 0; pixel < 256; pixel++)
        {
            var value = pixel / 255.0;
            sum += counts[pixel] * value;
            squares += counts[pixel] * value * value;
        }

        var mean = sum / total;
        var deviation = Math.Sqrt(Math.Max(0, (squares / total) - (mean * mean)));

        // Pictures of one single value have no deviation; they only lose their mean.
        return normalization with { Mean = (float)mean, Deviation = deviation > 1e-6 ? (float)deviation : 1f };
    }

    /// <summary>[256] the value of each pixel byte after normalisation.</summary>
    public static PanelBuffer Table(PixelNormalization normalization)
    {
        var table = new PanelBuffer(256);
        for (var pixel = 0; pixel < 256; pixel++)
        {
            table.Span[pixel] = ((pixel * normalization.Scale) - normalization.Mean) / normalization.Deviation;
        }

        return table;
    }
}
