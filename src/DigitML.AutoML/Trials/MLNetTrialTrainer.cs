using System.Reflection;
using DigitML.AutoML.Spaces;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace DigitML.AutoML.Trials;

/// <summary>
/// One of ML.NET's multiclass trainers as trials beside our networks, on the same split and by the same metric. None of them can be paused, so each rung begins anew
/// with its share of trees or iterations: after a third of the epochs, a third of them.
/// </summary>
public sealed class MLNetTrialTrainer : ITrialTrainer
{
    /// <summary>As ML.NET's own AutoML ends a trial. Not public there; without it a trial runs to its end after a search is over.</summary>
    private static readonly MethodInfo? s_cancel = typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []);

    private readonly Func<SearchParameter[]> _space;
    private readonly Func<MLContext, TrialRequest, double, IEstimator<ITransformer>> _build;

    private MLNetTrialTrainer(string name, Func<SearchParameter[]> space, Func<MLContext, TrialRequest, double, IEstimator<ITransformer>> build) => (Name, _space, _build) = (name, space, build);

    /// <summary>Gradient-boosted trees by LightGBM, which is native code.</summary>
    public static MLNetTrialTrainer LightGbm { get; } = new(
        "lightgbm",
        () =>
        [
            new NumberParameter("lightgbm.iterations", 20, 200) { IsWhole = true, IsLogarithmic = true },
            new NumberParameter("lightgbm.leaves", 8, 128) { IsWhole = true, IsLogarithmic = true },
            new NumberParameter("lightgbm.learningRate", 0.02, 0.4) { IsLogarithmic = true },
            new NumberParameter("lightgbm.examplesPerLeaf", 1, 50) { IsWhole = true, IsLogarithmic = true },
        ],
        (ml, request, share) => ml.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options
        {
            NumberOfIterations = Share(request.Settings["lightgbm.iterations"], share),
            NumberOfLeaves = request.Settings["lightgbm.leaves"].Whole,
            LearningRate = request.Settings["lightgbm.learningRate"].Number,
            MinimumExampleCountPerLeaf = request.Settings["lightgbm.examplesPerLeaf"].Whole,
            NumberOfThreads = request.Threads == 0 ? null : request.Threads,
            Seed = request.Seed,
        }));

    /// <summary>A random forest for each class.</summary>
    public static MLNetTrialTrainer FastForest { get; } = new(
        "fastforest",
        () =>
        [
            new NumberParameter("fastforest.trees", 20, 200) { IsWhole = true, IsLogarithmic = true },
            new NumberParameter("fastforest.leaves", 8, 128) { IsWhole = true, IsLogarithmic = true },
            new NumberParameter("fastforest.examplesPerLeaf", 1, 50) { IsWhole = true, IsLogarithmic = true },
        ],
        (ml, request, share) => ml.MulticlassClassification.Trainers.OneVersusAll(ml.BinaryClassification.Trainers.FastForest(new FastForestBinaryTrainer.Options
        {
            NumberOfTrees = Share(request.Settings["fastforest.trees"], share),
            NumberOfLeaves = request.Settings["fastforest.leaves"].Whole,
            MinimumExampleCountPerLeaf = request.Settings["fastforest.examplesPerLeaf"].Whole,
            NumberOfThreads = request.Threads == 0 ? null : request.Threads,
            Seed = request.Seed,
        })));

    /// <summary>Softmax regression by stochastic dual coordinate ascent.</summary>
    public static MLNetTrialTrainer Sdca { get; } = new(
        "sdca",
        () =>
        [
            new NumberParameter("sdca.l2", 1e-6, 1e-1) { IsLogarithmic = true },
            new NumberParameter("sdca.l1", 1e-4, 1) { IsLogarithmic = true },
            new NumberParameter("sdca.iterations", 10, 100) { IsWhole = true, IsLogarithmic = true },
        ],
        (ml, request, share) => Scaled(ml).Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options
        {
            L2Regularization = (float)request.Settings["sdca.l2"].Number,
            L1Regularization = (float)request.Settings["sdca.l1"].Number,
            MaximumNumberOfIterations = Share(request.Settings["sdca.iterations"], share),

            // Its threads race one another, and no two runs give the same.
            NumberOfThreads = 1,
        })));

    /// <summary>Softmax regression by L-BFGS.</summary>
    public static MLNetTrialTrainer Lbfgs { get; } = new(
        "lbfgs",
        () =>
        [
            new NumberParameter("lbfgs.l2", 1e-4, 10) { IsLogarithmic = true },
            new NumberParameter("lbfgs.l1", 1e-4, 10) { IsLogarithmic = true },
            new NumberParameter("lbfgs.iterations", 20, 300) { IsWhole = true, IsLogarithmic = true },
        ],
        (ml, request, share) => Scaled(ml).Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            L2Regularization = (float)request.Settings["lbfgs.l2"].Number,
            L1Regularization = (float)request.Settings["lbfgs.l1"].Number,
            MaximumNumberOfIterations = Share(request.Settings["lbfgs.iterations"], share),

            // Its threads race one another, and no two runs give the same.
            NumberOfThreads = 1,
        })));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MLNetTrialTrainer> All { get; } = [LightGbm, FastForest, Sdca, Lbfgs];

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public SearchSpace SpaceFor(ExperimentData data) => new(_space());

    /// <inheritdoc/>
    public ITrialTraining Begin(TrialRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new Training(this, request);
    }

    /// <inheritdoc/>
    public ExperimentModel Refit(TrialRequest request, IProgress<EpochReport>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Train(request, 1, cancellationToken);
    }

    /// <inheritdoc/>
    public ExperimentModel Load(string path)
    {
        try
        {
            var ml = new MLContext();
            using var file = File.OpenRead(path);
            var transformer = ml.Model.Load(file, out var schema);
            return new MLNetExperimentModel(Name, ml, transformer, schema);
        }
        catch (Exception error) when (error is FormatException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DigitException($"{path}: expected a model that ML.NET saved, but: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    private MLNetExperimentModel Train(TrialRequest request, double share, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var ml = new MLContext(request.Seed);
        using var cancelled = cancellationToken.Register(() => s_cancel?.Invoke(ml, null));
        var rows = ExampleRow.View(ml, request.Data.Images, request.Data.Table);
        try
        {
            return new MLNetExperimentModel(Name, ml, _build(ml, request, share).Fit(rows), rows.Schema);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static int Share(SettingValue whole, double share) => Math.Max(1, (int)Math.Round(whole.Number * share));

    private static EstimatorChain<ITransformer> Scaled(MLContext ml) => new EstimatorChain<ITransformer>().Append<ITransformer>(ml.Transforms.NormalizeMinMax(nameof(ExampleRow.Features))).AppendCacheCheckpoint(ml);

    private sealed class Training(MLNetTrialTrainer trainer, TrialRequest request) : ITrialTraining
    {
        public ReadOnlyMemory<byte> Checkpoint => default;

        public long ModelBytes { get; private set; }

        public TrialScore TrainTo(int epochs, IProgress<EpochReport>? progress, CancellationToken cancellationToken)
        {
            var model = trainer.Train(request, (double)epochs / request.MaximumEpochs, cancellationToken);
            ModelBytes = model.Bytes;
            return TrialScore.Of(request.Data switch
            {
                { ValidationImages: { } images } => model.Evaluate(images, cancellationToken),
                { ValidationTable: { } table } => model.Evaluate(table, cancellationToken),
                _ => throw new DigitException($"{request.Data.Name}: a trial needs examples to be compared on; none are held out."),
            });
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>A model of ML.NET's as the winner.</summary>
internal sealed class MLNetExperimentModel(string trainer, MLContext ml, ITransformer transformer, DataViewSchema schema) : ExperimentModel
{
    public override string Trainer => trainer;

    public override string FileName => "model.zip";

    /// <summary>Bytes of its file.</summary>
    public long Bytes
    {
        get
        {
            using var file = new MemoryStream();
            ml.Model.Save(transformer, schema, file);
            return file.Length;
        }
    }

    public override EvaluationResult Evaluate(LabelledImages images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        var probabilities = Probabilities(ExampleRow.View(ml, images, null), images.ClassCount, cancellationToken);
        return EvaluationResult.From(probabilities, images.Labels, images.ClassCount, images.Name, images.IsSynthetic, null, images.ClassNames) with { DataHash = images.Hash };
    }

    public override EvaluationResult Evaluate(LabelledFeatures rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var probabilities = Probabilities(ExampleRow.View(ml, null, rows), rows.ClassCount, cancellationToken);
        return EvaluationResult.From(probabilities, rows.Labels, rows.ClassCount, rows.Name, false, null, rows.Details.ClassNames) with { DataHash = rows.Hash };
    }

    public override void Save(string path) => AtomicFile.Write(path, stream => ml.Model.Save(transformer, schema, stream));

    /// <summary>Row-major [rows, classes]; scores that do not sum to 1, as those of one against all may, are made to.</summary>
    private float[] Probabilities(IDataView rows, int classCount, CancellationToken cancellationToken)
    {
        var all = new List<float>();
        foreach (var scores in transformer.Transform(rows).GetColumn<float[]>("Score"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (scores.Length < classCount)
            {
                throw new DigitException(Invariant($"The model gives {scores.Length} scores, but the data have {classCount} classes."));
            }

            var sum = scores.Take(classCount).Sum();
            all.AddRange(scores.Take(classCount).Select(score => sum > 0 ? score / sum : 1f / classCount));
        }

        return [.. all];
    }
}

/// <summary>One example as ML.NET's trainers take it.</summary>
internal sealed class ExampleRow
{
    public float[] Features { get; set; } = [];

    public uint Label { get; set; }

    /// <summary>Pictures or a table, of which a row is made as it is asked for.</summary>
    public static IDataView View(MLContext ml, LabelledImages? images, LabelledFeatures? table)
    {
        var (width, classes) = images is not null ? (images.PixelsPerImage, images.ClassCount) : (table!.FeatureCount, table.ClassCount);
        var schema = SchemaDefinition.Create(typeof(ExampleRow));
        schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        schema[nameof(Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        return ml.Data.LoadFromEnumerable(images is not null ? Of(images) : Of(table!), schema);
    }

    private static IEnumerable<ExampleRow> Of(LabelledImages images)
    {
        for (var i = 0; i < images.Count; i++)
        {
            yield return new ExampleRow { Features = Array.ConvertAll(images.Image(i).ToArray(), pixel => (float)pixel), Label = (uint)images.Label(i) };
        }
    }

    private static IEnumerable<ExampleRow> Of(LabelledFeatures table)
    {
        for (var i = 0; i < table.Count; i++)
        {
            var features = new float[table.FeatureCount];
            table.CopyRow(i, features);
            yield return new ExampleRow { Features = features, Label = (uint)table.Labels[i] };
        }
    }
}
