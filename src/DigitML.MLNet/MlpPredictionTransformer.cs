using DigitML.Models;
using DigitML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace DigitML.MLNet;

/// <summary>
/// A trained network in a pipeline: adds <c>Score</c> and <c>PredictedLabel</c>. <c>mlContext.Model.Save</c> writes it, and
/// <c>mlContext.Model.Load</c> reads it in any process that this package is installed in; the trainer need not have been there.
/// </summary>
public sealed class MlpPredictionTransformer : ISingleFeaturePredictionTransformer<MlpModelParameters>, ICanSaveModel
{
    private readonly ITransformer _chain;

    private MlpPredictionTransformer(MlpModelParameters model, string featureColumn, DataViewType featureType, ITransformer chain) =>
        (Model, FeatureColumnName, FeatureColumnType, _chain) = (model, featureColumn, featureType, chain);

    /// <summary>The network, and how it was trained.</summary>
    public MlpModelParameters Model { get; }

    /// <inheritdoc/>
    public string FeatureColumnName { get; }

    /// <inheritdoc/>
    public DataViewType FeatureColumnType { get; }

    bool ITransformer.IsRowToRowMapper => true;

    internal static MlpPredictionTransformer Create(TrainingResult result, ClassValues classes, string featureColumn, IDataView data)
    {
        using var file = new MemoryStream();
        result.Model.Save(file);
        var chain = ScoringPipeline.Of(file.ToArray(), featureColumn, classes, data.Schema.Select(column => column.Name));
        return new MlpPredictionTransformer(new MlpModelParameters(result, classes.Names), featureColumn, data.Schema[featureColumn].Type, chain.Fit(data));
    }

    /// <summary>
    /// Writes the network alone as an ONNX file that any ONNX runtime runs, <c>ApplyOnnxModel</c> among them: the feature column's values, as
    /// they come to the trainer, to <c>probabilities</c> in the order of the label's keys. What came before in the pipeline is not part of it.
    /// </summary>
    /// <param name="path">The file, usually <c>.onnx</c>; it is replaced whole or, on a failure, not at all.</param>
    public void SaveAsOnnx(string path) => Model.Network.Save(path);

    /// <inheritdoc/>
    public IDataView Transform(IDataView input) => _chain.Transform(input);

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _chain.GetOutputSchema(inputSchema);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _chain.GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => _chain.Save(ctx);
}

/// <summary>A trained network, the names of its classes, and how it was trained.</summary>
public sealed class MlpModelParameters
{
    internal MlpModelParameters(TrainingResult result, IReadOnlyList<string> classNames) =>
        (Network, History, Warning, ClassNames) = (result.Model, result.History, result.Warning, classNames);

    /// <summary>The network; class i is the label's key i + 1.</summary>
    public Mlp Network { get; }

    /// <summary>Epoch by epoch; <c>Chart.LearningCurves</c> draws it.</summary>
    public TrainingHistory History { get; }

    /// <summary>One line when training did not run to its end; null otherwise.</summary>
    public string? Warning { get; }

    /// <summary>The label's values as text, in the order of its keys.</summary>
    public IReadOnlyList<string> ClassNames { get; }
}
