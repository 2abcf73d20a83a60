namespace DigitML.Training;

/// <summary>
/// Connectionist temporal classification (Graves, Fernández, Gomez and Schmidhuber 2006): how likely a network's answers at the steps of a
/// sequence spell a text, when nobody has said at which step which of its letters stands. A path says a letter or none at each step; letters that
/// follow one another are said once, unless none is said between.
/// </summary>
internal static class TemporalClassification
{
    private const double Impossible = double.NegativeInfinity;

    /// <summary>The logarithm of a text's probability, by the forward pass (their equations 6 and 8).</summary>
    /// <param name="logProbabilities">[steps, classes]; the last class is none.</param>
    /// <param name="classes">Letters and none.</param>
    /// <param name="text">Letters, each below the last class.</param>
    /// <returns>Negative infinity when there are too few steps for the text.</returns>
    public static double LogLikelihood(ReadOnlySpan<float> logProbabilities, int classes, ReadOnlySpan<byte> text)
    {
        var alphas = Forward(logProbabilities, classes, text);
        return alphas.Length == 0 ? (text.Length == 0 ? 0 : Impossible) : End(alphas, (2 * text.Length) + 1);
    }

    /// <summary>Turns logits into the gradient of a text's loss, its negative log-likelihood, by them: probability − expected share (equation 16).</summary>
    /// <param name="logits">[steps, classes]; the last class is none. Becomes the gradient, 0 when there are too few steps for the text.</param>
    /// <param name="classes">Letters and none.</param>
    /// <param name="text">Letters, each below the last class.</param>
    /// <returns>The loss in nats; null when there are too few steps for the text.</returns>
    public static double? Gradient(Span<float> logits, int classes, ReadOnlySpan<byte> text)
    {
        var steps = logits.Length / classes;
        for (var step = 0; step < steps; step++)
        {
            LogSoftmax(logits.Slice(step * classes, classes));
        }

        var states = (2 * text.Length) + 1;
        var alphas = Forward(logits, classes, text);
        var total = steps == 0 ? Impossible : End(alphas, states);
        if (double.IsNegativeInfinity(total))
        {
            logits.Clear();
            return null;
        }

        var next = new double[states];
        var betas = new double[states];
        Span<double> shares = stackalloc double[classes];
        for (var step = steps - 1; step >= 0; step--)
        {
            var row = logits.Slice(step * classes, classes);
            if (step == steps - 1)
            {
                betas.AsSpan().Fill(Impossible);
                betas[states - 1] = 0;
                if (states > 1)
                {
                    betas[states - 2] = 0;
                }
            }
            else
            {
                // next: what follows each state, the state's own answer at the next step included.
                for (var state = 0; state < states; state++)
                {
                    var sum = Add(next[state], state + 1 < states ? next[state + 1] : Impossible);
                    betas[state] = state + 2 < states && MaySkipTo(text, state + 2) ? Add(sum, next[state + 2]) : sum;
                }
            }

            shares.Clear();
            for (var state = 0; state < states; state++)
            {
                var letter = LetterAt(text, state, classes);
                shares[letter] += Math.Exp(alphas[(step * states) + state] + betas[state] - total);
                next[state] = betas[state] + row[letter];
            }

            for (var c = 0; c < classes; c++)
            {
                row[c] = (float)(Math.Exp(row[c]) - shares[c]);
            }
        }

        return -total;
    }

    /// <summary>The letters of the likeliest path: the likeliest answer of each step, repetitions and none taken out (their best path decoding).</summary>
    /// <param name="scores">[steps, classes]: logits, probabilities or their logarithms.</param>
    /// <param name="classes">Letters and none.</param>
    /// <param name="text">Room for a letter a step.</param>
    /// <returns>How many letters.</returns>
    public static int BestPath(ReadOnlySpan<float> scores, int classes, Span<byte> text)
    {
        var (count, last) = (0, classes - 1);
        for (var at = 0; at < scores.Length; at += classes)
        {
            var row = scores.Slice(at, classes);
            var best = 0;
            for (var c = 1; c < classes; c++)
            {
                best = row[c] > row[best] ? c : best;
            }

            if (best != last && best != classes - 1)
            {
                text[count++] = (byte)best;
            }

            last = best;
        }

        return count;
    }

    /// <summary>[steps, 2·letters + 1]: the logarithms of the sums over all beginnings of paths that reach a state; even states say none.</summary>
    private static double[] Forward(ReadOnlySpan<float> logProbabilities, int classes, ReadOnlySpan<byte> text)
    {
        var steps = logProbabilities.Length / classes;
        var states = (2 * text.Length) + 1;
        var alphas = new double[steps * states];
        for (var step = 0; step < steps; step++)
        {
            var row = logProbabilities.Slice(step * classes, classes);
            var now = alphas.AsSpan(step * states, states);
            if (step == 0)
            {
                now.Fill(Impossible);
                now[0] = row[classes - 1];
                if (states > 1)
                {
                    now[1] = row[text[0]];
                }

                continue;
            }

            var before = alphas.AsSpan((step - 1) * states, states);
            for (var state = 0; state < states; state++)
            {
                var sum = state > 0 ? Add(before[state], before[state - 1]) : before[0];
                sum = state > 1 && MaySkipTo(text, state) ? Add(sum, before[state - 2]) : sum;
                now[state] = sum + row[LetterAt(text, state, classes)];
            }
        }

        return alphas;
    }

    /// <summary>A path may end with the last letter or with none after it.</summary>
    private static double End(double[] alphas, int states) => states == 1 ? alphas[^1] : Add(alphas[^1], alphas[^2]);

    private static int LetterAt(ReadOnlySpan<byte> text, int state, int classes) => state % 2 == 0 ? classes - 1 : text[state / 2];

    /// <summary>Whether none need not be said before a state: it is a letter's, and another's than the one before.</summary>
    private static bool MaySkipTo(ReadOnlySpan<byte> text, int state) => state % 2 == 1 && text[state / 2] != text[(state / 2) - 1];

    private static void LogSoftmax(Span<float> logits)
    {
        var most = float.NegativeInfinity;
        foreach (var logit in logits)
        {
            most = MathF.Max(most, logit);
        }

        var sum = 0f;
        foreach (var logit in logits)
        {
            sum += MathF.Exp(logit - most);
        }

        var all = most + MathF.Log(sum);
        foreach (ref var logit in logits)
        {
            logit -= all;
        }
    }

    private static double Add(double a, double b)
    {
        var (most, least) = a > b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(least) ? most : most + Math.Log(1 + Math.Exp(least - most));
    }
}
