using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Tests.Studies;
using DigitML.AutoML.Trials;
using DigitML.AutoML.Tuning;
using DigitML.Benchmarks.Reporting;
using DigitML.IO;

namespace DigitML.Benchmarks.Studies;

/// <summary><c>study</c>: what many workers, kills and trials cost a study, on a PostgreSQL of its own.</summary>
internal sealed class StudyCommand : Command
{
    /// <summary>Connections of a process of the crowd: its hundred workers stand for a hundred processes of one or two.</summary>
    private const int ConnectionsEach = 10;

    /// <summary>Creates the command.</summary>
    public StudyCommand()
        : base("study", "Studies under load: workers that are killed, a thousand workers at once, decisions among many trials, two workers against one.")
    {
        var kills = CommonOptions.Positive("--kills", "How often a worker is killed.", 200);
        Add(Mode("soak", "Two workers on one study, one of them killed at random moments again and again.", parse => SoakAsync(parse.GetValue(kills)), kills));

        var processes = CommonOptions.Positive("--processes", "Processes that share the workers.", 10);
        var workers = CommonOptions.Positive("--workers", "Workers in all.", 1000);
        var seconds = CommonOptions.Positive("--seconds", "How long.", 60);
        var sleep = CommonOptions.Positive("--sleep", "Milliseconds of an epoch.", 1000);
        Add(Mode("crowd", "Workers whose trials sleep: claims per second, and what each call takes.", parse => CrowdAsync(parse.GetValue(processes), parse.GetValue(workers), parse.GetValue(seconds), parse.GetValue(sleep)), processes, workers, seconds, sleep));

        var most = CommonOptions.Positive("--most", "Trials at most.", 100_000);
        Add(Mode("decisions", "What the tuner's decision costs as trials grow.", parse => Task.FromResult(Decisions(parse.GetValue(most))), most));

        var pairs = CommonOptions.Positive("--pairs", "Seeds.", 10);
        var firstSeed = CommonOptions.Positive("--seed", "The first seed.", 1);
        var each = CommonOptions.Positive("--seconds", "Of each search.", 45);
        var images = CommonOptions.Positive("--images", "Training images.", 10_000);
        Add(Mode("tuners", "Halving against random search at equal time on MNIST.", parse => TunersRun.RunAsync(parse.GetValue(firstSeed), parse.GetValue(pairs), parse.GetValue(each), parse.GetValue(images)), firstSeed, pairs, each, images));

        var rounds = CommonOptions.Positive("--rounds", "Pairs of runs.", 3);
        var long_ = CommonOptions.Positive("--seconds", "Of each run.", 30);
        Add(Mode("pair", "Real trials by one process and by two, a thread each, in turns.", parse => PairAsync(parse.GetValue(rounds), parse.GetValue(long_)), rounds, long_));
    }

    private static Command Mode(string name, string description, Func<ParseResult, Task<string>> run, params Option[] options)
    {
        var command = new Command(name, description);
        Array.ForEach(options, command.Options.Add);
        command.SetAction(async parse =>
        {
            Console.WriteLine(Machine.Describe());
            Console.WriteLine(await run(parse));
        });
        return command;
    }

    private static PostgresServer Server(int connections = 100) => PostgresServer.TryStart(connections, isDurable: true) ?? throw new DigitException(PostgresServer.Reason);

    private static async Task<string> SoakAsync(int kills)
    {
        using var server = Server();
        var clock = Stopwatch.StartNew();
        var (trials, faults) = await KillRun.RunAsync(server.ConnectionString, kills, seed: 1, Console.Error.WriteLine, CancellationToken.None);
        foreach (var fault in faults)
        {
            Console.Error.WriteLine(fault);
        }

        return Text($"{kills} kills in {clock.Elapsed.TotalSeconds:F0} s: {trials.Count} trials, {trials.Sum(trial => trial.Rungs.Count)} rungs, {faults.Count} of them lost, finished twice or starved");
    }

    private static async Task<string> CrowdAsync(int processes, int workers, int seconds, int sleep)
    {
        using var server = Server(10 + (ConnectionsEach * processes));
        string[] arguments = ["sleep", Text($"{server.ConnectionString};Maximum Pool Size={ConnectionsEach}"), "crowd", "1000000000", Text($"{workers / processes}"), Text($"{sleep}"), "60", "1000", Text($"{seconds}")];
        var crowd = Enumerable.Range(0, processes).Select(_ => new WorkerProcess(null, arguments)).ToArray();
        try
        {
            await Task.WhenAll(crowd.Select(process => process.EndAsync(CancellationToken.None)));
            await using var store = StudyStore.For(server.ConnectionString);
            await store.OpenAsync((await store.StudiesAsync(CancellationToken.None)).Single(), CancellationToken.None);
            var trials = (await store.ChangesAsync(0, CancellationToken.None)).Trials;

            // From the first result on: programs that start are not what is measured.
            var times = trials.SelectMany(trial => trial.Rungs).Select(rung => rung.FinishedAt).Order().ToArray();
            var span = (times[^1] - times[0]).TotalSeconds;
            var table = new List<string>
            {
                Text($"{workers / processes * processes} workers in {processes} processes, epochs of {sleep} ms: {trials.Count} trials, {times.Length} rungs recorded in {span:F0} s: {times.Length / span:F0} a second"),
                "",
                "| call | number | median of a process's medians, ms | worst 99th percentile, ms | longest, ms |",
                "|---|---:|---:|---:|---:|",
            };
            var calls = crowd.SelectMany(process => process.Lines).Where(line => line.StartsWith("calls ", StringComparison.Ordinal)).Select(line => line.Split(' '));
            foreach (var call in calls.GroupBy(call => call[1]).OrderBy(call => call.Key, StringComparer.Ordinal))
            {
                var medians = call.Select(part => Number(part[3])).Order().ToArray();
                table.Add(Text($"| {call.Key} | {call.Sum(part => Number(part[2]))} | {medians[medians.Length / 2]} | {call.Max(part => Number(part[4]))} | {call.Max(part => Number(part[5]))} |"));
            }

            return string.Join(Environment.NewLine, table);
        }
        finally
        {
            Array.ForEach(crowd, process => process.Dispose());
        }

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static string Decisions(int most)
    {
        var tuner = new HalvingTuner();
        var space = SearchSpace.ForImages();
        var view = new StudyView(tuner.Rungs.Count, tuner.ReductionFactor, ExperimentMetric.Accuracy);
        var random = new Random(3);
        var table = new List<string> { "| trials | taking in a result, µs | who goes on, µs | a new trial's settings, µs | the best, µs |", "|---:|---:|---:|---:|---:|" };
        var next = 0;
        foreach (var size in new[] { 100, 1000, 10_000, 100_000 }.Where(size => size <= most))
        {
            for (; next < size; next++)
            {
                Put(next);
            }

            const int Repeats = 200;
            var taken = 0;
            table.Add(Text($"| {size} | {Time(() => Put(next++)):F1} | {Time(() => taken += view.Promotable().Trials.Count):F1} | {Time(() => tuner.Suggest(space, view, 1000 * size + (5 * taken++), 1)):F1} | {Time(() => _ = view.Best):F2} |"));

            static double Time(Action act)
            {
                for (var i = 0; i < Repeats; i++)
                {
                    act();
                }

                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < Repeats; i++)
                {
                    act();
                }

                return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Repeats;
            }
        }

        return string.Join(Environment.NewLine, table);

        void Put(int number)
        {
            // As halving leaves them: so many of a rung reach the next.
            var rungs = 1;
            while (rungs < tuner.Rungs.Count && random.NextDouble() * tuner.ReductionFactor < 1)
            {
                rungs++;
            }

            var accuracy = random.NextDouble();
            var results = Enumerable.Range(0, rungs).Select(rung => new RungResult
            {
                Rung = rung,
                Epochs = tuner.Rungs[rung],
                Score = new TrialScore { Accuracy = accuracy, MacroAccuracy = accuracy, LogLoss = 1 },
                Seconds = 1,
                ModelBytes = 1,
                FinishedAt = DateTimeOffset.UnixEpoch,
                Worker = "",
            });
            var trial = new TrialRecord { Number = number, State = TrialState.Paused, Settings = RandomTuner.Draw(space, number, 1), Rungs = [.. results] };
            view.Apply(new StudyChanges([trial], number + 1));
        }
    }

    private static async Task<string> PairAsync(int rounds, int length)
    {
        using var server = Server();
        var table = new List<string> { "| round | one process: rungs, epochs, processor seconds | two: rungs, epochs, processor seconds | epochs, two to one | epochs a processor second, two to one |", "|---:|---:|---:|---:|---:|" };
        for (var round = 0; round < rounds; round++)
        {
            var one = await RunAsync(1, Text($"one{round}"));
            var two = await RunAsync(2, Text($"two{round}"));
            table.Add(Text($"| {round + 1} | {one.Rungs}, {one.Epochs}, {one.Seconds:F1} | {two.Rungs}, {two.Epochs}, {two.Seconds:F1} | {(double)two.Epochs / one.Epochs:F2} | {two.Epochs / two.Seconds / (one.Epochs / one.Seconds):F2} |"));
        }

        return string.Join(Environment.NewLine, table);

        async Task<(int Rungs, int Epochs, double Seconds)> RunAsync(int count, string name)
        {
            string[] arguments = ["alike", server.ConnectionString, name, "1000000000", "1", "0", "60", "0", Text($"{length}")];
            var seconds = 0.0;
            var pair = Enumerable.Range(0, count).Select(_ => new WorkerProcess(null, arguments)).ToArray();
            try
            {
                await Task.WhenAll(pair.Select(process => process.EndAsync(CancellationToken.None)));
                seconds = pair.SelectMany(process => process.Lines).Where(line => line.StartsWith("cpu ", StringComparison.Ordinal)).Sum(line => double.Parse(line[4..], CultureInfo.InvariantCulture));
            }
            finally
            {
                Array.ForEach(pair, process => process.Dispose());
            }

            await using var store = StudyStore.For(server.ConnectionString);
            await store.OpenAsync((await store.StudiesAsync(CancellationToken.None)).Single(study => study.Name == name), CancellationToken.None);
            var trials = (await store.ChangesAsync(0, CancellationToken.None)).Trials;
            return (trials.Sum(trial => trial.Rungs.Count), trials.Sum(trial => trial.Last?.Epochs ?? 0), seconds);
        }
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
