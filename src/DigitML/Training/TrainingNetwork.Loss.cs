using DigitML.Numerics;

namespace DigitML.Training;

/// <summary>What a network is taught by: labels, those of what was mixed in, a teacher's answers, or the texts of sequences.</summary>
internal sealed partial class TrainingNetwork
{
    /// <summary>Share of a target that is spread over all classes.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>
    /// Loss of some rows, and its gradient by the logits: (probability − target) · weight / batch. The target is 1 for the label, less what is
    /// spread over all classes or belongs to the label of what was mixed in; that of an outlier, an image of no class, is the uniform distribution
    /// (outlier exposure; Hendrycks, Mazeika and Dietterich 2019).
    /// </summary>
    private void Loss(int slot, int count, int start, int end)
    {
        var output = Layers.Length - 1;
        var classes = ClassCount;
        Span<float> logits = stackalloc float[classes];
        Span<float> softened = stackalloc float[_distillation is null ? 0 : classes];
        var (gradient, transposed) = (_gradients[output].ByRow, _gradients[output].Transposed);
        for (var row = start; row < end; row++)
        {
            _activations[output].CopyRow(row, logits);
            var label = _labels[slot][row];
            var weight = _weights[slot][row];
            if (label != TrainingRows.NoClass)
            {
                var (other, share) = (_mixedLabels[slot][row], _mixedShares[slot][row]);
                if (_distillation is { } teaching)
                {
                    Softmax.Soften(logits, teaching.Temperature, softened);
                }

                var (own, mixed, mean) = (logits[label], logits[other], LabelSmoothing > 0 ? Mean(logits) : 0f);
                var loss = Softmax.CrossEntropy(logits, label, out _rowCorrect[row]);
                logits[label] -= 1f;
                if (share > 0)
                {
                    // The target (1 − share) here and share there.
                    loss += share * (own - mixed);
                    logits[label] += share;
                    logits[other] -= share;
                    own += share * (mixed - own);
                }

                if (LabelSmoothing > 0)
                {
                    // Of both labels a part is taken and spread.
                    loss += LabelSmoothing * (own - mean);
                    logits[label] += LabelSmoothing * (1f - share);
                    logits[other] += LabelSmoothing * share;
                    foreach (ref var value in logits)
                    {
                        value -= LabelSmoothing / classes;
                    }
                }

                if (_distillation is not null)
                {
                    loss = Distil(loss, logits, softened, _answers[slot].AsSpan(row * classes, classes));
                }

                _rowLoss[row] = weight * loss;
            }
            else
            {
                _rowLoss[row] = weight * Softmax.CrossEntropyWithUniform(logits, out _rowCorrect[row]);
                foreach (ref var value in logits)
                {
                    value -= 1f / classes;
                }
            }

            var ofBatch = weight / count;
            for (var c = 0; c < classes; c++)
            {
                var value = logits[c] * ofBatch;
                gradient[row, c] = value;
                transposed[c, row] = value;
            }
        }
    }

    /// <summary>
    /// Loss of a member's sequences, each noted at its first row, and its gradient by the logits: <see cref="TemporalClassification"/>'s, over the
    /// batch's letters. One whose rows are too few for its text teaches nothing.
    /// </summary>
    private void LossOfSequences(int slot, int member)
    {
        var output = Layers.Length - 1;
        var classes = ClassCount;
        var ofBatch = 1f / Math.Max(1, _sequences[slot].Sum(sequence => sequence.Text.Length));
        var (gradient, transposed) = (_gradients[output].ByRow, _gradients[output].Transposed);
        for (var i = member; i < _sequences[slot].Length; i += _team.Active)
        {
            var (first, count, text) = _sequences[slot][i];
            var logits = new float[count * classes];
            for (var row = 0; row < count; row++)
            {
                _activations[output].CopyRow(first + row, logits.AsSpan(row * classes, classes));
                (_rowLoss[first + row], _rowCorrect[first + row]) = (0, false);
            }

            var said = new byte[count];
            _rowCorrect[first] = said.AsSpan(0, TemporalClassification.BestPath(logits, classes, said)).SequenceEqual(text.Span);
            _rowLoss[first] = (float)(TemporalClassification.Gradient(logits, classes, text.Span) ?? 0);
            for (var row = 0; row < count; row++)
            {
                for (var c = 0; c < classes; c++)
                {
                    var value = logits[(row * classes) + c] * ofBatch;
                    gradient[first + row, c] = value;
                    transposed[c, first + row] = value;
                }
            }
        }
    }

    /// <summary>
    /// Adds a teacher's part to a row's loss and gradient. By a logit z the cross-entropy of both softened answers, times T², has the derivative
    /// T · (own − teacher's) (Hinton, Vinyals and Dean 2015, section 2.1).
    /// </summary>
    /// <param name="loss">The labels' part.</param>
    /// <param name="gradient">[classes], the labels' part; becomes that of both.</param>
    /// <param name="own">[classes], the network's softened probabilities.</param>
    /// <param name="teacher">[classes], the teacher's softened probabilities.</param>
    private float Distil(float loss, Span<float> gradient, ReadOnlySpan<float> own, ReadOnlySpan<float> teacher)
    {
        var (share, temperature) = (_distillation!.Share, _distillation.Temperature);
        var soft = 0f;
        for (var c = 0; c < gradient.Length; c++)
        {
            soft -= teacher[c] * MathF.Log(MathF.Max(own[c], float.Epsilon));
            gradient[c] = ((1 - share) * gradient[c]) + (share * temperature * (own[c] - teacher[c]));
        }

        return ((1 - share) * loss) + (share * temperature * temperature * soft);
    }

    private static float Mean(ReadOnlySpan<float> values)
    {
        var sum = 0f;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
