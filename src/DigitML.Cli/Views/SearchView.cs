using System.Globalization;
using DigitML.AutoML;
using DigitML.AutoML.Trials;
using DigitML.Data;
using DigitML.IO;
using DigitML.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DigitML.Cli.Views;

/// <summary>
/// Shows a search as it goes. Where somebody is watching: a board with the best so far, its accuracy against time, the trials that are running, and how many have reached
/// each rung. Elsewhere: a line for every trial that is the best so far.
/// </summary>
internal sealed class SearchView : IExperimentMonitor
{
    private const int ChartWidth = 58;
    private const int ChartHeight = 8;
    private const string Bars = " ▁▂▃▄▅▆▇█";
    private readonly Terminal _terminal;
    private readonly ExperimentMetric _metric;
    private readonly IReadOnlyList<int> _rungs;
    private readonly string _note;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, (TrialRecord Trial, EpochReport? Epoch)> _running = [];
    private readonly List<(double Seconds, double Figure)> _bests = [];
    private TrialRecord? _best;
    private readonly int[] _reached;
    private int _trials;
    private int _failed;
    private TimeSpan _elapsed;
    private TimeSpan? _left;
    private EpochReport? _refit;
    private bool _isRefitting;

    /// <summary>Creates the view.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="metric">What trials are compared by.</param>
    /// <param name="rungs">Epochs at each rung.</param>
    /// <param name="isSynthetic">Whether a program drew the pictures; every figure then says so.</param>
    public SearchView(Terminal terminal, ExperimentMetric metric, IReadOnlyList<int> rungs, bool isSynthetic)
    {
        (_terminal, _metric, _rungs, _note) = (terminal, metric, rungs, SyntheticDigits.NoteOf(isSynthetic));
        _reached = new int[rungs.Count];
    }

    /// <summary>A metric's figure as people read it.</summary>
    public static string Figure(ExperimentMetric metric, TrialScore score) =>
        metric == ExperimentMetric.LogLoss ? score.LogLoss.ToString("F4", CultureInfo.InvariantCulture) : Percent.Format(score.Of(metric));

    /// <summary>What a metric is called in a sentence.</summary>
    public static string NameOf(ExperimentMetric metric) => metric switch
    {
        ExperimentMetric.LogLoss => "log-loss",
        ExperimentMetric.MacroAccuracy => "macro accuracy",
        _ => "accuracy",
    };

    /// <summary>Waits for a search, and shows it.</summary>
    /// <param name="search">The search.</param>
    public async Task<ExperimentResult> ShowAsync(Task<ExperimentResult> search)
    {
        if (!_terminal.IsLive)
        {
            return await search;
        }

        await _terminal.Screen.Live(Board()).AutoClear(true).StartAsync(async live =>
        {
            while (await Task.WhenAny(search, Task.Delay(250)) != search)
            {
                live.UpdateTarget(Board());
            }
        });
        return await search;
    }

    /// <inheritdoc/>
    public void ReportRunningTrial(TrialReport report)
    {
        lock (_lock)
        {
            Take(report);
            _running[report.Trial.Number] = (report.Trial, report.Epoch ?? _running.GetValueOrDefault(report.Trial.Number).Epoch);
        }
    }

    /// <inheritdoc/>
    public void ReportCompletedTrial(TrialReport report)
    {
        lock (_lock)
        {
            Take(report);
            _running.Remove(report.Trial.Number);
        }
    }

    /// <inheritdoc/>
    public void ReportBestTrial(TrialReport report)
    {
        lock (_lock)
        {
            _best = report.Trial;
            _bests.Add((report.Elapsed.TotalSeconds, report.Trial.Last!.Score.Of(_metric)));
            if (!_terminal.IsLive)
            {
                _terminal.Say(Invariant($" {EpochView.Duration(report.Elapsed.TotalSeconds),9}  trial {report.Trial.Number,4}  {report.Trial.Last!.Epochs,4} epochs  {NameOf(_metric)} {Figure(_metric, report.Trial.Last!.Score)}{_note}  {report.Trial.Settings}"));
            }
        }
    }

    /// <inheritdoc/>
    public void ReportFailTrial(TrialReport report)
    {
        lock (_lock)
        {
            Take(report);
            _failed++;
            _running.Remove(report.Trial.Number);
            if (!_terminal.IsLive)
            {
                _terminal.Say(Invariant($" {EpochView.Duration(report.Elapsed.TotalSeconds),9}  trial {report.Trial.Number,4}  failed: {report.Trial.Error}"));
            }
        }
    }

    /// <inheritdoc/>
    public void ReportRefit(TrialReport report)
    {
        lock (_lock)
        {
            Take(report);
            if (!_isRefitting && !_terminal.IsLive)
            {
                _terminal.Say(Invariant($" {EpochView.Duration(report.Elapsed.TotalSeconds),9}  training trial {report.Trial.Number}'s settings on all training data"));
            }

            _running.Clear();
            (_isRefitting, _refit, _best) = (true, report.Epoch, report.Trial);
        }
    }

    /// <inheritdoc/>
    public void ReportNotice(string notice) => _terminal.Complain("note", notice);

    private void Take(TrialReport report)
    {
        (_elapsed, _left, _trials) = (report.Elapsed, report.Left, report.Study.Count);
        for (var rung = 0; rung < _reached.Length; rung++)
        {
            _reached[rung] = report.Study.CountAt(rung);
        }
    }

    private Rows Board()
    {
        lock (_lock)
        {
            var parts = new List<IRenderable> { new Markup(Headline()), new Text(_best?.Settings?.ToString() ?? "", new Style(Color.Grey)) };
            if (_bests.Count > 0)
            {
                parts.AddRange([new Text(""), .. Chart().Select(line => new Text(line, new Style(Color.Green)))]);
            }

            parts.Add(new Text(""));
            parts.AddRange(_isRefitting ? [new Markup(Invariant($" [bold]training the best on all training data[/]{(_refit is { } epoch ? Invariant($", epoch {epoch.Epoch} of {epoch.Epochs}") : "")}"))] : _running.Values.Take(8).Select(running => new Text(Line(running.Trial, running.Epoch))));
            parts.Add(new Text(""));
            var rungs = string.Join(" → ", _rungs.Select((epochs, rung) => Invariant($"{_reached[rung]} at {epochs}")));
            parts.Add(new Text(Invariant($" {_trials} trials{(_failed > 0 ? Invariant($", {_failed} failed") : "")}; epochs: {rungs}"), new Style(Color.Grey)));
            parts.Add(new Text(Invariant($" {EpochView.Duration(_elapsed.TotalSeconds)} gone{(_left is { } left ? Invariant($", {EpochView.Duration(left.TotalSeconds)} left") : "")}. Ctrl+C stops; the same command goes on."), new Style(Color.Grey)));
            return new Rows(parts);
        }
    }

    private string Headline() => _best is { Last: { } last }
        ? Invariant($" [bold]Best {NameOf(_metric)} {Figure(_metric, last.Score)}[/] on held-out examples{_note}: trial {_best.Number}, {_best.Trainer}, after {last.Epochs} epochs")
        : " [bold]Searching[/]";

    private string Line(TrialRecord trial, EpochReport? epoch)
    {
        var target = trial.Rungs.Count < _rungs.Count ? _rungs[trial.Rungs.Count] : _rungs[^1];
        var done = epoch is null ? 0 : epoch.Epoch - 1 + ((double)epoch.ImagesDone / Math.Max(1, epoch.ImagesTotal));
        var filled = (int)Math.Clamp(10 * done / target, 0, 10);
        var (full, open) = _terminal.IsUnicode ? ('━', '·') : ('#', '.');
        var line = Invariant($" trial {trial.Number,4}  {new string(full, filled)}{new string(open, 10 - filled)} to epoch {target,3}  {(trial.Last is { } last ? Figure(_metric, last.Score) : "new"),8}  {trial.Trainer}: {trial.Settings}");
        var room = Math.Max(20, _terminal.Screen.Profile.Width - 1);
        return line.Length > room ? line[..room] : line;
    }

    /// <summary>The best so far against time: columns of blocks, or of signs that every terminal has.</summary>
    private IEnumerable<string> Chart()
    {
        var end = Math.Max(_elapsed.TotalSeconds, 1e-3);
        var columns = Enumerable.Range(0, ChartWidth).Select(column => _bests.LastOrDefault(best => best.Seconds <= (column + 1) * end / ChartWidth, (0, double.NaN)).Figure).ToArray();
        var seen = columns.Where(double.IsFinite).ToArray();
        if (seen.Length == 0)
        {
            yield break;
        }

        // From a little below the first, so that it shows; of a loss the axis is turned, and higher is better all the same.
        var turn = _metric == ExperimentMetric.LogLoss ? -1 : 1;
        var (low, high) = (turn * seen[0], seen.Max(figure => turn * figure));
        low = Math.Min(low, seen.Min(figure => turn * figure));
        var span = Math.Max(high - low, 1e-6);
        low -= 0.15 * span;
        span *= 1.15;
        for (var row = ChartHeight - 1; row >= 0; row--)
        {
            var label = row == ChartHeight - 1 ? Label(high) : row == 0 ? Label(low + (0.15 / 1.15 * span)) : "";
            yield return Invariant($" {label,9} │{string.Concat(columns.Select(figure => Cell(figure, row)))}");
        }

        yield return Invariant($" {"",9} └{new string('─', ChartWidth)} {EpochView.Duration(end)}");

        string Label(double figure) => _metric == ExperimentMetric.LogLoss ? (turn * figure).ToString("F4", CultureInfo.InvariantCulture) : Percent.Format(figure);

        char Cell(double figure, int row)
        {
            if (!double.IsFinite(figure))
            {
                return ' ';
            }

            var eighths = (int)Math.Round(((turn * figure) - low) / span * ChartHeight * 8) - (row * 8);
            return _terminal.IsUnicode ? Bars[Math.Clamp(eighths, 0, 8)] : eighths >= 4 ? '#' : ' ';
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
