using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Reading;
using DigitML.Training;

namespace DigitML.Web;

/// <summary>A model with what its folder tells of it.</summary>
public sealed class LoadedModel
{
    /// <summary>Puts a model together with its records.</summary>
    /// <param name="model">The network.</param>
    /// <param name="evaluation">How it did; null when not known.</param>
    /// <param name="history">How it was trained; null when not known.</param>
    public LoadedModel(Mlp model, EvaluationResult? evaluation = null, TrainingHistory? history = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        Evaluation = evaluation;
        History = history;
    }

    /// <summary>The network.</summary>
    public Mlp Model { get; }

    /// <summary>How it did; null when not known.</summary>
    public EvaluationResult? Evaluation { get; }

    /// <summary>How it was trained; null when not known.</summary>
    public TrainingHistory? History { get; }

    /// <summary>The model that comes with the library.</summary>
    public static LoadedModel Shipped() => new(ShippedModel.Mlp, ShippedModel.Evaluation, ShippedModel.History);

    /// <summary>Loads a model and, where they lie beside it, <c>evaluation.json</c> and <c>history.json</c>.</summary>
    /// <param name="path">The model's ONNX file.</param>
    /// <param name="options">How to read what another program wrote; null for the defaults.</param>
    /// <exception cref="DigitException">A file is damaged, the model is missing or not one for digits, or a record beside it is another model's.</exception>
    public static LoadedModel Load(string path, MlpLoadOptions? options = null) => Of(Mlp.Load(path, options), path);

    /// <summary>Takes a model that was loaded otherwise and, where they lie beside its file, <c>evaluation.json</c> and <c>history.json</c>.</summary>
    /// <param name="model">The network.</param>
    /// <param name="path">The file that it came from, of any kind: its bytes are what an evaluation may name.</param>
    /// <exception cref="DigitException">A record beside the file is damaged or another model's, or the model is not one for digits.</exception>
    public static LoadedModel Of(Mlp model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (model.InputCount != 28 * 28 || model.ClassCount != 10)
        {
            throw new DigitException($"{path}: expected a model of 784 pixels and 10 classes but it has {model.InputCount} and {model.ClassCount}. Name one that was trained on 28×28 digits.");
        }

        var folder = Path.GetDirectoryName(path) ?? "";
        var evaluationPath = Path.Combine(folder, "evaluation.json");
        var historyPath = Path.Combine(folder, "history.json");

        // A file that another program wrote has other bytes than the one that DigitML would write.
        var evaluation = File.Exists(evaluationPath) ? EvaluationResult.Load(evaluationPath) : null;
        if (evaluation?.ModelHash is { } hash && hash != model.Hash && hash != FileHash.Of(path))
        {
            throw new DigitException($"{evaluationPath}: expected the evaluation of {path} (SHA-256 {model.Hash[..12]}…) but it is another model's ({hash[..Math.Min(12, hash.Length)]}…). Evaluate the model anew, or move the file away.");
        }

        return new LoadedModel(model, evaluation, File.Exists(historyPath) ? TrainingHistory.Load(historyPath) : null);
    }
}
