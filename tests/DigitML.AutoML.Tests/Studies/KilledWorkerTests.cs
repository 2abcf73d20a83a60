using DigitML.AutoML.Studies;
using DigitML.Tests.IO;
using Microsoft.Data.Sqlite;

namespace DigitML.AutoML.Tests.Studies;

public sealed class KilledWorkerTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoWorkers_OneKilledTenTimes_LoseNothingAndFinishNothingTwice()
    {
        var (trials, faults) = await KillRun.RunAsync(await postgres.SchemaOrSkipAsync(), kills: 10, seed: 4, told: null, Cancellation);
        Assert.Empty(faults);
        Assert.Contains(trials, trial => trial.Rungs.Count == 3);
    }

    [Fact]
    public async Task OneWorker_KilledAndStartedAgain_EndsInTheTableOfAnUnbrokenRun()
    {
        using var folder = new TemporaryFolder();
        try
        {
            var whole = await TableAsync(folder.File("whole.db"), kills: 0);
            var killed = await TableAsync(folder.File("killed.db"), kills: 3);
            Assert.Equal(whole, killed);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
        }
    }

    private static async Task<string[]> TableAsync(string path, int kills)
    {
        string[] arguments = ["mlp", path, "study", "10", "1"];
        for (var kill = 0; kill < kills; kill++)
        {
            // In the middle of what comes after its third rung.
            using var rungs = new SemaphoreSlim(0);
            using var victim = new WorkerProcess(line => rungs.Release(), arguments);
            for (var rung = 0; rung < 3; rung++)
            {
                await rungs.WaitAsync(Cancellation);
            }

            Assert.False(victim.HasExited);
            victim.Kill();
        }

        using var last = new WorkerProcess(null, arguments);
        await last.EndAsync(Cancellation);
        await using var store = StudyStore.For(path);
        var trials = await store.ChangesOf((await store.StudiesAsync(Cancellation)).Single(), Cancellation);
        return [.. trials.Trials.Select(trial => $"{trial.Number} {trial.State} {trial.Settings} {string.Join(", ", trial.Rungs.Select(rung => $"{rung.Epochs}: {rung.Score}"))}")];
    }
}
