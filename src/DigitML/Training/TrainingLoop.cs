using System.Diagnostics;
using DigitML.Models;
using DigitML.Numerics;
using DigitML.Pixels;

namespace DigitML.Training;

/// <summary>The epochs of one run: shuffles, batches, validation, and when to stop.</summary>
internal sealed class TrainingLoop
{
    private const int ValidationChunk = 64;
    private const int AugmentationPiece = 32;
    private static readonly TimeSpan s_reportEvery = TimeSpan.FromMilliseconds(100);

    private readonly MlpOptions _options;
    private readonly TrainingNetwork _network;
    private readonly ThreadTeam _team;
    private readonly TeamPace _pace;
    private readonly TrainingRows _rows;
    private readonly int[] _order;
    private readonly int[] _validation;
    private readonly int _batchSize;
    private readonly int _stepsPerEpoch;
    private readonly ForwardPass[] _passes;
    private readonly float[] _validationLoss;
    private readonly bool[] _validationCorrect;
    private readonly float[] _kept;
    private readonly ImageAugmenter[] _augmenters;
    private readonly byte[] _augmented;
    private readonly TrainingRows _trainingRows;
    private readonly Teaching? _teaching;
    private readonly List<EpochReport> _epochs = [];
    private int _bestEpoch;
    private long _step;
    private bool _stop;
    private double _loss;
    private int _correct;
    private int _done;

    /// <summary>Readies a run; <paramref name="training"/> is reordered by it.</summary>
    public TrainingLoop(MlpOptions options, TrainingNetwork network, ThreadTeam team, TrainingRows rows, int[] training, int[] validation, Mlp? teacher = null)
    {
        _options = options;
        _network = network;
        _team = team;
        _pace = new TeamPace(team.Size);
        _rows = rows;
        _order = training;
        _validation = validation;
        _batchSize = Math.Min(options.BatchSize, training.Length);
        _stepsPerEpoch = (training.Length + _batchSize - 1) / _batchSize;
        _passes = new ForwardPass[validation.Length > 0 ? team.Size : 0];
        for (var i = 0; i < _passes.Length; i++)
        {
            _passes[i] = new ForwardPass(network.KeptLayers(), network.Encoding, ValidationChunk);
        }

        _validationLoss = new float[validation.Length];
        _validationCorrect = new bool[validation.Length];
        _kept = new float[network.WeightsLength];
        _augmenters = [];
        _augmented = [];
        _trainingRows = rows;
        var pictures = rows as ImageRows;
        var answers = teacher is null ? null : new float[checked(pictures!.Images.Count * network.ClassCount)];
        if (options.Augmentation is { } augmentation)
        {
            var images = pictures?.Images ?? throw new ArgumentException($"{nameof(MlpOptions.Augmentation)} changes images; rows of features have none.");
            // Changed images stand where their originals do, so the order of training means the same in both.
            _augmenters = Enumerable.Range(0, team.Size).Select(_ => new ImageAugmenter(augmentation, images.Width, images.Height)).ToArray();
            _augmented = new byte[images.Pixels.Length];
            _trainingRows = pictures.With(_augmented, mixes: augmentation.Mixup > 0, answers);
        }
        else if (answers is not null)
        {
            _trainingRows = pictures!.With(pictures.Images.PixelMemory, mixes: false, answers);
        }

        _teaching = teacher is null ? null : new Teaching(teacher, (ImageRows)_trainingRows, options.Distillation!.Temperature, isOnce: options.Augmentation is null);
    }

    /// <summary>The epochs that were completed.</summary>
    public IReadOnlyList<EpochReport> Epochs => _epochs;

    /// <summary>The epoch whose weights the network has at the end; 0 for none.</summary>
    public int KeptEpoch { get; private set; }

    /// <summary>Why the run ended.</summary>
    public StopReason StopReason { get; private set; }

    /// <summary>Whether nothing is left to train: all epochs are over, or the patience is.</summary>
    public bool IsOver => _epochs.Count >= _options.Epochs || IsOutOfPatience;

    private bool IsOutOfPatience => _options.EarlyStoppingPatience > 0 && _epochs.Count - _bestEpoch >= _options.EarlyStoppingPatience;

    /// <summary>Goes on where a run of the same options and data was left; before <see cref="Run"/>.</summary>
    public void Resume(TrainingCheckpoint checkpoint)
    {
        _network.Restore(checkpoint.State);
        _epochs.AddRange(checkpoint.Epochs);
        _step = (long)_epochs.Count * _stepsPerEpoch;
        _bestEpoch = _validation.Length == 0 ? _epochs.Count : _epochs.MinBy(report => report.ValidationLoss)!.Epoch;
        checkpoint.Kept.CopyTo(_kept);
        if (checkpoint.Kept.IsEmpty)
        {
            _network.CopyWeightsTo(_kept);
        }
    }

    /// <summary>All that the run needs to go on after the epoch that is over.</summary>
    public TrainingCheckpoint Checkpoint(string fingerprint, double trainSeconds)
    {
        var kept = _bestEpoch == _epochs.Count ? [] : (float[])_kept.Clone();
        var state = _network.State();
        var header = new CheckpointHeader
        {
            Options = _options,
            Data = fingerprint,
            Epochs = [.. _epochs],
            TrainingImages = _order.Length,
            TrainSeconds = trainSeconds,
            StateLength = state.Length,
            KeptLength = kept.Length,
        };
        return new TrainingCheckpoint(header, state, kept);
    }

    /// <summary>Trains to the end, until it is stopped, or until it shall pause.</summary>
    /// <param name="until">The epoch to pause after.</param>
    /// <param name="onEpoch">Called when an epoch is over and has been reported.</param>
    /// <param name="progress">Gets the reports.</param>
    /// <param name="cancellationToken">Ends the run after the running batch.</param>
    public void Run(int until, Action? onEpoch, IProgress<EpochReport>? progress, CancellationToken cancellationToken)
    {
        var shuffle = new SeededRandom(_options.Seed, RandomStreams.Shuffle);
        for (var epoch = 1; epoch <= _epochs.Count; epoch++)
        {
            // Orders build on one another. Drawing those of epochs that are over again takes less time than an update of each.
            shuffle.Shuffle(_order);
        }

        if (_epochs.Count == 0)
        {
            _network.CopyWeightsTo(_kept);
        }

        StopReason = StopReason.Completed;
        _network.Clock?.Mark(0, TrainingPhase.Setup);
        while (_epochs.Count < until && !IsOver)
        {
            var epoch = _epochs.Count + 1;
            shuffle.Shuffle(_order);
            _network.Clock?.Mark(0, TrainingPhase.Shuffle);
            var clock = Stopwatch.StartNew();
            Augment(epoch, cancellationToken);
            _teaching?.Ask(_order, _team, cancellationToken);
            _network.Clock?.Mark(0, TrainingPhase.Augmentation);
            RunEpoch(clock, complete => progress?.Report(Report(epoch, clock, complete)), cancellationToken);
            if (_stop)
            {
                break;
            }

            var report = Validate(Report(epoch, clock, complete: true), clock);
            _network.Clock?.Mark(0, TrainingPhase.Validation);
            if (!double.IsFinite(report.ValidationLoss ?? report.TrainLoss))
            {
                StopReason = StopReason.Diverged;
                break;
            }

            // Without validation images, the latest model is the best known.
            if (_bestEpoch == 0 || report.ValidationLoss is not { } loss || loss < _epochs[_bestEpoch - 1].ValidationLoss)
            {
                _bestEpoch = epoch;
                _network.CopyWeightsTo(_kept);
            }

            _epochs.Add(report);
            progress?.Report(report);
            onEpoch?.Invoke();
            _network.Clock?.Mark(0, TrainingPhase.Other);
        }

        if (StopReason == StopReason.Completed)
        {
            StopReason = IsOutOfPatience ? StopReason.EarlyStopping : IsOver ? StopReason.Completed : StopReason.Paused;
        }
    }

    /// <summary>Gives the network the weights that the run ends with; what is left of the training is lost.</summary>
    public void Finish()
    {
        KeptEpoch = _epochs.Count;
        var restores = _options.EarlyStoppingPatience > 0 || StopReason is not (StopReason.Completed or StopReason.Paused);

        // Cancelled before the first epoch was over, there is nothing better than what has been learnt so far.
        if (restores && !(StopReason == StopReason.Cancelled && _bestEpoch == 0))
        {
            _network.CopyWeightsFrom(_kept);
            KeptEpoch = _bestEpoch;
        }
        else
        {
            _network.Fold();
        }
    }

    private ReadOnlySpan<int> Batch(int index)
    {
        var start = index * _batchSize;
        return _order.AsSpan(start, Math.Min(_batchSize, _order.Length - start));
    }

    /// <summary>
    /// Changes all training images for one epoch; each image's chance is its own, so any thread may do it. Cancelled, it leaves the rest as
    /// they are: the epoch ends after its first batch.
    /// </summary>
    private void Augment(int epoch, CancellationToken cancellationToken)
    {
        if (_augmenters.Length == 0)
        {
            return;
        }

        var images = ((ImageRows)_rows).Images;
        var rows = (ImageRows)_trainingRows;
        var key = new SeededRandom(_options.Seed, RandomStreams.Augmentation).Next() + (ulong)epoch;
        _team.RunPieces(_order.Length, AugmentationPiece, (member, start, count) =>
        {
            foreach (var image in _order.AsSpan(start, count))
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    break;
                }

                var random = new SeededRandom((long)SeededRandom.Mix(key), (ulong)image);
                var target = _augmented.AsSpan(image * images.PixelsPerImage, images.PixelsPerImage);
                _augmenters[member].Augment(images.Image(image), target, random);
                if (rows.Mixtures is { } mixtures && image < rows.FirstOutlier)
                {
                    // Another that trains, changed by chance of its own. The epoch's order decides nothing: it is another by then.
                    var other = _order[random.Next(_order.Length)];
                    mixtures[image] = other < rows.FirstOutlier ? (other, _augmenters[member].Mix(images.Image(other), target, random)) : default;
                }
            }
        });
    }

    private void RunEpoch(Stopwatch clock, Action<bool> report, CancellationToken cancellationToken)
    {
        _loss = 0;
        _correct = 0;
        _done = 0;
        _stop = false;
        var firstStep = _step;
        var nextReport = s_reportEvery;
        _team.RunSteps(_stepsPerEpoch, Begin, Step, () => _stop, _pace);
        _network.Clock?.Mark(0, TrainingPhase.Waiting);

        void Begin(int member)
        {
            _network.Gather(member, 0, _trainingRows, Batch(0), firstStep);
            _network.Meet(member, TrainingPhase.Gather);
        }

        void Step(int member, int batch)
        {
            _network.Clock?.Mark(member, TrainingPhase.Waiting);
            var slot = batch & 1;
            var count = Batch(batch).Length;
            var step = firstStep + batch;
            _network.PropagateForward(member, slot, count, step);

            // While the others go on: all losses are there, and nobody reads the stop flag before the end of the step.
            if (member == 0)
            {
                Tally(count, batch + 1 == _stepsPerEpoch);
            }

            _network.PropagateBackward(member, count);
            _network.Update(member, slot, count, LearningRates.UpdateAt(_options, step, _stepsPerEpoch));
            if (batch + 1 < _stepsPerEpoch)
            {
                _network.Gather(member, 1 - slot, _trainingRows, Batch(batch + 1), step + 1);
            }

            _network.Clock?.Mark(member, TrainingPhase.Gather);
            if (_network.MaxNorm > 0)
            {
                _network.Meet(member, TrainingPhase.Gather);
                _network.Constrain(member);
                _network.Clock?.Mark(member, TrainingPhase.WeightUpdate);
            }
        }

        void Tally(int count, bool isLast)
        {
            var (loss, correct) = _network.Tally(count);
            _loss += loss;
            _correct += correct;
            _done += count;
            _step++;
            if (!double.IsFinite(loss))
            {
                (_stop, StopReason) = (true, StopReason.Diverged);
            }
            else if (cancellationToken.IsCancellationRequested)
            {
                (_stop, StopReason) = (true, StopReason.Cancelled);
            }
            else if (clock.Elapsed >= nextReport && !isLast)
            {
                nextReport = clock.Elapsed + s_reportEvery;
                report(false);
            }

            _network.Clock?.Mark(0, TrainingPhase.Loss);
        }
    }

    private EpochReport Report(int epoch, Stopwatch clock, bool complete) => new()
    {
        Epoch = epoch,
        Epochs = _options.Epochs,
        ImagesDone = _done,
        ImagesTotal = _order.Length,
        IsComplete = complete,
        TrainLoss = _loss / Math.Max(1, _done),
        TrainAccuracy = (double)_correct / Math.Max(1, _done),
        Seconds = clock.Elapsed.TotalSeconds,
        LearningRate = LearningRates.At(_options, Math.Max(0, _step - 1), _stepsPerEpoch),
    };

    private EpochReport Validate(EpochReport report, Stopwatch clock)
    {
        if (_validation.Length == 0)
        {
            return report;
        }

        _network.Fold();
        _team.RunPieces(_validation.Length, ValidationChunk, (member, start, count) =>
        {
            var pass = _passes[member];
            Span<float> logits = stackalloc float[_network.ClassCount];
            Span<int> labels = stackalloc int[ValidationChunk];
            Span<float> weights = stackalloc float[ValidationChunk];
            pass.Begin(count);
            _rows.Gather(pass.Input, 0, _validation.AsSpan(start, count));
            _rows.CopyLabels(_validation.AsSpan(start, count), labels, weights);
            pass.Run(count);
            for (var row = 0; row < count; row++)
            {
                pass.CopyLogits(row, logits);
                _validationLoss[start + row] = weights[row] * Softmax.CrossEntropy(logits, labels[row], out _validationCorrect[start + row]);
            }
        });
        return report with
        {
            ValidationLoss = _validationLoss.Sum(loss => (double)loss) / _validation.Length,
            ValidationAccuracy = (double)_validationCorrect.Count(correct => correct) / _validation.Length,
            Seconds = clock.Elapsed.TotalSeconds,
        };
    }
}
