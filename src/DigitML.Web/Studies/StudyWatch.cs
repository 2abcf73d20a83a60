using DigitML.AutoML.Trials;
using DigitML.IO;

namespace DigitML.Web.Studies;

/// <summary>
/// A study's trials as they were a moment ago. The store is asked once a second at most, however many look, and nobody waits long for it: one that
/// is away leaves them what was known before.
/// </summary>
internal sealed class StudyWatch(StudySource source, TimeProvider time)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, TrialRecord> _trials = [];
    private Task _refresh = Task.CompletedTask;
    private DateTimeOffset _asOf = DateTimeOffset.MinValue;
    private long _revision;
    private string? _error;

    /// <summary>How the study stands.</summary>
    public async Task<StudyLook> LookAsync(CancellationToken cancellationToken)
    {
        Task refresh;
        lock (_lock)
        {
            if (_refresh.IsCompleted && time.GetUtcNow() - _asOf >= s_fresh)
            {
                _refresh = Task.Run(RefreshAsync, CancellationToken.None);
            }

            refresh = _refresh;
        }

        await Task.WhenAny(refresh, Task.Delay(s_patience, cancellationToken));
        lock (_lock)
        {
            return new StudyLook([.. _trials.Values], _asOf == DateTimeOffset.MinValue ? null : time.GetUtcNow() - _asOf, _error);
        }
    }

    private async Task RefreshAsync()
    {
        try
        {
            var changes = await source.Store.ChangesAsync(_revision, CancellationToken.None);
            lock (_lock)
            {
                foreach (var trial in changes.Trials)
                {
                    _trials[trial.Number] = trial;
                }

                (_revision, _asOf, _error) = (changes.Revision, time.GetUtcNow(), null);
            }
        }
        catch (DigitException error)
        {
            lock (_lock)
            {
                _error = error.Message;
            }
        }
    }
}

/// <summary>A study at one moment.</summary>
/// <param name="Trials">By number.</param>
/// <param name="Age">Since the store answered; null when it has not yet.</param>
/// <param name="Error">What the store said when it could not be read; null otherwise.</param>
internal sealed record StudyLook(IReadOnlyList<TrialRecord> Trials, TimeSpan? Age, string? Error)
{
    /// <summary>Results and failures: charts change when it does.</summary>
    public int Results => Trials.Sum(trial => trial.Rungs.Count + (trial.State == TrialState.Failed ? 1 : 0));
}
