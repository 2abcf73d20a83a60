using DigitML.Evaluation;
using DigitML.IO;

namespace DigitML.AutoML.Trials;

/// <summary>What trials are compared by, on the validation data.</summary>
public enum ExperimentMetric
{
    /// <summary>Share of examples classified correctly, 0 to 1; higher is better.</summary>
    Accuracy,

    /// <summary>Mean over the classes of the share of each that is classified correctly, 0 to 1; higher is better.</summary>
    MacroAccuracy,

    /// <summary>Mean negative logarithm of the probability given to the right class; lower is better.</summary>
    LogLoss,
}

/// <summary>How well a trial does on the validation data after some training.</summary>
public sealed record TrialScore
{
    /// <summary>Share of examples classified correctly, 0 to 1; higher is better.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean recall of the classes, 0 to 1; higher is better.</summary>
    public required double MacroAccuracy { get; init; }

    /// <summary>Mean negative logarithm of the probability of the right class; lower is better. Infinite when training diverged.</summary>
    public required double LogLoss { get; init; }

    /// <summary>The score of an evaluation.</summary>
    /// <param name="evaluation">On the validation data.</param>
    public static TrialScore Of(EvaluationResult evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        return new TrialScore { Accuracy = evaluation.MicroAccuracy, MacroAccuracy = evaluation.MacroAccuracy, LogLoss = evaluation.LogLoss };
    }

    /// <summary>The figure that trials are compared by.</summary>
    /// <param name="metric">Which.</param>
    public double Of(ExperimentMetric metric) => metric switch
    {
        ExperimentMetric.MacroAccuracy => MacroAccuracy,
        ExperimentMetric.LogLoss => LogLoss,
        _ => Accuracy,
    };

    /// <summary>As <see cref="Of(ExperimentMetric)"/>, but always so that higher is better, and the least there is for what is no number.</summary>
    internal double Goodness(ExperimentMetric metric)
    {
        var figure = metric == ExperimentMetric.LogLoss ? -LogLoss : Of(metric);
        return double.IsFinite(figure) ? figure : double.MinValue;
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(TrialScore), PrintMembers);
}
