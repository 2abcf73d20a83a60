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
    /// <param name="team">The threads that count.</param>
    /// <param name="density">Share of pixels that are not 0.</param>
    public static PixelNormalization Of(LabelledImages images, int[] training, PixelScaling scaling, ThreadTeam team, out double density)
    {
        var counts = Count(images, training, team);
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

    /// <summary>[256] how often each pixel byte occurs.</summary>
    private static long[] Count(LabelledImages images, int[] training, ThreadTeam team)
    {
        // Neighbouring pixels are often equal; in tables of their own they do not wait for each other's addition.
        const int Tables = 4;
        var ofMember = new long[team.Size][];
        team.Run(member =>
        {
            var counts = new long[Tables * 256];
            var (start, end) = ThreadTeam.Share(training.Length, member, team.Size);
            foreach (var index in training.AsSpan(start, end - start))
            {
                var pixels = images.Image(index);
                for (var i = 0; i < pixels.Length; i++)
                {
                    counts[((i % Tables) * 256) + pixels[i]]++;
                }
            }

            ofMember[member] = counts;
        });
        var sum = new long[256];
        foreach (var counts in ofMember)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                sum[i % 256] += counts[i];
            }
        }

        return sum;
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
