using System.Collections.Concurrent;
using System.Globalization;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;

namespace DigitML.AutoML.Tests.Studies;

/// <summary>Two worker processes on one study, one of which is killed by SIGKILL again and again at moments that chance chooses, and started again.</summary>
internal static class KillRun
{
    /// <summary>Rungs between two kills at most.</summary>
    private const int MostBetween = 20;

    private static readonly string[] s_rest = ["4", "20", "2", "2000"];

    /// <summary>Runs it to the end of the study.</summary>
    /// <param name="study">Where the study is kept: <see cref="StudyStore.For"/>.</param>
    /// <param name="kills">How often one is killed.</param>
    /// <param name="seed">Which and when.</param>
    /// <param name="told">Is told of every hundredth kill, for those who wait.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Trials, and what is wrong with the study; nothing when all is well.</returns>
    public static async Task<(IReadOnlyList<TrialRecord> Trials, IReadOnlyList<string> Faults)> RunAsync(string study, int kills, int seed, Action<string>? told, CancellationToken cancellationToken)
    {
        // Every kill waits for rungs, and there are at least as many of them as trials: the study outlasts the kills.
        var trials = (kills + 3) * MostBetween;
        var random = new Random(seed);
        var said = new ConcurrentQueue<string>();
        using var rungs = new SemaphoreSlim(0);
        WorkerProcess[] workers = [Start(), Start()];
        try
        {
            for (var kill = 1; kill <= kills; kill++)
            {
                for (var wait = 1 + random.Next(MostBetween); wait > 0; wait--)
                {
                    await rungs.WaitAsync(cancellationToken);
                }

                await Task.Delay(random.Next(30), cancellationToken);
                var victim = random.Next(workers.Length);
                workers[victim].Kill();
                workers[victim].Dispose();
                workers[victim] = Start();
                if (kill % 100 == 0)
                {
                    told?.Invoke($"{kill} kills, {said.Count} rungs");
                }
            }

            await Task.WhenAll(workers.Select(worker => worker.EndAsync(cancellationToken)));
        }
        finally
        {
            Array.ForEach(workers, worker => worker.Dispose());
        }

        await using var store = StudyStore.For(study);
        await store.OpenAsync((await store.StudiesAsync(cancellationToken)).Single(), cancellationToken);
        var records = (await store.ChangesAsync(0, cancellationToken)).Trials;
        return (records, [.. Faults(records, trials, said)]);

        WorkerProcess Start() => new(
            line =>
            {
                if (line.StartsWith("rung ", StringComparison.Ordinal))
                {
                    said.Enqueue(line);
                    rungs.Release();
                }
            },
            ["sleep", study, "killed", trials.ToString(CultureInfo.InvariantCulture), .. s_rest]);
    }

    private static IEnumerable<string> Faults(IReadOnlyList<TrialRecord> records, int trials, IEnumerable<string> said)
    {
        if (!records.Select(trial => trial.Number).SequenceEqual(Enumerable.Range(0, trials)))
        {
            yield return $"expected the trials 0 to {trials - 1} but there are {records.Count}";
        }

        foreach (var trial in records)
        {
            if (trial.State is not (TrialState.Paused or TrialState.Finished) || trial.Rungs.Count == 0)
            {
                yield return $"starved: {trial}";
            }

            if (!trial.Rungs.Select(rung => rung.Rung).SequenceEqual(Enumerable.Range(0, trial.Rungs.Count)))
            {
                yield return $"rungs lost: {trial}";
            }
        }

        var kept = records.SelectMany(trial => trial.Rungs.Select(rung => $"rung {trial.Number} {rung.Rung}")).ToHashSet(StringComparer.Ordinal);
        var once = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in said)
        {
            if (!kept.Contains(line))
            {
                yield return $"lost: {line}";
            }

            if (!once.Add(line))
            {
                yield return $"finished twice: {line}";
            }
        }
    }
}
