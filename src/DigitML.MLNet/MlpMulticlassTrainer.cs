using DigitML.Data;
using DigitML.IO;
using DigitML.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace DigitML.MLNet;

/// <summary>
/// A multilayer perceptron as an ML.NET trainer: dense layers with ReLU between them, softmax with cross-entropy, Adam, in managed code on all
/// processors. It adds <c>Score</c>, the probabilities in a vector of known size with the classes' names as slot names, and
/// <c>PredictedLabel</c>, a key with the label's values.
/// </summary>
/// <remarks>
/// The features' normalisation is found while fitting (<see cref="MlpOptions.FeatureScaling"/>) and belongs to the model, so nothing need be
/// scaled before. Rows are read once and held once. Rows whose label is missing are skipped, which the log says; a feature that is NaN or
/// infinite is an error. <see cref="MlpOptions.Augmentation"/> needs features that are the pixels of square pictures, 0 to 255.
/// </remarks>
public sealed class MlpMulticlassTrainer : IEstimator<MlpPredictionTransformer>
{
    private readonly IHostEnvironment? _environment;

    /// <summary>Creates a trainer; <see cref="MlpCatalog"/> does for the users of an <see cref="MLContext"/>.</summary>
    /// <param name="environment">Whose log gets a line for each epoch; null for nobody's. An <see cref="MLContext"/> is one.</param>
    /// <param name="options">Columns and network.</param>
    /// <exception cref="ArgumentException">An option is out of its range; says which.</exception>
    public MlpMulticlassTrainer(IHostEnvironment? environment, MlpTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_environment, Options) = (environment, options);
    }

    /// <summary>Columns and network.</summary>
    public MlpTrainerOptions Options { get; }

    /// <summary>Trains on a part of the rows and validates on the rest.</summary>
    /// <param name="input">Has the columns that <see cref="Options"/> names.</param>
    /// <exception cref="ArgumentException">A column is missing, of another type, or its rows cannot be trained on; names the column.</exception>
    public MlpPredictionTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on all rows of one set and validates on another.</summary>
    /// <param name="trainData">Has the columns that <see cref="Options"/> names.</param>
    /// <param name="validationData">The same columns, transformed by the same pipeline; null for a part of <paramref name="trainData"/>.</param>
    /// <exception cref="ArgumentException">A column is missing, of another type, or its rows cannot be trained on; names the column.</exception>
    public MlpPredictionTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        using var channel = _environment?.Start(nameof(MlpMulticlassTrainer));
        var columns = InputColumns.Bind(trainData.Schema, Options);
        var train = Read(trainData, columns, channel);
        var validation = validationData is null ? null : Read(validationData, InputColumns.Bind(validationData.Schema, Options), channel);
        var network = WithUpdates(Options.Network, train.Count, validation is null);
        var trainer = new MlpTrainer(network);
        TrainingResult result;
        try
        {
            result = trainer.Fit(Data(train, validation, network), new Reporter(channel, Options.Progress), Options.CancellationToken);
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException($"Training on label column '{Options.LabelColumnName}' and feature column '{Options.FeatureColumnName}' failed: {error.Message}", nameof(trainData), error);
        }

        channel?.Info(MessageSensitivity.None, "{0}", result.History.ToString());
        if (result.Warning is { } warning)
        {
            channel?.Warning(MessageSensitivity.None, "{0}", warning);
        }

        return MlpPredictionTransformer.Create(result, columns.Classes, Options.FeatureColumnName, trainData);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputColumns.Check(inputSchema, Options);
        return ScoringPipeline.ForSchema(Options.FeatureColumnName).GetOutputSchema(inputSchema);
    }

    private static TrainingData Data(LabelledFeatures train, LabelledFeatures? validation, MlpOptions network)
    {
        if (network.Augmentation is null)
        {
            return validation is null ? TrainingData.Split(train, network.ValidationFraction, network.Seed) : new TrainingData(train, validation);
        }

        // Only pictures can be turned and bent.
        var images = train.ToImages();
        return validation is null ? TrainingData.Split(images, network.ValidationFraction, network.Seed) : new TrainingData(images, validation.ToImages());
    }

    private MlpOptions WithUpdates(MlpOptions network, int rows, bool splits)
    {
        if (!Options.MoreEpochsForSmallTables)
        {
            return network;
        }

        return network.ForTable(rows, Options.LeastUpdates, hasValidation: !splits);
    }

    private LabelledFeatures Read(IDataView data, InputColumns columns, IChannel? channel)
    {
        try
        {
            var (table, missing) = columns.Read(data);
            if (missing > 0)
            {
                channel?.Warning(MessageSensitivity.None, "Skipped {0} rows whose label in column '{1}' is missing.", missing, Options.LabelColumnName);
            }

            return table.Count > 0
                ? table
                : throw new InvalidOperationException(missing > 0
                    ? Invariant($"Training set has no rows with a label: all {missing} labels in column '{Options.LabelColumnName}' are missing.")
                    : $"Training set has 0 rows; column '{Options.FeatureColumnName}' gave none.");
        }
        catch (DigitException error)
        {
            throw new ArgumentException(error.Message, nameof(data), error);
        }
    }

    /// <summary>Tells the log of each epoch and the caller of all there is.</summary>
    private sealed class Reporter(IChannel? channel, IProgress<EpochReport>? progress) : IProgress<EpochReport>
    {
        public void Report(EpochReport value)
        {
            progress?.Report(value);
            if (value.IsComplete)
            {
                channel?.Info(MessageSensitivity.None, "{0}", value.ToString());
            }
        }
    }
}
