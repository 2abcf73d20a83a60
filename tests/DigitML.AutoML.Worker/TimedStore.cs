using System.Collections.Concurrent;
using System.Diagnostics;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;

namespace DigitML.AutoML.Worker;

/// <summary>A store that notes how long each call took.</summary>
internal sealed class TimedStore(IStudyStore store) : IStudyStore
{
    /// <summary>Milliseconds of each call by what it was.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<double>> Times { get; } = new(StringComparer.Ordinal);

    public string Name => store.Name;

    public Task OpenAsync(StudyDescription wanted, CancellationToken cancellationToken) => store.OpenAsync(wanted, cancellationToken);

    public Task<StudyChanges> ChangesAsync(long since, CancellationToken cancellationToken) => TimeAsync("changes", store.ChangesAsync(since, cancellationToken));

    public Task<TrialClaim?> ClaimWaitingAsync(string worker, TimeSpan lease, CancellationToken cancellationToken) => TimeAsync("claim waiting", store.ClaimWaitingAsync(worker, lease, cancellationToken));

    public Task<TrialClaim?> ClaimPausedAsync(string worker, IReadOnlyList<int> candidates, int rung, TimeSpan lease, CancellationToken cancellationToken) =>
        TimeAsync("claim paused", store.ClaimPausedAsync(worker, candidates, rung, lease, cancellationToken));

    public Task<TrialClaim?> AddAsync(string worker, int maximumTrials, TimeSpan lease, CancellationToken cancellationToken) => TimeAsync("add", store.AddAsync(worker, maximumTrials, lease, cancellationToken));

    public Task<bool> SetSettingsAsync(TrialClaim claim, TrialSettings settings, CancellationToken cancellationToken) => TimeAsync("set settings", store.SetSettingsAsync(claim, settings, cancellationToken));

    public Task<bool> RenewAsync(TrialClaim claim, TimeSpan lease, CancellationToken cancellationToken) => TimeAsync("renew", store.RenewAsync(claim, lease, cancellationToken));

    public Task<bool> FinishRungAsync(TrialClaim claim, RungResult result, bool isLast, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken) =>
        TimeAsync("finish rung", store.FinishRungAsync(claim, result, isLast, checkpoint, cancellationToken));

    public Task<bool> FailAsync(TrialClaim claim, string reason, CancellationToken cancellationToken) => store.FailAsync(claim, reason, cancellationToken);

    public Task<bool> ReleaseAsync(TrialClaim claim, CancellationToken cancellationToken) => store.ReleaseAsync(claim, cancellationToken);

    public Task DropCheckpointsAsync(IReadOnlyList<int> trials, CancellationToken cancellationToken) => store.DropCheckpointsAsync(trials, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private async Task<T> TimeAsync<T>(string what, Task<T> call)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await call;
        Times.GetOrAdd(what, _ => new()).Enqueue(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return result;
    }
}
