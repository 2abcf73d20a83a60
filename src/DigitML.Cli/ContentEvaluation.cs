using DigitML.Data;
using DigitML.Evaluation;
using DigitML.Models;

namespace DigitML.Cli;

/// <summary>Evaluates a model on what was loaded, pictures or a table.</summary>
internal static class ContentEvaluation
{
    /// <summary>Evaluates.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">Labelled examples.</param>
    /// <param name="threads">0 takes one per processor.</param>
    /// <param name="cancellationToken">Ends it; nothing is evaluated then.</param>
    public static EvaluationResult Evaluate(this Mlp model, DataContent data, int threads, CancellationToken cancellationToken) => model.Evaluate(data, threads, null, cancellationToken);

    /// <summary>Evaluates.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">Labelled examples.</param>
    /// <param name="threads">0 takes one per processor.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends it; nothing is evaluated then.</param>
    public static EvaluationResult Evaluate(this Mlp model, DataContent data, int threads, EvaluationOptions? options, CancellationToken cancellationToken) => data.Images is { } images
        ? model.Evaluate(images, threads, options, cancellationToken)
        : model.Evaluate(data.Table!, threads, options, cancellationToken);
}
