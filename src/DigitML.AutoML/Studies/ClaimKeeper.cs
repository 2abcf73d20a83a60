using DigitML.IO;

namespace DigitML.AutoML.Studies;

/// <summary>Holds a claim while it is worked on, and gives it back.</summary>
internal static class ClaimKeeper
{
    /// <summary>What giving work back may take when the search ends; its lease ends by itself.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(5);

    /// <summary>Renews a claim while it is worked on, and ends the work when it is no longer held.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="claim">The claim.</param>
    /// <param name="lease">How long each renewal holds; it is renewed three times as often.</param>
    /// <param name="lost">Cancelled when another has it.</param>
    /// <param name="done">Cancelled when the work is done.</param>
    public static async Task KeepAsync(IStudyStore store, TrialClaim claim, TimeSpan lease, CancellationTokenSource lost, CancellationToken done)
    {
        try
        {
            while (true)
            {
                await Task.Delay(lease / 3, done).ConfigureAwait(false);
                if (!await store.RenewAsync(claim, lease, done).ConfigureAwait(false))
                {
                    await lost.CancelAsync().ConfigureAwait(false);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The rung is done.
        }
        catch (DigitException)
        {
            // The store has been gone for long. What is trained may still be recorded when it is back; if another has it by then, it is refused.
        }
    }

    /// <summary>Gives a claim back, unless the store is away: then it ends with its lease.</summary>
    public static async Task ReleaseAsync(IStudyStore store, TrialClaim claim)
    {
        using var farewell = new CancellationTokenSource(s_farewell);
        try
        {
            await store.ReleaseAsync(claim, farewell.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or DigitException)
        {
            // Whoever cancelled wants to leave, not to hear of the store.
        }
    }
}
