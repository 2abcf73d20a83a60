using System.Diagnostics;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.AutoML.Tuning;
using DigitML.IO;
using DigitML.Numerics;
using DigitML.Training;

namespace DigitML.AutoML;

/// <summary>One run of an experiment: its workers, its clock, and the winner's last training.</summary>
internal sealed class ExperimentRun : IDisposable
{
    /// <summary>So many trials that fail before any reaches a rung, and it is not the settings' fault.</summary>
    private const int HopelessFailures = 10;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    /// <summary>How rarely a worker that finds nothing to do looks again: thousands of them share a database.</summary>
    private static readonly TimeSpan s_rarestLook = TimeSpan.FromSeconds(1);

    private readonly MlpExperiment _experiment;
    private readonly ExperimentData _data;
    private readonly SearchSpace _space;
    private readonly ITuner _tuner;
    private readonly StudyDescription _description;
    private readonly StudyView _view;
    private readonly Dictionary<string, ITrialTrainer> _trainers;
    private readonly int _threads;
    private readonly Stopwatch _clock = new();
    private readonly RunReporter _reporter;
    private readonly LastTraining _lastTraining;
    private readonly SemaphoreSlim _refresh = new(1, 1);
    private readonly Lock _lock = new();
    private long _refreshes;
    private long _refreshed;
    private int _failures;
    private readonly HashSet<int> _dropped = [];
    private int _sinceDrop;

    public ExperimentRun(MlpExperiment experiment, ExperimentData data)
    {
        (_experiment, _data) = (experiment, data);
        _space = experiment.SpaceFor(data);
        _space.Validate();
        _tuner = experiment.TunerFor(data);
        _trainers = experiment.Trainers.ToDictionary(trainer => trainer.Name, StringComparer.Ordinal);
        _threads = ThreadTeam.SizeFor(experiment.Threads);
        _view = new StudyView(_tuner.Rungs.Count, _tuner.ReductionFactor, experiment.Metric);
        _reporter = new RunReporter(experiment, _view, _clock, _lock);
        _lastTraining = new LastTraining(experiment, data, _tuner, _trainers, _threads, ThreadsPerWorker);
        _description = new StudyDescription
        {
            Name = experiment.Name,
            Dataset = data.Name,
            IsSynthetic = data.IsSynthetic,
            DataHash = data.Hash,
            Space = _space.ToJson(),
            Tuner = _tuner.Name,
            Rungs = _tuner.Rungs,
            Metric = experiment.Metric,
            Seed = experiment.Seed,
        };
    }

    private int ThreadsPerWorker => Math.Max(1, _threads / _experiment.Workers);

    public void Dispose() => _refresh.Dispose();

    public async Task<ExperimentResult> RunAsync(CancellationToken cancellationToken)
    {
        _clock.Start();
        var own = _experiment.Study is null ? new MemoryStudy() : null;
        await using (own)
        {
            var store = _experiment.Study ?? own!;
            using var notices = _reporter.NoticesOf(store);
            await store.OpenAsync(_description, cancellationToken).ConfigureAwait(false);
            await RefreshAsync(store, cancellationToken).ConfigureAwait(false);
            using var search = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _experiment.SearchEnd);
            var workers = Enumerable.Range(0, _experiment.Workers).Select(index => Task.Run(() => WorkAsync(store, WorkerName.Of(index), search), CancellationToken.None)).ToList();
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var clock = EndInTimeAsync(search, ended.Token);
            try
            {
                // One worker's fault ends the others, whose trials are given back first.
                while (workers.Count > 0)
                {
                    var done = await Task.WhenAny(workers).ConfigureAwait(false);
                    workers.Remove(done);
                    if (done.IsFaulted)
                    {
                        await search.CancelAsync().ConfigureAwait(false);
                        await Task.WhenAll(workers).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
                    }

                    await done.ConfigureAwait(false);
                }
            }
            finally
            {
                await ended.CancelAsync().ConfigureAwait(false);
                await clock.ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            await RefreshAsync(store, cancellationToken).ConfigureAwait(false);
            return Finish(cancellationToken);
        }
    }

    private ExperimentResult Finish(CancellationToken cancellationToken)
    {
        var best = _view.Best ?? throw new DigitException($"{_data.Name}: no trial reached its first rung of {_tuner.Rungs[0]} epochs{(LastError() is { } error ? $"; the last said: {error}" : ". Give the search more time.")}");
        var searched = _clock.Elapsed;
        if (!_experiment.Refit)
        {
            return new ExperimentResult(_description, [.. _view.Trials], best, null, searched.TotalSeconds, 0) { Data = _data };
        }

        var progress = new Relay(epoch => _reporter.Report((monitor, report) => monitor.ReportRefit(report), best, epoch));
        progress.Report(null!);
        var model = _trainers[best.Trainer].Refit(RequestFor(best, _data.Whole, _threads, default) with { MaximumEpochs = _lastTraining.EpochsFor(best, _clock.Elapsed) }, progress, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return new ExperimentResult(_description, [.. _view.Trials], best, model, searched.TotalSeconds, (_clock.Elapsed - searched).TotalSeconds) { Data = _data };
    }

    /// <summary>Ends the search when what is left is needed for the winner's last training, but not before there is a winner.</summary>
    private async Task EndInTimeAsync(CancellationTokenSource search, CancellationToken ended)
    {
        if (_experiment.TrainingTime is not { } time)
        {
            return;
        }

        try
        {
            while (!search.IsCancellationRequested)
            {
                await Task.Delay(s_look, ended).ConfigureAwait(false);
                bool isOver;
                lock (_lock)
                {
                    isOver = _view.Best is { } best && _clock.Elapsed + _lastTraining.TimeKept(best, time) >= time;
                }

                if (isOver)
                {
                    await search.CancelAsync().ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The search has ended by itself.
        }
    }

    private async Task WorkAsync(IStudyStore store, string worker, CancellationTokenSource search)
    {
        try
        {
            var look = s_look;
            while (!search.IsCancellationRequested)
            {
                var claim = await ClaimAsync(store, worker, search.Token).ConfigureAwait(false);
                if (claim is not null)
                {
                    await TrainAsync(store, claim, worker, search.Token).ConfigureAwait(false);
                    look = s_look;
                    continue;
                }

                if (IsOver())
                {
                    return;
                }

                // Others are at work, and what they finish may go on.
                await Task.Delay(look, search.Token).ConfigureAwait(false);
                look = look * 2 < s_rarestLook ? look * 2 : s_rarestLook;
            }
        }
        catch (OperationCanceledException) when (search.IsCancellationRequested)
        {
            // Time is over, or the caller has had enough; what was claimed was given back.
        }
    }

    private bool IsOver()
    {
        lock (_lock)
        {
            return _view.RunningCount == 0;
        }
    }

    /// <summary>What is due next: work that was given back, else a promotion, else a new trial. Null when there is nothing now.</summary>
    private async Task<TrialClaim?> ClaimAsync(IStudyStore store, string worker, CancellationToken cancellationToken)
    {
        var claim = await store.ClaimWaitingAsync(worker, _experiment.Lease, cancellationToken).ConfigureAwait(false);
        if (claim is null)
        {
            await RefreshAsync(store, cancellationToken).ConfigureAwait(false);
            (int Rung, IReadOnlyList<int> Trials) promotable;
            lock (_lock)
            {
                promotable = _view.Promotable();
            }

            if (promotable.Trials.Count > 0)
            {
                claim = await store.ClaimPausedAsync(worker, promotable.Trials, promotable.Rung, _experiment.Lease, cancellationToken).ConfigureAwait(false);
            }

            claim ??= await store.AddAsync(worker, _experiment.MaximumTrials, _experiment.Lease, cancellationToken).ConfigureAwait(false);
        }

        if (claim is not { Trial.Settings: null })
        {
            return claim;
        }

        TrialSettings settings;
        lock (_lock)
        {
            settings = _tuner.Suggest(_space, _view, claim.Trial.Number, _experiment.Seed);
        }

        try
        {
            return await store.SetSettingsAsync(claim, settings, cancellationToken).ConfigureAwait(false) ? claim with { Trial = claim.Trial with { Settings = settings } } : null;
        }
        catch (OperationCanceledException)
        {
            // A trial that nobody begins shall not look as if somebody trained it.
            await ClaimKeeper.ReleaseAsync(store, claim).ConfigureAwait(false);
            throw;
        }
    }

    private async Task TrainAsync(IStudyStore store, TrialClaim claim, string worker, CancellationToken cancellationToken)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var done = new CancellationTokenSource();
        var heartbeat = ClaimKeeper.KeepAsync(store, claim, _experiment.Lease, lost, done.Token);
        var trial = claim.Trial;
        var isTrained = false;
        try
        {
            _reporter.Report((monitor, report) => monitor.ReportRunningTrial(report), trial);
            var clock = Stopwatch.StartNew();
            using var training = TrainerOf(trial).Begin(RequestFor(trial, _data, ThreadsPerWorker, claim.Checkpoint));
            var epochs = _tuner.Rungs[claim.NextRung];
            var score = training.TrainTo(epochs, new Relay(epoch => _reporter.Report((monitor, report) => monitor.ReportRunningTrial(report), trial, epoch)), lost.Token);
            var result = new RungResult
            {
                Rung = claim.NextRung,
                Epochs = epochs,
                Score = score,
                Seconds = clock.Elapsed.TotalSeconds,
                ModelBytes = training.ModelBytes,
                FinishedAt = DateTimeOffset.UtcNow,
                Worker = worker,
            };
            var isLast = claim.NextRung == _tuner.Rungs.Count - 1;
            isTrained = true;

            // What is finished is recorded, be the time over or not.
            if (await store.FinishRungAsync(claim, result, isLast, isLast ? default : training.Checkpoint, CancellationToken.None).ConfigureAwait(false))
            {
                await RefreshAsync(store, CancellationToken.None).ConfigureAwait(false);
                _reporter.ReportFinished(trial.Number, result);
                await DropCheckpointsAsync(store, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            await ClaimKeeper.ReleaseAsync(store, claim).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception error) when (!isTrained && error is (ArgumentException or DigitException or InvalidOperationException or OutOfMemoryException))
        {
            // These settings cannot be trained; others can.
            var line = error.Message.ReplaceLineEndings(" ");
            await store.FailAsync(claim, line, CancellationToken.None).ConfigureAwait(false);
            await RefreshAsync(store, CancellationToken.None).ConfigureAwait(false);
            _reporter.Report((monitor, report) => monitor.ReportFailTrial(report), trial with { State = TrialState.Failed, Error = line });
            if (Interlocked.Increment(ref _failures) >= HopelessFailures && _view.CountAt(0) == 0)
            {
                throw new DigitException(Invariant($"{_data.Name}: {_failures} trials failed and none reached a rung; the last said: {line}"), error);
            }
        }
        finally
        {
            await done.CancelAsync().ConfigureAwait(false);
            await heartbeat.ConfigureAwait(false);
        }
    }

    private async Task DropCheckpointsAsync(IStudyStore store, CancellationToken cancellationToken)
    {
        const int Every = 16;
        const int Least = 8;
        int[] dropped;
        lock (_lock)
        {
            if (++_sinceDrop < Every || _tuner.ReductionFactor == 0)
            {
                return;
            }

            _sinceDrop = 0;
            dropped =
            [
                .. Enumerable.Range(0, _tuner.Rungs.Count - 1).SelectMany(rung => _view.ReachedBy(rung)
                    .Skip(Math.Max(Least, (int)(2 * _view.CountAt(rung) / _tuner.ReductionFactor)))
                    .Where(trial => trial.State == TrialState.Paused && trial.Rungs.Count == rung + 1 && !_dropped.Contains(trial.Number))
                    .Take(2 * Every)
                    .Select(trial => trial.Number)),
            ];
            _dropped.UnionWith(dropped);
        }

        if (dropped.Length > 0)
        {
            await store.DropCheckpointsAsync(dropped, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RefreshAsync(IStudyStore store, CancellationToken cancellationToken)
    {
        // One at a time, or older news might come in after newer; and one for all who came before it began.
        var begun = Interlocked.Read(ref _refreshes);
        await _refresh.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_refreshed > begun)
            {
                return;
            }

            var refresh = Interlocked.Increment(ref _refreshes);
            var changes = await store.ChangesAsync(_view.Revision, cancellationToken).ConfigureAwait(false);
            lock (_lock)
            {
                _view.Apply(changes);
            }

            _refreshed = refresh;
        }
        finally
        {
            _refresh.Release();
        }
    }

    private ITrialTrainer TrainerOf(TrialRecord trial) => _trainers.TryGetValue(trial.Trainer, out var trainer)
        ? trainer
        : throw new DigitException($"The study has a trial of the trainer '{trial.Trainer}', which this run does not have; it has {string.Join(", ", _trainers.Keys)}.");

    private TrialRequest RequestFor(TrialRecord trial, ExperimentData data, int threads, ReadOnlyMemory<byte> checkpoint) => new()
    {
        Data = data,
        Space = _space,
        Settings = trial.Settings!,
        MaximumEpochs = _tuner.Rungs[^1],
        Seed = unchecked(_experiment.Seed + trial.Number),
        Threads = threads,
        Checkpoint = checkpoint,
    };

    private string? LastError() => _view.Trials.LastOrDefault(trial => trial.Error is not null)?.Error;

    /// <summary>Progress that is told on the thread that trains; <see cref="Progress{T}"/> would tell it later on another.</summary>
    private sealed class Relay(Action<EpochReport?> tell) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => tell(value);
    }
}
