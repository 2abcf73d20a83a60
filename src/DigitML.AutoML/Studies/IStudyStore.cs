using DigitML.AutoML.Spaces;
using DigitML.AutoML.Trials;
using DigitML.IO;

namespace DigitML.AutoML.Studies;

/// <summary>
/// Where a study's trials are kept, and what makes sure that each is worked on by one worker at a time: in memory, in a file, or in a database
/// that several machines share.
/// </summary>
/// <remarks>
/// A worker claims a trial for the time of a lease and renews it while it trains. A trial whose lease has run out is given to the next who
/// asks, from its last rung. Every claim has a token, and what a worker reports under an older one is refused, so that nothing finishes twice.
/// All methods may be called from several threads. While a database cannot be reached they wait and try again, for
/// ten minutes; then they throw a <see cref="DigitException"/>.
/// </remarks>
public interface IStudyStore : IAsyncDisposable
{
    /// <summary>How messages call it: the file, or host and database.</summary>
    string Name { get; }

    /// <summary>Creates the study, or joins it when there is one of this name.</summary>
    /// <param name="wanted">What it shall be about.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DigitException">The store cannot be reached or read, or its study is about something else; one line.</exception>
    Task OpenAsync(StudyDescription wanted, CancellationToken cancellationToken);

    /// <summary>The trials that changed since a call before, each as it is now. One that has not changed may be among them.</summary>
    /// <param name="since">What the call before gave; 0 for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<StudyChanges> ChangesAsync(long since, CancellationToken cancellationToken);

    /// <summary>Claims a trial whose work was given back or whose worker is gone: the lowest number first. Null when there is none.</summary>
    /// <param name="worker">Who asks.</param>
    /// <param name="lease">For how long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<TrialClaim?> ClaimWaitingAsync(string worker, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Claims the first of these trials that is still paused at a rung and that nobody else is claiming just now. Null when there is none.</summary>
    /// <param name="worker">Who asks.</param>
    /// <param name="candidates">Numbers, the best first.</param>
    /// <param name="rung">The rung that they have reached.</param>
    /// <param name="lease">For how long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<TrialClaim?> ClaimPausedAsync(string worker, IReadOnlyList<int> candidates, int rung, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Adds a trial without settings, claimed by its creator. Null when the study has so many already.</summary>
    /// <param name="worker">Who asks.</param>
    /// <param name="maximumTrials">Trials of the study at most.</param>
    /// <param name="lease">For how long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<TrialClaim?> AddAsync(string worker, int maximumTrials, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Says what a claimed trial without settings tries. False when the claim is no longer held.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<bool> SetSettingsAsync(TrialClaim claim, TrialSettings settings, CancellationToken cancellationToken);

    /// <summary>Holds a claim for another lease from now. False when it is no longer held.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="lease">For how long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<bool> RenewAsync(TrialClaim claim, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>
    /// Records that a trial has reached a rung and ends the claim: result, checkpoint and state in one transaction. False, and nothing is
    /// recorded, when the claim is no longer held. Calling it again after it has succeeded is true.
    /// </summary>
    /// <param name="claim">The claim.</param>
    /// <param name="result">What was reached.</param>
    /// <param name="isLast">Whether there is no rung after it.</param>
    /// <param name="checkpoint">What training goes on from; takes the place of the one before. Empty for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<bool> FinishRungAsync(TrialClaim claim, RungResult result, bool isLast, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken);

    /// <summary>Ends a claim with a trial that cannot be trained. False when the claim is no longer held.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="reason">Why, one line.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<bool> FailAsync(TrialClaim claim, string reason, CancellationToken cancellationToken);

    /// <summary>Gives a claimed trial back, to be claimed by <see cref="ClaimWaitingAsync"/>. False when the claim is no longer held.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<bool> ReleaseAsync(TrialClaim claim, CancellationToken cancellationToken);

    /// <summary>Drops the checkpoints of trials that will hardly be promoted; one that is promoted all the same begins anew.</summary>
    /// <param name="trials">Their numbers; those of trials that are running stay.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task DropCheckpointsAsync(IReadOnlyList<int> trials, CancellationToken cancellationToken);
}

/// <summary>Trials that changed.</summary>
/// <param name="Trials">Each as it is now, by number.</param>
/// <param name="Revision">To be given to the next call.</param>
public sealed record StudyChanges(IReadOnlyList<TrialRecord> Trials, long Revision);

/// <summary>A trial in the hands of one worker.</summary>
/// <param name="Trial">The trial as it was claimed.</param>
/// <param name="Token">Tells this claim from those before it.</param>
/// <param name="Checkpoint">What the last rung left; empty for none.</param>
public sealed record TrialClaim(TrialRecord Trial, long Token, ReadOnlyMemory<byte> Checkpoint)
{
    /// <summary>The rung that is due.</summary>
    public int NextRung => Trial.Rungs.Count;

    /// <inheritdoc/>
    public override string ToString() => Invariant($"claim {Token} of trial {Trial.Number}");
}
