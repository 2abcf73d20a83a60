using System.Diagnostics;
using System.Text.Json;
using DigitML.Benchmarks.Reporting;

namespace DigitML.Benchmarks.Peers;

/// <summary>The same work done by us and by peers in turns, so that what slows the machine for a while slows all of them.</summary>
internal sealed class Race
{
    /// <summary>A peer within this factor of the best in the short run may still be the best in the long one.</summary>
    private const double StillInTheRace = 1.15;

    /// <summary>A peer that takes this many times the best one's time in the short run is not waited for.</summary>
    private const double NotWaitedFor = 4;

    private readonly Contender _ours;
    private readonly List<Contender> _peers;
    private readonly Measure[] _measures;
    private readonly Dictionary<Contender, Record> _records = [];

    /// <summary>Sets a race up.</summary>
    public Race(Contender ours, IEnumerable<Contender> peers, params Measure[] measures)
    {
        _ours = ours;
        _peers = [.. peers];
        _measures = measures;
    }

    /// <summary>Lets every peer do a short piece of the work once and goes on with the best alone; says what each took.</summary>
    /// <param name="epochs">Epochs of the short piece.</param>
    /// <param name="log">A row for each: work, contender, seconds an epoch.</param>
    public void Qualify(int epochs, MarkdownTable log)
    {
        if (_peers.Count == 0)
        {
            return;
        }

        var times = new Dictionary<Contender, double>();
        var patience = Timeout.InfiniteTimeSpan;
        foreach (var peer in _peers)
        {
            Progress.Say($"  {_measures[0].Work}: {peer.Title}, short run");
            var clock = Stopwatch.StartNew();
            var run = ChildRun.Of(peer.Command(epochs), patience);
            times[peer] = run is null ? double.PositiveInfinity : _measures[0].SecondsOf(run.Figures) / epochs;
            if (run is not null && (patience == Timeout.InfiniteTimeSpan || clock.Elapsed * NotWaitedFor < patience))
            {
                patience = clock.Elapsed * NotWaitedFor;
            }
        }

        var limit = times.Values.Min() * StillInTheRace;
        foreach (var (peer, seconds) in times)
        {
            var shown = double.IsFinite(seconds) ? _measures[0].Show(seconds) : $"ended after {NotWaitedFor} times the best one's time";
            log.Add(_measures[0].Work, peer.Title, shown, seconds <= limit ? "yes" : "no");
        }

        _peers.RemoveAll(peer => times[peer] > limit);
    }

    /// <summary>Runs everybody in turns.</summary>
    /// <param name="rounds">Turns of each.</param>
    /// <param name="epochs">Epochs of a turn.</param>
    public void Run(int rounds, int epochs)
    {
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var contender in _peers.Prepend(_ours))
            {
                Progress.Say($"  {_measures[0].Work}: round {round} of {rounds}, {contender.Title}");
                var run = ChildRun.Of(contender.Command(epochs));
                if (!_records.TryGetValue(contender, out var record))
                {
                    _records.Add(contender, record = new Record(_measures.Length));
                }

                for (var i = 0; i < _measures.Length; i++)
                {
                    record.Seconds[i].Add(_measures[i].SecondsOf(run.Figures));
                }

                record.PeakMiB.Add(run.PeakMiB);
                record.Accuracy.Add(AccuracyOf(run.Figures));
            }
        }
    }

    /// <summary>Adds a row for each measure: us against the best of the peers.</summary>
    public void AddTo(MarkdownTable table)
    {
        var ours = _records[_ours];
        for (var i = 0; i < _measures.Length; i++)
        {
            var measure = _measures[i];
            var best = _peers.MinBy(peer => _records[peer].Seconds[i].Median);
            var theirs = best is null ? null : _records[best];
            table.Add(
                measure.Work,
                theirs is null ? "–" : Figure.Times(theirs.Seconds[i].Median / ours.Seconds[i].Median),
                Cell(measure, ours.Seconds[i]),
                best?.Title ?? "absent",
                theirs is null ? "–" : Cell(measure, theirs.Seconds[i]),
                $"{_ours.Threads}",
                $"{ours.PeakMiB.Maximum:F0}",
                theirs is null ? "–" : $"{theirs.PeakMiB.Maximum:F0}",
                Figure.Percent(ours.Accuracy.Median),
                theirs is null ? "–" : Figure.Percent(theirs.Accuracy.Median));
        }
    }

    /// <summary>The columns of <see cref="AddTo"/>.</summary>
    public static MarkdownTable Table() => new(
        "work",
        "times as fast",
        "DigitML: median (min–max)",
        "the best peer",
        "its median (min–max)",
        "our threads",
        "our peak MiB",
        "its peak MiB",
        "our accuracy",
        "its accuracy");

    private static string Cell(Measure measure, Sample sample) =>
        $"{measure.Show(sample.Median)} ({measure.Show(sample.Minimum)}–{measure.Show(sample.Maximum)})";

    private static double AccuracyOf(JsonElement figures) =>
        (figures.TryGetProperty("testAccuracy", out var test) ? test : figures.GetProperty("accuracy")).GetDouble();

    private sealed class Record
    {
        public Record(int measures) => Seconds = [.. Enumerable.Range(0, measures).Select(_ => new Sample())];

        public Sample[] Seconds { get; }

        public Sample PeakMiB { get; } = new();

        public Sample Accuracy { get; } = new();
    }
}

/// <summary>What is compared of one piece of work.</summary>
/// <param name="Work">What the tables call it.</param>
/// <param name="SecondsOf">Seconds for the work, from the line a program printed; lower is better.</param>
/// <param name="Show">Those seconds in the unit people use for this work.</param>
internal sealed record Measure(string Work, Func<JsonElement, double> SecondsOf, Func<double, string> Show)
{
    /// <summary>The whole of <c>Fit</c>.</summary>
    public static Measure Training(string work) =>
        new(work, figures => figures.GetProperty("trainSeconds").GetDouble(), Figure.Seconds);

    /// <summary>One image at a time.</summary>
    public static Measure OneImage { get; } =
        new("thesis network, one image", figures => figures.GetProperty("medianMicroseconds").GetDouble() / 1e6, Figure.Seconds);

    /// <summary>Many images at a time.</summary>
    public static Measure Batches { get; } =
        new("thesis network, batches of 256", figures => 1 / figures.GetProperty("imagesPerSecond").GetDouble(), seconds => $"{Figure.Count((long)Math.Round(1 / seconds))}/s");
}

/// <summary>One program at one number of threads.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Threads">Threads it may use.</param>
/// <param name="Command">Starts it on the work, for so many epochs where the work has epochs.</param>
internal sealed record Contender(string Name, int Threads, Func<int, ProcessStartInfo> Command)
{
    /// <summary>What it is in a line of a log.</summary>
    public string Title => $"{Name}, {Threads} {(Threads == 1 ? "thread" : "threads")}";
}
