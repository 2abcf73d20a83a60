using System.Globalization;
using DigitML.Data;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Reading;

/// <summary>Tells a model, in its metadata, how sure it may be and from when to refuse.</summary>
internal static class Calibration
{
    /// <summary>Share of true digits that the threshold keeps.</summary>
    private const double Kept = 0.99;

    /// <summary>Made images differ from those that trained by their digits and by this in their seed.</summary>
    private const int SeedOffset = 7_654_321;

    /// <summary>
    /// Adds the temperature that fits images held out and as many made from them, and the probability that all but a hundredth
    /// of the images held out exceed at that temperature.
    /// </summary>
    public static Mlp Add(Mlp model, LabelledImages validation, MlpOptions options)
    {
        var (made, _) = ReaderDigits.Create(validation.Count, notDigitShare: 0, validation, unchecked(options.Seed + SeedOffset), options.Threads);
        var plain = Predict(model, validation, options.Threads);
        float[] all = [.. plain, .. Predict(model, made, options.Threads)];
        byte[] labels = [.. validation.Labels, .. made.Labels];
        var temperature = TemperatureScaling.Fit(all, labels, model.ClassCount);
        var surest = new float[validation.Count];
        for (var i = 0; i < surest.Length; i++)
        {
            var row = plain.AsSpan(i * model.ClassCount, model.ClassCount);
            TemperatureScaling.Apply(row, temperature);
            foreach (var probability in row)
            {
                surest[i] = Math.Max(surest[i], probability);
            }
        }

        Array.Sort(surest);
        var threshold = surest[(int)((1 - Kept) * surest.Length)];
        var metadata = new Dictionary<string, string>(model.Metadata)
        {
            [TemperatureScaling.MetadataKey] = temperature.ToString("R", CultureInfo.InvariantCulture),
            [TemperatureScaling.RejectionMetadataKey] = threshold.ToString("R", CultureInfo.InvariantCulture),
        };
        return new Mlp(model.Normalization, model.Layers, metadata);
    }

    private static float[] Predict(Mlp model, LabelledImages images, int threads)
    {
        var probabilities = new float[images.Count * model.ClassCount];
        model.PredictBatch(images.Pixels, probabilities, threads);
        return probabilities;
    }
}
