using DigitML.AutoML.Spaces;
using DigitML.AutoML.Trials;

namespace DigitML.AutoML.Studies;

/// <summary>A study that ends with its process.</summary>
/// <param name="time">The clock of leases; null for the machine's.</param>
public sealed class MemoryStudy(TimeProvider? time = null) : IStudyStore
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly List<Entry> _trials = [];
    private StudyDescription? _study;
    private long _revision;

    /// <inheritdoc/>
    public string Name => "the study in memory";

    /// <summary>What it is about; null before it is opened.</summary>
    public StudyDescription? Description
    {
        get
        {
            lock (_lock)
            {
                return _study;
            }
        }
    }

    /// <inheritdoc/>
    public Task OpenAsync(StudyDescription wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        lock (_lock)
        {
            if (_study is { } found)
            {
                wanted.CheckJoins(found, Name);
            }

            _study ??= wanted;
            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task<StudyChanges> ChangesAsync(long since, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(new StudyChanges([.. _trials.Where(trial => trial.Revision > since).Select(trial => trial.Record)], _revision));
        }
    }

    /// <inheritdoc/>
    public Task<TrialClaim?> ClaimWaitingAsync(string worker, TimeSpan lease, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            var due = _trials.Find(trial => trial.Record.State == TrialState.Waiting || (trial.Record.State == TrialState.Running && trial.LeaseEnd <= now));
            return Task.FromResult(due is null ? null : Claim(due, worker, lease));
        }
    }

    /// <inheritdoc/>
    public Task<TrialClaim?> ClaimPausedAsync(string worker, IReadOnlyList<int> candidates, int rung, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        lock (_lock)
        {
            var due = candidates.Select(number => _trials[number]).FirstOrDefault(trial => trial.Record.State == TrialState.Paused && trial.Record.Rungs.Count == rung + 1);
            return Task.FromResult(due is null ? null : Claim(due, worker, lease));
        }
    }

    /// <inheritdoc/>
    public Task<TrialClaim?> AddAsync(string worker, int maximumTrials, TimeSpan lease, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_trials.Count >= maximumTrials)
            {
                return Task.FromResult<TrialClaim?>(null);
            }

            var trial = new Entry(new TrialRecord { Number = _trials.Count, State = TrialState.Waiting });
            _trials.Add(trial);
            return Task.FromResult<TrialClaim?>(Claim(trial, worker, lease));
        }
    }

    /// <inheritdoc/>
    public Task<bool> SetSettingsAsync(TrialClaim claim, TrialSettings settings, CancellationToken cancellationToken) =>
        Change(claim, trial => trial.Record with { Settings = settings });

    /// <inheritdoc/>
    public Task<bool> RenewAsync(TrialClaim claim, TimeSpan lease, CancellationToken cancellationToken) => Change(claim, trial =>
    {
        trial.LeaseEnd = _time.GetUtcNow() + lease;
        return trial.Record;
    });

    /// <inheritdoc/>
    public Task<bool> FinishRungAsync(TrialClaim claim, RungResult result, bool isLast, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(result);
        lock (_lock)
        {
            if (_trials[claim.Trial.Number] is { } done && done.FinishedBy == claim.Token)
            {
                return Task.FromResult(true);
            }

            return Change(claim, trial =>
            {
                trial.Checkpoint = isLast ? default : checkpoint;
                trial.FinishedBy = claim.Token;
                return trial.Record with { State = isLast ? TrialState.Finished : TrialState.Paused, Worker = null, Rungs = [.. trial.Record.Rungs, result] };
            });
        }
    }

    /// <inheritdoc/>
    public Task<bool> FailAsync(TrialClaim claim, string reason, CancellationToken cancellationToken) => Change(claim, trial =>
    {
        trial.Checkpoint = default;
        return trial.Record with { State = TrialState.Failed, Worker = null, Error = reason };
    });

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(TrialClaim claim, CancellationToken cancellationToken) => Change(claim, trial => trial.Record with { State = TrialState.Waiting, Worker = null });

    /// <inheritdoc/>
    public Task DropCheckpointsAsync(IReadOnlyList<int> trials, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(trials);
        lock (_lock)
        {
            foreach (var trial in trials.Select(number => _trials[number]).Where(trial => trial.Record.State != TrialState.Running))
            {
                trial.Checkpoint = default;
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private TrialClaim Claim(Entry trial, string worker, TimeSpan lease)
    {
        trial.Record = trial.Record with { State = TrialState.Running, Worker = worker };
        trial.LeaseEnd = _time.GetUtcNow() + lease;
        trial.Token++;
        trial.Revision = ++_revision;
        return new TrialClaim(trial.Record, trial.Token, trial.Checkpoint);
    }

    private Task<bool> Change(TrialClaim claim, Func<Entry, TrialRecord> change)
    {
        ArgumentNullException.ThrowIfNull(claim);
        lock (_lock)
        {
            var trial = _trials[claim.Trial.Number];
            if (trial.Record.State != TrialState.Running || trial.Token != claim.Token)
            {
                return Task.FromResult(false);
            }

            trial.Record = change(trial);
            trial.Revision = ++_revision;
            return Task.FromResult(true);
        }
    }

    private sealed class Entry(TrialRecord record)
    {
        public TrialRecord Record { get; set; } = record;

        public DateTimeOffset LeaseEnd { get; set; }

        public long Token { get; set; }

        public long FinishedBy { get; set; }

        public long Revision { get; set; }

        public ReadOnlyMemory<byte> Checkpoint { get; set; }
    }
}
