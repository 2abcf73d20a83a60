namespace DigitML.Models;

/// <summary>
/// Makes probabilities mean what they say: one temperature T, fitted on digits that the network has not seen, turns
/// softmax(z) into softmax(z / T) (Guo, Pleiss, Sun and Weinberger 2017, "On Calibration of Modern Neural Networks", equation 9).
/// The most probable class stays the same. Above 1 the network was too sure of itself, below 1 not sure enough.
/// </summary>
public static class TemperatureScaling
{
    /// <summary>The key under which a model's metadata hold its temperature, as a number with a point.</summary>
    public const string MetadataKey = "temperature";

    /// <summary>The key under which a model's metadata hold the calibrated probability below which its answer is to be refused.</summary>
    public const string RejectionMetadataKey = "rejectionThreshold";

    private const double LeastTemperature = 0.05;

    private const double MostTemperature = 20;

    /// <summary>Stands in for probabilities that came out as zero, so that their logarithm is finite.</summary>
    private const float LeastProbability = 1e-30f;

    /// <summary>The temperature with the lowest mean cross-entropy, between 0.05 and 20.</summary>
    /// <param name="probabilities">[n, <paramref name="classes"/>], as the network gives them; not changed.</param>
    /// <param name="labels">[n] true classes.</param>
    /// <param name="classes">Classes told apart, at least 2.</param>
    /// <exception cref="ArgumentException">The lengths disagree, there is nothing to fit to, or a label is no class.</exception>
    public static float Fit(ReadOnlySpan<float> probabilities, ReadOnlySpan<byte> labels, int classes = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (labels.IsEmpty || probabilities.Length != (long)labels.Length * classes)
        {
            throw new ArgumentException(Invariant($"Expected {classes} probabilities for each of at least one label; got {probabilities.Length} probabilities and {labels.Length} labels."), nameof(probabilities));
        }

        foreach (var label in labels)
        {
            if (label >= classes)
            {
                throw new ArgumentException(Invariant($"Labels must be 0 to {classes - 1}; got {label}."), nameof(labels));
            }
        }

        var logits = new float[probabilities.Length];
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] = MathF.Log(Math.Max(probabilities[i], LeastProbability));
        }

        return (float)Math.Exp(Minimum(logits, labels, classes, Math.Log(LeastTemperature), Math.Log(MostTemperature)));
    }

    /// <summary>Applies a temperature: p^(1/T), normalised, which is softmax(z / T) without the logits.</summary>
    /// <param name="probabilities">One picture's probabilities; overwritten.</param>
    /// <param name="temperature">Finite and greater than 0; 1 changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is out of its range.</exception>
    public static void Apply(Span<float> probabilities, float temperature)
    {
        if (!float.IsFinite(temperature) || temperature <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature must be finite and greater than 0.");
        }

        if (temperature == 1f)
        {
            return;
        }

        var sum = 0f;
        foreach (ref var probability in probabilities)
        {
            probability = MathF.Pow(Math.Max(probability, LeastProbability), 1f / temperature);
            sum += probability;
        }

        foreach (ref var probability in probabilities)
        {
            probability /= sum;
        }
    }

    /// <summary>Golden-section search: the loss has one valley in the logarithm of the temperature.</summary>
    private static double Minimum(float[] logits, ReadOnlySpan<byte> labels, int classes, double low, double high)
    {
        var ratio = (Math.Sqrt(5) - 1) / 2;
        var (a, b) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
        var (lossA, lossB) = (Loss(logits, labels, classes, a), Loss(logits, labels, classes, b));
        while (high - low > 1e-5)
        {
            if (lossA <= lossB)
            {
                (high, b, lossB) = (b, a, lossA);
                a = high - (ratio * (high - low));
                lossA = Loss(logits, labels, classes, a);
            }
            else
            {
                (low, a, lossA) = (a, b, lossB);
                b = low + (ratio * (high - low));
                lossB = Loss(logits, labels, classes, b);
            }
        }

        return (low + high) / 2;
    }

    private static double Loss(float[] logits, ReadOnlySpan<byte> labels, int classes, double logTemperature)
    {
        var inverse = Math.Exp(-logTemperature);
        var loss = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            var row = logits.AsSpan(i * classes, classes);
            var most = double.NegativeInfinity;
            foreach (var logit in row)
            {
                most = Math.Max(most, logit * inverse);
            }

            var sum = 0.0;
            foreach (var logit in row)
            {
                sum += Math.Exp((logit * inverse) - most);
            }

            loss += most + Math.Log(sum) - (row[labels[i]] * inverse);
        }

        return loss / labels.Length;
    }
}
