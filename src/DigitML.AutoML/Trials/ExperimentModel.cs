using DigitML.Data;
using DigitML.Evaluation;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.AutoML.Trials;

/// <summary>A trained model, whichever trainer made it.</summary>
public abstract class ExperimentModel
{
    /// <summary>The trainer's name.</summary>
    public abstract string Trainer { get; }

    /// <summary>The name of its file: <c>model.onnx</c>, <c>model.zip</c>.</summary>
    public abstract string FileName { get; }

    /// <summary>The network; null when the winner is none.</summary>
    public virtual Mlp? Network => null;

    /// <summary>How its training on all data went; null where it has no epochs.</summary>
    public virtual TrainingHistory? History => null;

    /// <summary>Evaluates it on pictures.</summary>
    /// <param name="images">Labelled pictures of its size.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public abstract EvaluationResult Evaluate(LabelledImages images, CancellationToken cancellationToken = default);

    /// <summary>Evaluates it on a table.</summary>
    /// <param name="rows">Labelled rows of its features.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public abstract EvaluationResult Evaluate(LabelledFeatures rows, CancellationToken cancellationToken = default);

    /// <summary>Writes it.</summary>
    /// <param name="path">The file; its folder must exist. It is replaced whole or not at all.</param>
    public abstract void Save(string path);
}

/// <summary>A network as the winner.</summary>
/// <param name="network">The network.</param>
/// <param name="history">How its training went; null for one that was loaded.</param>
public sealed class MlpExperimentModel(Mlp network, TrainingHistory? history = null) : ExperimentModel
{
    /// <inheritdoc/>
    public override string Trainer => ITrialTrainer.Mlp;

    /// <inheritdoc/>
    public override string FileName => network is { FeatureNormalization: null, ClassNames.Count: 0 } ? "digits.onnx" : "model.onnx";

    /// <inheritdoc/>
    public override Mlp Network => network;

    /// <inheritdoc/>
    public override TrainingHistory? History => history;

    /// <inheritdoc/>
    public override EvaluationResult Evaluate(LabelledImages images, CancellationToken cancellationToken = default) => network.Evaluate(images, cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public override EvaluationResult Evaluate(LabelledFeatures rows, CancellationToken cancellationToken = default) => network.Evaluate(rows, cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public override void Save(string path) => network.Save(path);
}
