namespace DigitML.Numerics;

/// <summary>Softmax and its cross-entropy on single rows; a network has few classes, so scalars do.</summary>
internal static class Softmax
{
    /// <summary>
    /// Turns logits into probabilities in place: <c>exp(zᵢ − max) / Σ exp(zⱼ − max)</c>. Subtracting the maximum changes nothing
    /// but keeps the exponentials in range.
    /// </summary>
    public static void Normalize(Span<float> logits)
    {
        var max = Max(logits);
        var sum = 0f;
        for (var i = 0; i < logits.Length; i++)
        {
            sum += logits[i] = MathF.Exp(logits[i] - max);
        }

        var inverse = 1f / sum;
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] *= inverse;
        }
    }

    /// <summary>Probabilities of logits divided by a temperature, which evens them out.</summary>
    /// <param name="logits">[classes].</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="probabilities">[classes]; overwritten.</param>
    public static void Soften(ReadOnlySpan<float> logits, float temperature, Span<float> probabilities)
    {
        for (var i = 0; i < logits.Length; i++)
        {
            probabilities[i] = logits[i] / temperature;
        }

        Normalize(probabilities);
    }

    /// <summary>
    /// Turns logits into probabilities in place and gives their cross-entropy with the true class, <c>log Σ exp(zⱼ) − z_label</c>, in nats.
    /// </summary>
    /// <param name="logits">[classes]; becomes the probabilities.</param>
    /// <param name="label">The true class.</param>
    /// <param name="correct">Whether the highest logit, the first of equals, is the label's.</param>
    public static float CrossEntropy(Span<float> logits, int label, out bool correct)
    {
        var max = Max(logits);
        var own = logits[label] - max;
        var sum = 0f;
        var best = 0;
        var highest = float.NegativeInfinity;
        for (var i = 0; i < logits.Length; i++)
        {
            if (logits[i] > highest)
            {
                (best, highest) = (i, logits[i]);
            }

            sum += logits[i] = MathF.Exp(logits[i] - max);
        }

        var inverse = 1f / sum;
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] *= inverse;
        }

        correct = best == label;
        return MathF.Log(sum) - own;
    }

    /// <summary>
    /// Turns logits into probabilities in place and gives their cross-entropy with the uniform distribution, <c>log Σ exp(zⱼ) − mean(z)</c>,
    /// in nats; it is least, <c>log(classes)</c>, when nothing is more probable than anything else.
    /// </summary>
    /// <param name="logits">[classes]; becomes the probabilities.</param>
    /// <param name="correct">Whether no class has more than half of the probability.</param>
    public static float CrossEntropyWithUniform(Span<float> logits, out bool correct)
    {
        var mean = 0f;
        foreach (var logit in logits)
        {
            mean += logit;
        }

        mean /= logits.Length;
        var own = logits[0];
        var loss = CrossEntropy(logits, 0, out _) + own - mean;
        correct = Max(logits) <= 0.5f;
        return loss;
    }

    private static float Max(ReadOnlySpan<float> values)
    {
        // A NaN must come out, not be passed over: training stops on it.
        var max = values[0];
        foreach (var value in values[1..])
        {
            max = MathF.Max(max, value);
        }

        return max;
    }
}
