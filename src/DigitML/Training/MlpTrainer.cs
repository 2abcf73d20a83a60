using DigitML.Data;
using DigitML.Numerics;

namespace DigitML.Training;

/// <summary>
/// Trains a multilayer perceptron on labelled images: ReLU, softmax with cross-entropy, mini-batches in a fresh order every
/// epoch, on all processors. The same images, options and seed give the same weights, bit for bit, whatever the number of threads.
/// </summary>
public sealed class MlpTrainer
{
    /// <summary>Above this share of pixels that are not ground, a dense first layer is faster than lists.</summary>
    private const double DensestSparse = 0.5;

    /// <summary>Creates a trainer.</summary>
    /// <param name="options">What decides the run; null for the thesis's network and recipe.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public MlpTrainer(MlpOptions? options = null)
    {
        Options = options ?? new MlpOptions();
        Options.Validate();
    }

    /// <summary>What decides the run.</summary>
    public MlpOptions Options { get; }

    /// <summary>Whether <see cref="Fit"/> measures where its time goes, into <see cref="TrainingResult.Phases"/>. The trained model is the same.</summary>
    /// <value>false.</value>
    public bool MeasurePhases { get; init; }

    /// <summary>Trains.</summary>
    /// <param name="images">Labelled images; the validation split is taken from them.</param>
    /// <param name="progress">Told several times a second within an epoch, and once when each is over; called on this thread.</param>
    /// <param name="cancellationToken">Ends training after the running batch; the best model so far is returned, and says so.</param>
    /// <exception cref="ArgumentException">The images have no labels, or are too few to split, or are not what <see cref="MlpOptions.MadeImages"/> needs.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while images were made, before anything was trained.</exception>
    public TrainingResult Fit(LabelledImages images, IProgress<EpochReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (!images.HasLabels)
        {
            throw new ArgumentException($"{images.Name}: training needs labelled images; these have no labels.", nameof(images));
        }

        if (images.ClassCount < 2)
        {
            throw new ArgumentException($"{images.Name}: training needs at least two classes; every label is 0.", nameof(images));
        }

        MadeTrainingImages.Check(images, Options);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var phases = MeasurePhases ? new PhaseClock() : null;
        var (training, validation) = StratifiedSplit.Split(images, Options.ValidationFraction, Options.Seed);
        var (seen, order) = MadeTrainingImages.Append(images, training, Options, cancellationToken);
        var threads = ThreadTeam.SizeFor(Options.Threads);
        using var team = new ThreadTeam(threads);
        var normalization = Normalizer.Of(seen, order, Options.PixelScaling, team, out var density);
        var values = Normalizer.Table(normalization);
        var sparse = values.Span[0] == 0f && density <= DensestSparse;
        int[] sizes = [images.PixelsPerImage, .. Options.HiddenLayers, images.ClassCount];
        var network = new TrainingNetwork(sizes, Math.Min(Options.BatchSize, order.Length), values, sparse, team, Options.Dropout, Options.Seed) { Clock = phases };
        HeInitializer.Fill(network.Layers, Options.Seed);

        var loop = new TrainingLoop(Options, network, team, seen, order, validation);
        loop.Run(progress, cancellationToken);
        var history = new TrainingHistory
        {
            Dataset = images.Name,
            IsSynthetic = images.IsSynthetic,
            Options = Options,
            Epochs = loop.Epochs,
            BestEpoch = loop.KeptEpoch,
            StopReason = loop.StopReason,
            TrainSeconds = clock.Elapsed.TotalSeconds,
            Parameters = network.Layers.Sum(layer => layer.Outputs * (layer.Inputs + 1)),
            Threads = threads,
            TrainingImages = order.Length,
            ValidationImages = validation.Length,
            DataHash = images.Hash,
        };
        var model = network.ToModel(normalization, ModelMetadata.Of(history, images));
        if (Options.MadeImages > 0 && validation.Length > 0)
        {
            model = Calibration.Add(model, images.Select(validation), Options);
        }

        phases?.Mark(0, TrainingPhase.Other);
        return new TrainingResult(model, history) { Warning = Warning(history), Phases = phases?.Times() ?? [] };
    }

    private string? Warning(TrainingHistory history)
    {
        var kept = history.BestEpoch == 0 ? "the untrained model is kept" : $"the model of epoch {history.BestEpoch} is kept";
        return history.StopReason switch
        {
            StopReason.Cancelled => history.BestEpoch == 0
                ? "Cancelled before the first epoch was over: the model has seen only a part of the images."
                : $"Cancelled after {history.Epochs.Count} of {Options.Epochs} epochs: {kept}.",
            StopReason.Diverged => FormattableString.Invariant(
                $"The loss became NaN or infinite in epoch {history.Epochs.Count + 1}; {kept}. Lower LearningRate ({Options.LearningRate}), or add WarmupEpochs."),
            _ => null,
        };
    }
}
