using System.Collections.Concurrent;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.IO;

namespace DigitML.AutoML.Tests.Studies;

/// <summary>What every store promises, whatever it keeps trials in.</summary>
public abstract class StudyStoreTests
{
    private protected static readonly StudyDescription Study = new()
    {
        Name = "letters",
        Dataset = "synthetic digits",
        IsSynthetic = true,
        DataHash = new string('a', 64),
        Space = "[]",
        Tuner = "asha-tpe",
        Rungs = [1, 3, 9],
        Metric = ExperimentMetric.Accuracy,
        Seed = 7,
    };

    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(1);

    /// <summary>An empty store.</summary>
    private protected abstract Task<IStudyStore> NewAsync();

    /// <summary>The same store, as another process sees it.</summary>
    private protected abstract IStudyStore Another();

    /// <summary>Lets all leases run out.</summary>
    private protected abstract Task ExpireAsync();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Add_UpToTheMost_NumbersWithoutGaps()
    {
        await using var store = await OpenAsync();
        var claims = new List<TrialClaim?>();
        for (var i = 0; i < 5; i++)
        {
            claims.Add(await store.AddAsync("a", 4, s_lease, Cancellation));
        }

        Assert.Equal([0, 1, 2, 3, null], claims.Select(claim => claim?.Trial.Number));
        Assert.All(claims.Take(4), claim => Assert.Equal(TrialState.Running, claim!.Trial.State));
        Assert.All(claims.Take(4), claim => Assert.Equal(0, claim!.NextRung));
    }

    [Fact]
    public async Task Changes_EveryChange_GivesTheTrialsAsTheyAre()
    {
        await using var store = await OpenAsync();
        var first = await AddAsync(store, "a");
        var second = await AddAsync(store, "b");
        var all = await store.ChangesAsync(0, Cancellation);
        Assert.Equal([0, 1], all.Trials.Select(trial => trial.Number));
        Assert.Equal("b", all.Trials[1].Worker);
        Assert.Equal(Settings(0), all.Trials[0].Settings);

        Assert.True(await store.FinishRungAsync(first, Result(0), isLast: false, new byte[] { 1 }, Cancellation));
        Assert.True(await store.FailAsync(second, "units1 must be at least 1", Cancellation));
        var later = await store.ChangesAsync(all.Revision, Cancellation);
        Assert.Equal([TrialState.Paused, TrialState.Failed], later.Trials.Select(trial => trial.State));
        Assert.Equal([Result(0)], later.Trials[0].Rungs);
        Assert.Equal("units1 must be at least 1", later.Trials[1].Error);
        Assert.All(later.Trials, trial => Assert.Null(trial.Worker));

        var resumed = (await store.ClaimPausedAsync("c", [0], 0, s_lease, Cancellation))!;
        var again = await store.ChangesAsync(later.Revision, Cancellation);
        Assert.Equal(TrialState.Running, again.Trials.Single(trial => trial.Number == 0).State);
        Assert.True(await store.FinishRungAsync(resumed, Result(1), isLast: true, default, Cancellation));
        var end = await Another().ChangesOf(Study, Cancellation);
        Assert.Equal([Result(0), Result(1)], end.Trials[0].Rungs);
        Assert.Equal(TrialState.Finished, end.Trials[0].State);
    }

    [Fact]
    public async Task FinishRung_AScoreThatIsNoNumber_ComesBackAsItWas()
    {
        await using var store = await OpenAsync();
        var result = Result(0) with { Score = new TrialScore { Accuracy = 0.1, MacroAccuracy = 0.1, LogLoss = double.NaN } };
        await store.FinishRungAsync(await AddAsync(store, "a"), result, isLast: false, default, Cancellation);
        var infinite = Result(0) with { Score = new TrialScore { Accuracy = 1.0 / 3, MacroAccuracy = double.Epsilon, LogLoss = double.PositiveInfinity } };
        await store.FinishRungAsync(await AddAsync(store, "a"), infinite, isLast: false, default, Cancellation);

        var trials = (await store.ChangesAsync(0, Cancellation)).Trials;
        Assert.Equal([result, infinite], trials.Select(trial => trial.Last));
    }

    [Fact]
    public async Task ClaimWaiting_AReleasedTrial_GoesOnFromItsLastRung()
    {
        await using var store = await OpenAsync();
        var claim = await AddAsync(store, "a");
        Assert.Null(await store.ClaimWaitingAsync("b", s_lease, Cancellation));
        await store.FinishRungAsync(claim, Result(0), isLast: false, new byte[] { 5, 6, 7 }, Cancellation);
        Assert.Null(await store.ClaimWaitingAsync("b", s_lease, Cancellation));
        claim = (await store.ClaimPausedAsync("b", [0], 0, s_lease, Cancellation))!;
        Assert.True(await store.ReleaseAsync(claim, Cancellation));
        Assert.False(await store.ReleaseAsync(claim, Cancellation));

        var next = (await store.ClaimWaitingAsync("c", s_lease, Cancellation))!;

        Assert.Equal(1, next.NextRung);
        Assert.Equal([Result(0)], next.Trial.Rungs);
        Assert.Equal(new byte[] { 5, 6, 7 }, next.Checkpoint.ToArray());
        Assert.Equal("c", next.Trial.Worker);
        Assert.Equal(Settings(0), next.Trial.Settings);
    }

    [Fact]
    public async Task ClaimWaiting_ALeaseThatRanOut_GoesToTheNextAndTheOldTokenIsRefused()
    {
        await using var store = await OpenAsync();
        var old = await AddAsync(store, "a");
        await ExpireAsync();
        var next = (await store.ClaimWaitingAsync("b", s_lease, Cancellation))!;
        Assert.Equal(old.Trial.Number, next.Trial.Number);
        Assert.True(next.Token > old.Token);

        Assert.False(await store.RenewAsync(old, s_lease, Cancellation));
        Assert.False(await store.SetSettingsAsync(old, Settings(9), Cancellation));
        Assert.False(await store.FinishRungAsync(old, Result(0), isLast: false, default, Cancellation));
        Assert.False(await store.FailAsync(old, "too late", Cancellation));
        Assert.False(await store.ReleaseAsync(old, Cancellation));
        Assert.Equal(Settings(0), (await store.ChangesAsync(0, Cancellation)).Trials[0].Settings);

        Assert.True(await store.FinishRungAsync(next, Result(0), isLast: false, default, Cancellation));
        Assert.Single((await store.ChangesAsync(0, Cancellation)).Trials[0].Rungs);
    }

    [Fact]
    public async Task Renew_AfterTheLeaseRanOut_HoldsWhatNobodyElseTook()
    {
        await using var store = await OpenAsync();
        var claim = await AddAsync(store, "a");
        await ExpireAsync();
        Assert.True(await store.RenewAsync(claim, s_lease, Cancellation));
        Assert.Null(await store.ClaimWaitingAsync("b", s_lease, Cancellation));
    }

    [Fact]
    public async Task ClaimWaiting_SeveralThatWait_GivesTheLowestNumberFirst()
    {
        await using var store = await OpenAsync();
        TrialClaim[] claims = [await AddAsync(store, "a"), await AddAsync(store, "a"), await AddAsync(store, "a")];
        await ExpireAsync();
        foreach (var claim in claims.Reverse())
        {
            await store.ReleaseAsync(claim, Cancellation);
        }

        for (var number = 0; number < 3; number++)
        {
            Assert.Equal(number, (await store.ClaimWaitingAsync("b", s_lease, Cancellation))!.Trial.Number);
        }

        Assert.Null(await store.ClaimWaitingAsync("b", s_lease, Cancellation));
    }

    [Fact]
    public async Task FinishRung_ToldTwice_IsRecordedOnce()
    {
        await using var store = await OpenAsync();
        var claim = await AddAsync(store, "a");
        Assert.True(await store.FinishRungAsync(claim, Result(0), isLast: false, new byte[] { 1 }, Cancellation));
        Assert.True(await store.FinishRungAsync(claim, Result(0), isLast: false, new byte[] { 2 }, Cancellation));
        Assert.False(await store.RenewAsync(claim, s_lease, Cancellation));

        var next = (await store.ClaimPausedAsync("b", [0], 0, s_lease, Cancellation))!;
        Assert.Equal(new byte[] { 1 }, next.Checkpoint.ToArray());
        Assert.Single(next.Trial.Rungs);
        Assert.True(await store.FinishRungAsync(claim, Result(0), isLast: false, default, Cancellation));
        Assert.True(await store.FinishRungAsync(next, Result(1), isLast: false, default, Cancellation));
        Assert.False(await store.FinishRungAsync(claim, Result(0), isLast: false, default, Cancellation));
        Assert.Equal(2, (await store.ChangesAsync(0, Cancellation)).Trials[0].Rungs.Count);
    }

    [Fact]
    public async Task ClaimPaused_Candidates_GivesTheFirstThatIsPausedAtTheRung()
    {
        await using var store = await OpenAsync();
        for (var i = 0; i < 4; i++)
        {
            await store.FinishRungAsync(await AddAsync(store, "a"), Result(0), isLast: false, default, Cancellation);
        }

        await store.FinishRungAsync((await store.ClaimPausedAsync("a", [2], 0, s_lease, Cancellation))!, Result(1), isLast: false, default, Cancellation);

        Assert.Null(await store.ClaimPausedAsync("b", [], 0, s_lease, Cancellation));
        Assert.Equal(3, (await store.ClaimPausedAsync("b", [2, 3, 1], 0, s_lease, Cancellation))!.Trial.Number);
        Assert.Equal(1, (await store.ClaimPausedAsync("b", [2, 3, 1], 0, s_lease, Cancellation))!.Trial.Number);
        Assert.Null(await store.ClaimPausedAsync("b", [2, 3, 1], 0, s_lease, Cancellation));
        Assert.Equal(2, (await store.ClaimPausedAsync("b", [2, 3, 1], 1, s_lease, Cancellation))!.Trial.Number);
    }

    [Fact]
    public async Task DropCheckpoints_TrialsThatRun_KeepTheirs()
    {
        await using var store = await OpenAsync();
        for (var i = 0; i < 2; i++)
        {
            await store.FinishRungAsync(await AddAsync(store, "a"), Result(0), isLast: false, new byte[] { 1 }, Cancellation);
        }

        var running = (await store.ClaimPausedAsync("a", [1], 0, s_lease, Cancellation))!;
        await store.DropCheckpointsAsync([0, 1], Cancellation);
        await store.ReleaseAsync(running, Cancellation);

        Assert.False((await store.ClaimWaitingAsync("b", s_lease, Cancellation))!.Checkpoint.IsEmpty);
        Assert.True((await store.ClaimPausedAsync("b", [0], 0, s_lease, Cancellation))!.Checkpoint.IsEmpty);
    }

    [Fact]
    public async Task Open_ByAnother_JoinsAndRefusesWhatIsOfOtherData()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        var another = Another();
        Assert.Single((await another.ChangesOf(Study, Cancellation)).Trials);

        var error = await Assert.ThrowsAsync<DigitException>(() => Another().OpenAsync(Study with { DataHash = new string('b', 64) }, Cancellation));
        Assert.Contains("expected the study 'letters' of the data 'synthetic digits' (bbbbbbbbbbbb) but it is of 'synthetic digits' (aaaaaaaaaaaa)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task Claims_BySeveralAtOnce_AreHeldByOneEach()
    {
        const int Workers = 6;
        const int Trials = 20;
        await using var store = await OpenAsync();
        var held = new ConcurrentDictionary<int, int>();
        var finished = new ConcurrentBag<(int Trial, int Rung)>();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var mine = Another();
            await mine.OpenAsync(Study, Cancellation);
            while (await NextAsync(mine, Invariant($"w{worker}"), Trials) is { } claim)
            {
                Assert.True(held.TryAdd(claim.Trial.Number, worker), "claimed twice");
                await Task.Yield();
                Assert.True(held.TryRemove(new(claim.Trial.Number, worker)));
                if (claim.Token % 5 == 3)
                {
                    await mine.ReleaseAsync(claim, Cancellation);
                    continue;
                }

                Assert.True(await mine.FinishRungAsync(claim, Result(claim.NextRung), claim.NextRung == 2, new byte[] { 1 }, Cancellation));
                finished.Add((claim.Trial.Number, claim.NextRung));
            }
        })));

        // Whoever found nothing went home; what others gave back after that is left for one more round.
        while (await NextAsync(store, "last", Trials) is { } claim)
        {
            await store.FinishRungAsync(claim, Result(claim.NextRung), claim.NextRung == 2, default, Cancellation);
            finished.Add((claim.Trial.Number, claim.NextRung));
        }

        var trials = (await store.ChangesAsync(0, Cancellation)).Trials;
        Assert.Equal(Enumerable.Range(0, Trials), trials.Select(trial => trial.Number));
        Assert.All(trials, trial => Assert.Equal(TrialState.Finished, trial.State));
        Assert.All(trials, trial => Assert.Equal([0, 1, 2], trial.Rungs.Select(rung => rung.Rung)));
        Assert.Equal(3 * Trials, finished.Distinct().Count());
        Assert.Equal(3 * Trials, finished.Count);
    }

    [Fact]
    public async Task Changes_WhileOthersWrite_MissNothing()
    {
        const int Trials = 40;
        await using var store = await OpenAsync();
        var seen = new Dictionary<int, TrialRecord>();
        var revision = 0L;
        var writers = Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            var mine = Another();
            await mine.OpenAsync(Study, Cancellation);
            while (await NextAsync(mine, Invariant($"w{worker}"), Trials) is { } claim)
            {
                await mine.FinishRungAsync(claim, Result(claim.NextRung), claim.NextRung == 2, default, Cancellation);
            }
        })));
        while (!writers.IsCompleted)
        {
            await ReadAsync();
        }

        await writers;
        await ReadAsync();

        Assert.Equal(Trials, seen.Count);
        Assert.All(seen.Values, trial => Assert.Equal((TrialState.Finished, 3), (trial.State, trial.Rungs.Count)));

        async Task ReadAsync()
        {
            var changes = await store.ChangesAsync(revision, Cancellation);
            revision = changes.Revision;
            foreach (var trial in changes.Trials)
            {
                // State and results are of one moment.
                Assert.True(trial.State is TrialState.Running || trial.Rungs.Count > 0);
                Assert.Equal(trial.State is TrialState.Finished, trial.Rungs.Count == 3);
                seen[trial.Number] = trial;
            }
        }
    }

    private protected async Task<IStudyStore> OpenAsync()
    {
        var store = await NewAsync();
        await store.OpenAsync(Study, Cancellation);
        return store;
    }

    private protected static async Task<TrialClaim> AddAsync(IStudyStore store, string worker)
    {
        var claim = (await store.AddAsync(worker, int.MaxValue, s_lease, Cancellation))!;
        Assert.True(await store.SetSettingsAsync(claim, Settings(claim.Trial.Number), Cancellation));
        return claim;
    }

    private protected static TrialSettings Settings(int number) => new([new("units1", 8 + number), new("activation", "relu"), new("rate", 0.1 + (number / 3.0))]);

    private protected static RungResult Result(int rung) => new()
    {
        Rung = rung,
        Epochs = (int)Math.Pow(3, rung),
        Score = new TrialScore { Accuracy = 0.9 + (rung / 30.0), MacroAccuracy = 0.8, LogLoss = 1.0 / 3 },
        Seconds = 1.5,
        ModelBytes = 1234567890123,
        FinishedAt = new DateTimeOffset(2026, 5, 4, 3, 2, 1, 123, TimeSpan.Zero),
        Worker = "machine/1/2/0",
    };

    private static async Task<TrialClaim?> NextAsync(IStudyStore store, string worker, int trials)
    {
        if (await store.ClaimWaitingAsync(worker, s_lease, Cancellation) is { } waiting)
        {
            return waiting;
        }

        var changes = await store.ChangesAsync(0, Cancellation);
        foreach (var rung in new[] { 1, 0 })
        {
            int[] paused = [.. changes.Trials.Where(trial => trial.State == TrialState.Paused && trial.Rungs.Count == rung + 1).Select(trial => trial.Number).Take(16)];
            if (await store.ClaimPausedAsync(worker, paused, rung, s_lease, Cancellation) is { } claim)
            {
                return claim;
            }
        }

        return await store.AddAsync(worker, trials, s_lease, Cancellation);
    }
}

internal static class StudyStoreExtensions
{
    /// <summary>Opens a store and gives all trials.</summary>
    public static async Task<StudyChanges> ChangesOf(this IStudyStore store, StudyDescription study, CancellationToken cancellationToken)
    {
        await store.OpenAsync(study, cancellationToken);
        return await store.ChangesAsync(0, cancellationToken);
    }
}
