using DigitML.IO;

namespace DigitML.Models;

/// <summary>What a model says of one picture.</summary>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Svg, RichDisplay.PlotlyFigure])]
public sealed class Prediction
{
    /// <summary>Wraps the probabilities; nothing is copied.</summary>
    /// <param name="probabilities">One for each class, at least one.</param>
    public Prediction(ReadOnlyMemory<float> probabilities)
    {
        if (probabilities.IsEmpty)
        {
            throw new ArgumentException("A prediction needs at least one probability; got none.", nameof(probabilities));
        }

        Probabilities = probabilities;
        var span = probabilities.Span;
        for (var i = 1; i < span.Length; i++)
        {
            if (span[i] > span[PredictedLabel])
            {
                PredictedLabel = i;
            }
        }
    }

    /// <summary>The most probable class; the lowest of equals.</summary>
    public int PredictedLabel { get; }

    /// <summary>Its probability, 0 to 1.</summary>
    public float Probability => Probabilities.Span[PredictedLabel];

    /// <summary>The second most probable class; the predicted one where there is no other.</summary>
    public int RunnerUp
    {
        get
        {
            var probabilities = Probabilities.Span;
            var second = probabilities.Length == 1 ? 0 : PredictedLabel == 0 ? 1 : 0;
            for (var i = second + 1; i < probabilities.Length; i++)
            {
                if (i != PredictedLabel && probabilities[i] > probabilities[second])
                {
                    second = i;
                }
            }

            return second;
        }
    }

    /// <summary>[classes], summing to 1.</summary>
    public ReadOnlyMemory<float> Probabilities { get; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{PredictedLabel} ({Probability:P1})");
}
