using System.Reflection;
using DigitML.MLNet;
using DigitML.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Neural networks among ML.NET's multiclass trainers.</summary>
public static class MlpCatalog
{
    /// <summary>A multilayer perceptron, trained in managed code by Adam with ReLU and softmax cross-entropy; see <see cref="MlpMulticlassTrainer"/>.</summary>
    /// <param name="catalog">The trainers of an <see cref="MLContext"/>, whose log gets a line for each epoch.</param>
    /// <param name="labelColumnName">A key of known count, as <c>MapValueToKey</c> makes it.</param>
    /// <param name="featureColumnName">A vector of <see cref="float"/> of known size; its normalisation belongs to the model.</param>
    /// <param name="exampleWeightColumnName">How much each row counts, <see cref="float"/>; null when all count alike.</param>
    /// <param name="hiddenLayers">Units of each hidden layer, from the input on; null for [128, 32].</param>
    /// <param name="numberOfEpochs">Passes over the rows; null for 25, and more for small tables.</param>
    /// <param name="learningRate">Adam's step size.</param>
    /// <param name="batchSize">Rows an update.</param>
    /// <param name="dropout">Share of hidden units silenced at each update, at least 0 and below 1.</param>
    /// <param name="validationFraction">Share of each class held out to validate on after every epoch, at least 0 and below 1.</param>
    /// <param name="seed">Where all chance comes from; the same seed gives the same model.</param>
    /// <exception cref="ArgumentException">An option is out of its range; says which.</exception>
    public static MlpMulticlassTrainer Mlp(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        IReadOnlyList<int>? hiddenLayers = null,
        int? numberOfEpochs = null,
        float learningRate = 1e-3f,
        int batchSize = 32,
        float dropout = 0,
        double validationFraction = 0.2,
        int seed = 1)
    {
        var defaults = new MlpOptions();
        return catalog.Mlp(new MlpTrainerOptions
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            MoreEpochsForSmallTables = numberOfEpochs is null,
            Network = defaults with
            {
                HiddenLayers = hiddenLayers ?? defaults.HiddenLayers,
                Epochs = numberOfEpochs ?? defaults.Epochs,
                LearningRate = learningRate,
                BatchSize = batchSize,
                Dropout = dropout,
                ValidationFraction = validationFraction,
                Seed = seed,
            },
        });
    }

    /// <summary>A multilayer perceptron, trained in managed code, by all options that there are.</summary>
    /// <param name="catalog">The trainers of an <see cref="MLContext"/>, whose log gets a line for each epoch.</param>
    /// <param name="options">Columns and network.</param>
    /// <exception cref="ArgumentException">An option is out of its range; says which.</exception>
    public static MlpMulticlassTrainer Mlp(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, MlpTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new MlpMulticlassTrainer(EnvironmentOf(catalog), options);
    }

    /// <summary>
    /// Where the log goes. ML.NET shows a catalog's environment to its own trainers alone; should a later version hide it elsewhere, lines
    /// reach <see cref="MlpTrainerOptions.Progress"/> only.
    /// </summary>
    private static IHostEnvironment? EnvironmentOf(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog)
    {
        const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        var owner = catalog.GetType().BaseType?.GetProperty("Owner", Hidden)?.GetValue(catalog);
        return owner is null ? null : typeof(TrainCatalogBase).GetProperty("Environment", Hidden)?.GetValue(owner) as IHostEnvironment
            ?? owner.GetType().GetInterface("IInternalCatalog")?.GetProperty("Environment")?.GetValue(owner) as IHostEnvironment;
    }
}
