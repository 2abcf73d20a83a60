// A worker of a study, to be started several times, killed and started again:
//   DigitML.AutoML.Worker sleep|mlp|alike STUDY NAME TRIALS WORKERS [MILLISECONDS] [LEASE SECONDS] [CHECKPOINT BYTES] [SECONDS]
// mlp trains networks of the default space, alike such as cost the same each. Every rung that it has recorded is a line "rung TRIAL RUNG"; at the end "cpu SECONDS" since its first and, per kind of call, "calls NAME COUNT MEDIAN P99 MOST" in milliseconds.
using System.Globalization;
using DigitML.AutoML;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Tuning;
using DigitML.AutoML.Worker;
using DigitML.Data;
using DigitML.IO;

if (args is not [var kind, var study, var name, var trials, var workers, .. var rest])
{
    Console.Error.WriteLine("usage: sleep|mlp|alike STUDY NAME TRIALS WORKERS [MILLISECONDS] [LEASE SECONDS] [CHECKPOINT BYTES] [SECONDS]");
    return 2;
}

var milliseconds = Rest(0, 10);
var leaseSeconds = Rest(1, 60);
var checkpointBytes = Rest(2, 1000);
var seconds = Rest(3, 0);
var count = int.Parse(workers, CultureInfo.InvariantCulture);

// Who sleeps holds a thread.
ThreadPool.SetMinThreads(count + 16, 16);
await using var store = new TimedStore(StudyStore.For(study));
using var stop = new CancellationTokenSource();
if (seconds > 0)
{
    stop.CancelAfter(TimeSpan.FromSeconds(seconds));
}

var lines = new Lines();
var experiment = new MlpExperiment()
    .SetDataset(SyntheticDigits.Create(kind switch { "mlp" => 300, "alike" => 30_000, _ => 40 }, seed: 3))
    .SetStudy(store, name)
    .SetTuner(new HalvingTuner(9))
    .SetSeed(5)
    .SetWorkers(count, threads: count)
    .SetMaximumTrials(int.Parse(trials, CultureInfo.InvariantCulture))
    .SetLease(TimeSpan.FromSeconds(leaseSeconds))
    .SetMonitor(lines);
if (kind == "sleep")
{
    experiment.SetTrainers(new SleepTrainer(milliseconds, checkpointBytes));
}

if (kind == "alike")
{
    experiment.SetSearchSpace(new SearchSpace([new NumberParameter("learning_rate", 1e-4, 1e-2) { Apply = (options, value) => options with { LearningRate = (float)value.Number } }]));
}

try
{
    var result = await experiment.RunAsync(stop.Token);
    Console.WriteLine(Invariant($"done {result.Trials.Count}"));
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.WriteLine("stopped");
}
catch (DigitException error)
{
    Console.Error.WriteLine($"error: {error.Message}");
    return 1;
}

Console.WriteLine(Invariant($"cpu {(Environment.CpuUsage.TotalTime - lines.Warm).TotalSeconds:F2}"));
foreach (var (what, queue) in store.Times.OrderBy(pair => pair.Key, StringComparer.Ordinal))
{
    var times = queue.Order().ToArray();
    Console.WriteLine(Invariant($"calls {what.Replace(' ', '-')} {times.Length} {times[times.Length / 2]:F2} {times[(int)(0.99 * (times.Length - 1))]:F2} {times[^1]:F2}"));
}

return 0;

int Rest(int index, int otherwise) => rest.Length > index ? int.Parse(rest[index], CultureInfo.InvariantCulture) : otherwise;

internal sealed class Lines : IExperimentMonitor
{
    /// <summary>Processor time when the first rung was done: until then a program starts.</summary>
    public TimeSpan Warm { get; private set; }

    public void ReportCompletedTrial(TrialReport report)
    {
        Warm = Warm == default ? Environment.CpuUsage.TotalTime : Warm;
        Console.WriteLine(Invariant($"rung {report.Trial.Number} {report.Trial.Last!.Rung}"));
    }

    public void ReportFailTrial(TrialReport report) => Console.Error.WriteLine(Invariant($"trial {report.Trial.Number} failed: {report.Trial.Error}"));

    public void ReportNotice(string notice) => Console.Error.WriteLine(notice);
}
