using DigitML.Data;
using DigitML.IO;
using DigitML.Models;
using DigitML.Numerics;

namespace DigitML.Training;

/// <summary>
/// Trains a multilayer perceptron on labelled images or on the rows of a table: ReLU, softmax with cross-entropy, mini-batches in a fresh order every
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

    /// <summary>Whether <c>Fit</c> measures where its time goes, into <see cref="TrainingResult.Phases"/>. The trained model is the same.</summary>
    /// <value>false.</value>
    public bool MeasurePhases { get; init; }

    /// <summary>
    /// Where <c>Fit</c> keeps what it needs to go on; it goes on from there when it finds a training of the same options and data, and ends in the
    /// bytes of one that was never broken off.
    /// </summary>
    /// <value>null: nowhere.</value>
    public CheckpointFolder? Checkpoints { get; init; }

    /// <summary>
    /// A model whose answers are learnt beside the labels, as <see cref="MlpOptions.Distillation"/> says: several networks joined by
    /// <see cref="MlpEnsemble"/>, or a wider one. Of as many pixels and classes as the images have.
    /// </summary>
    /// <value>null: none.</value>
    public Mlp? Teacher { get; init; }

    /// <summary>Trains on a part of the images and validates on the rest, as <see cref="MlpOptions.ValidationFraction"/> says.</summary>
    /// <param name="images">Labelled images; the validation split is taken from them.</param>
    /// <param name="progress">Reported to several times a second within an epoch, and once when each is over; called on this thread.</param>
    /// <param name="cancellationToken">Ends training after the running batch; the best model so far is returned, and says so.</param>
    /// <exception cref="ArgumentException">The images have no labels, or are too few to split.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before training began.</exception>
    public TrainingResult Fit(LabelledImages images, IProgress<EpochReport>? progress = null, CancellationToken cancellationToken = default) =>
        Fit(TrainingData.Split(images, Options.ValidationFraction, Options.Seed), progress, cancellationToken);

    /// <summary>Trains on a part of a table's rows and validates on the rest, as <see cref="MlpOptions.ValidationFraction"/> says.</summary>
    /// <param name="rows">Labelled rows; the validation split is taken from them.</param>
    /// <param name="progress">Reported to several times a second within an epoch, and once when each is over; called on this thread.</param>
    /// <param name="cancellationToken">Ends training after the running batch; the best model so far is returned, and says so.</param>
    /// <exception cref="ArgumentException">The rows have no labels, or are too few to split.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before training began.</exception>
    public TrainingResult Fit(LabelledFeatures rows, IProgress<EpochReport>? progress = null, CancellationToken cancellationToken = default) =>
        Fit(TrainingData.Split(rows, Options.ValidationFraction, Options.Seed), progress, cancellationToken);

    /// <summary>Trains on sets chosen by the caller; <see cref="MlpOptions.ValidationFraction"/> is not looked at.</summary>
    /// <param name="data">What trains and what validates.</param>
    /// <param name="progress">Reported to several times a second within an epoch, and once when each is over; called on this thread.</param>
    /// <param name="cancellationToken">Ends training after the running batch; the best model so far is returned, and says so.</param>
    /// <exception cref="OperationCanceledException">Cancelled before training began.</exception>
    /// <remarks>What <paramref name="progress"/> throws ends training and is passed on, when the threads have ended.</remarks>
    public TrainingResult Fit(TrainingData data, IProgress<EpochReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Run(data, Options.Epochs, null, Checkpoints, gives: false, progress, cancellationToken);
    }

    /// <summary>
    /// Trains until an epoch is over, from nothing or from where an earlier call paused. However often it pauses, a run ends in the same bytes:
    /// the learning rate moves as <see cref="MlpOptions.Epochs"/>, the whole run's, tells.
    /// </summary>
    /// <param name="data">What trains and what validates; the same in every call of a run.</param>
    /// <param name="epoch">
    /// The epoch to pause after, from 1 to <see cref="MlpOptions.Epochs"/>. That of <paramref name="checkpoint"/> trains nothing and gives its model.
    /// </param>
    /// <param name="checkpoint">Where the run paused; null begins it.</param>
    /// <param name="progress">Reported to several times a second within an epoch, and once when each is over; called on this thread.</param>
    /// <param name="cancellationToken">Ends training after the running batch; the best model so far is returned, and says so.</param>
    /// <returns>
    /// The model that the run would have were this its last epoch, all its epochs so far, and <see cref="TrainingResult.Checkpoint"/>, from which
    /// the next call goes on.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epoch"/> is out of its range, or is over in <paramref name="checkpoint"/>.</exception>
    /// <exception cref="DigitException">The checkpoint is of a run with other options or data.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before training began.</exception>
    public TrainingResult FitUntil(TrainingData data, int epoch, TrainingCheckpoint? checkpoint = null, IProgress<EpochReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var least = checkpoint?.Epoch ?? 1;
        return epoch >= least && epoch <= Options.Epochs
            ? Run(data, epoch, checkpoint, null, gives: true, progress, cancellationToken)
            : throw new ArgumentOutOfRangeException(nameof(epoch), Invariant($"{nameof(epoch)} must be {least} to {Options.Epochs}{(checkpoint is null ? "" : ", from the checkpoint's on")}; got {epoch}."));
    }

    private TrainingResult Run(TrainingData data, int until, TrainingCheckpoint? checkpoint, CheckpointFolder? folder, bool gives, IProgress<EpochReport>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckTeacher(data);
        var fingerprint = Teacher is null ? data.Fingerprint : $"{data.Fingerprint} {Teacher.Hash}";
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var phases = MeasurePhases ? new PhaseClock() : null;
        var validation = data.Validation;
        int[] order = [.. data.Training];
        var threads = ThreadTeam.SizeFor(Options.Threads);
        using var team = new ThreadTeam(threads);
        var (pixels, features, encoding) = Encode(data, order, team);
        int[] sizes = [data.Rows.RowLength, .. Options.HiddenLayers, data.ClassCount];
        var network = new TrainingNetwork(sizes, Math.Min(Options.BatchSize, order.Length), encoding, team, Options.Dropout, Options.Seed, HiddenUnits, Options.InputDropout, Options.BatchNormalization, Options.Distillation, Options.HiddenNoise)
        {
            Clock = phases,
            LabelSmoothing = Options.LabelSmoothing,
            MaxNorm = Options.MaxNorm,
        };
        WeightInitializer.Fill(network.Layers, Options.Seed);
        if (Options.AverageDecay > 0)
        {
            network.BeginAverage();
        }

        var loop = new TrainingLoop(Options, network, team, data.Rows, order, validation, Teacher);
        checkpoint ??= folder?.Newest();
        if (checkpoint is not null)
        {
            checkpoint.CheckRun(Options, fingerprint, network.StateLength);
            loop.Resume(checkpoint);
            folder?.SayResumed(checkpoint);
        }

        var before = checkpoint?.TrainSeconds ?? 0;
        loop.Run(until, folder is null ? null : () => folder.Offer(loop.Epochs.Count, loop.IsOver, Checkpoint), progress, cancellationToken);
        var paused = gives && loop.StopReason is not (StopReason.Cancelled or StopReason.Diverged) ? Checkpoint() : null;
        loop.Finish();
        var history = new TrainingHistory
        {
            Dataset = data.Name,
            IsSynthetic = data.IsSynthetic,
            Options = Options,
            Epochs = loop.Epochs,
            BestEpoch = loop.KeptEpoch,
            StopReason = loop.StopReason,
            TrainSeconds = before + clock.Elapsed.TotalSeconds,
            Parameters = network.Layers.Sum(layer => layer.Outputs * (layer.Inputs + 1)),
            Threads = threads,
            TrainingImages = order.Length,
            ValidationImages = validation.Length,
            DataHash = data.Hash,
        };
        var metadata = ModelMetadata.Of(history, data, Teacher);
        var model = features is null ? new Mlp(pixels, network.Export(), metadata) : new Mlp(features, network.Export(), metadata);
        phases?.Mark(0, TrainingPhase.Other);
        return new TrainingResult(model, history) { Warning = Warning(history), Phases = phases?.Times() ?? [], Checkpoint = paused };

        TrainingCheckpoint Checkpoint() => loop.Checkpoint(fingerprint, before + clock.Elapsed.TotalSeconds);
    }

    /// <summary>As <see cref="Fit(LabelledImages, IProgress{EpochReport}?, CancellationToken)"/>, on a thread of the pool.</summary>
    /// <param name="images">Labelled images; the validation split is taken from them.</param>
    /// <param name="progress">Reported to several times a second within an epoch, and once when each is over; called on the thread that trains.</param>
    /// <param name="cancellationToken">Ends training after the running batch; the task then gives the best model so far, or is cancelled when training had not begun.</param>
    /// <exception cref="ArgumentException">In the task: the images have no labels, or are too few to split.</exception>
    public Task<TrainingResult> FitAsync(LabelledImages images, IProgress<EpochReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Task.Run(() => Fit(images, progress, cancellationToken), cancellationToken);
    }

    /// <summary>As <see cref="Fit(LabelledFeatures, IProgress{EpochReport}?, CancellationToken)"/>, on a thread of the pool.</summary>
    /// <param name="rows">Labelled rows; the validation split is taken from them.</param>
    /// <param name="progress">Reported to several times a second within an epoch, and once when each is over; called on the thread that trains.</param>
    /// <param name="cancellationToken">Ends training after the running batch; the task then gives the best model so far, or is cancelled when training had not begun.</param>
    /// <exception cref="ArgumentException">In the task: the rows have no labels, or are too few to split.</exception>
    public Task<TrainingResult> FitAsync(LabelledFeatures rows, IProgress<EpochReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Task.Run(() => Fit(rows, progress, cancellationToken), cancellationToken);
    }

    /// <summary>As <see cref="Fit(TrainingData, IProgress{EpochReport}?, CancellationToken)"/>, on a thread of the pool.</summary>
    /// <param name="data">What trains and what validates.</param>
    /// <param name="progress">Reported to several times a second within an epoch, and once when each is over; called on the thread that trains.</param>
    /// <param name="cancellationToken">Ends training after the running batch; the task then gives the best model so far, or is cancelled when training had not begun.</param>
    public Task<TrainingResult> FitAsync(TrainingData data, IProgress<EpochReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Task.Run(() => Fit(data, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Throws when the teacher, or what is to be learnt from it, is missing or does not fit the data.</summary>
    internal void CheckTeacher(TrainingData data)
    {
        if (Teacher is null != Options.Distillation is null)
        {
            throw new ArgumentException(Teacher is null
                ? $"{nameof(MlpOptions.Distillation)} needs a {nameof(Teacher)}, the model whose answers are learnt."
                : $"{nameof(Teacher)} needs {nameof(MlpOptions.Distillation)}, which says how much is learnt from it.");
        }

        if (Teacher is null)
        {
            return;
        }

        if (data.Source is not { } images || Teacher.FeatureNormalization is not null)
        {
            throw new ArgumentException($"{nameof(Teacher)} answers to images; {(data.Source is null ? $"{data.Name} is a table" : "this one takes features of a table")}.");
        }

        if (Teacher.InputCount != data.Rows.RowLength || Teacher.ClassCount != data.ClassCount)
        {
            throw new ArgumentException(Invariant($"{nameof(Teacher)} must take images of {data.Rows.RowLength} pixels in {data.ClassCount} classes, as {data.Name} has; this one takes {Teacher.InputCount} pixels and tells {Teacher.ClassCount} classes apart."));
        }

        for (var label = 0; label < data.ClassCount; label++)
        {
            var name = images.ClassNames.Count > 0 ? images.ClassNames[label] : Invariant($"{label}");
            if (Teacher.NameOf(label) != name)
            {
                throw new ArgumentException(Invariant($"{nameof(Teacher)} must have the classes of {data.Name} in their order; its class {label} is '{Teacher.NameOf(label)}', and there it is '{name}'."));
            }
        }
    }

    private Activation HiddenUnits => Options.Activation switch
    {
        HiddenActivation.LeakyRelu => Activation.LeakyRelu(),
        HiddenActivation.Elu => Activation.Elu(),
        HiddenActivation.Gelu => Activation.Gelu,
        HiddenActivation.Silu => Activation.Silu,
        HiddenActivation.Tanh => Activation.Tanh,
        HiddenActivation.Sigmoid => Activation.Sigmoid,
        _ => Activation.Relu,
    };

    private (PixelNormalization Pixels, FeatureNormalization? Features, InputEncoding Encoding) Encode(TrainingData data, int[] training, ThreadTeam team)
    {
        if (data.Rows is ImageRows images)
        {
            var normalization = Normalizer.Of(images.Images, training, Options.PixelScaling, team, out var density);
            return (normalization, null, ByTable(normalization, density));
        }

        var rows = (FeatureRows)data.Rows;
        var found = FeatureNormalizer.Of(rows, training, team);
        var divisor = found.SharedDivisor(Options.FeatureScaling);
        if (rows.AreBytes && divisor is { } range)
        {
            // What pictures are: lists of what is not 0 go in where most is.
            var normalization = new PixelNormalization(1 / range, 0, 1);
            return (normalization, null, ByTable(normalization, found.Density));
        }

        var features = divisor is { } shared ? FeatureNormalization.Uniform(rows.RowLength, 1 / shared) : found.Standardized();
        return (default, features, new InputEncoding(features.Mean.Span, features.Scale.Span));
    }

    private static InputEncoding ByTable(PixelNormalization normalization, double density)
    {
        var values = Normalizer.Table(normalization);
        return new InputEncoding(values, values.Span[0] == 0f && density <= DensestSparse);
    }

    private string? Warning(TrainingHistory history)
    {
        var kept = history.BestEpoch == 0 ? "the untrained model is kept" : Invariant($"the model of epoch {history.BestEpoch} is kept");
        return history.StopReason switch
        {
            StopReason.Cancelled => history.BestEpoch == 0
                ? "Cancelled before the first epoch was over: the model has seen only a part of the images."
                : Invariant($"Cancelled after {history.Epochs.Count} of {Options.Epochs} epochs: {kept}."),
            StopReason.Diverged => FormattableString.Invariant(
                $"The loss became NaN or infinite in epoch {history.Epochs.Count + 1}; {kept}. Lower LearningRate ({Options.LearningRate}), or add WarmupEpochs."),
            _ => null,
        };
    }
}
