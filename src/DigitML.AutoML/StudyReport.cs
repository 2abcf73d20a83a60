using System.Text;
using DigitML.AutoML.Charts;
using DigitML.AutoML.Reports;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Reports;

namespace DigitML.AutoML;

/// <summary>What a search leaves behind for people: the winner, the best beside it, why it won, everything that was tried, and where it all came from. The same content gives the same bytes.</summary>
public sealed record StudyReport
{
    /// <summary>Rows of the table of all trials at most; the best are kept.</summary>
    public const int MostTrials = 300;

    private const int Best = 5;

    private string _examples = "images";

    /// <summary>What the study is about.</summary>
    public required StudyDescription Study { get; init; }

    /// <summary>Its trials; there may be none, and none may have a result.</summary>
    public required IReadOnlyList<TrialRecord> Trials { get; init; }

    /// <summary>How the winner, trained on all data, does on the test set; null when it was not measured.</summary>
    public EvaluationResult? Test { get; init; }

    /// <summary>What training the winner on all data took, in seconds; null when it was not trained.</summary>
    public double? RefitSeconds { get; init; }

    /// <summary>The machine; null when not known.</summary>
    public string? Machine { get; init; }

    /// <summary>The command that made the study; null when not known.</summary>
    public string? Command { get; init; }

    /// <summary>The commit that was run; null when not known.</summary>
    public string? Commit { get; init; }

    private string Title => $"Search on {SyntheticDigits.NameOf(Study.Dataset, Study.IsSynthetic)}";

    /// <summary>A report of a study as it stands.</summary>
    /// <param name="study">What it is about.</param>
    /// <param name="trials">Its trials.</param>
    /// <param name="test">How the winner does on the test set; null when it was not measured.</param>
    public static StudyReport Of(StudyDescription study, IReadOnlyList<TrialRecord> trials, EvaluationResult? test = null)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(trials);
        return new StudyReport { Study = study, Trials = [.. trials.OrderBy(trial => trial.Number)], Test = test };
    }

    /// <summary>A report of an experiment that is done.</summary>
    /// <param name="result">What it found.</param>
    /// <param name="test">How the winner does on the test set; null when it was not measured.</param>
    public static StudyReport Of(ExperimentResult result, EvaluationResult? test = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Of(result.Study, result.Trials, test) with { RefitSeconds = result.RefitSeconds, _examples = result.Data.Table is null ? "images" : "rows" };
    }

    /// <summary>For a pull request or a step summary: text and tables only.</summary>
    public string ToMarkdown() => MarkdownWriter.Write(Blocks());

    /// <summary>The same with charts: one page that opens from disk, by default without script or network.</summary>
    /// <param name="charts">How charts are drawn; null for <see cref="ReportCharts.Svg"/>.</param>
    public string ToHtml(ReportCharts? charts = null) => HtmlWriter.Page(Title, Blocks(), charts ?? ReportCharts.Svg);

    /// <summary>Writes <c>report.md</c> and <c>report.html</c>.</summary>
    /// <param name="folder">Made when it is not there.</param>
    /// <param name="charts">How the page draws its charts; null for <see cref="ReportCharts.Svg"/>.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="DigitException">A file cannot be written.</exception>
    public IReadOnlyList<string> Save(string folder, ReportCharts? charts = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        OutputDirectory.Create(folder);
        string[] files = [Path.Combine(folder, "report.md"), Path.Combine(folder, "report.html")];
        AtomicFile.Write(files[0], Encoding.UTF8.GetBytes(ToMarkdown()));
        AtomicFile.Write(files[1], Encoding.UTF8.GetBytes(ToHtml(charts)));
        return files;
    }

    /// <inheritdoc/>
    public override string ToString() => Headline();

    private IEnumerable<Block> Blocks()
    {
        var best = StudyStanding.Best(Study, Trials);
        yield return new Block.Heading(1, Title);
        yield return new Block.Paragraph(Headline());
        if (Test is not null)
        {
            yield return new Block.Paragraph($"Trained on all training data, on data that no trial has seen: {ResultTables.Headline(Test, _examples)}");
        }

        if (best is not null)
        {
            yield return StudyTables.Top(Study, Trials, Best);
            yield return new Block.Heading(2, "The best trial's settings");
            yield return new Block.Facts([.. best.Settings?.Select(setting => (setting.Key, setting.Value.ToString())) ?? []]);
            yield return new Block.Heading(2, "How it went");
            yield return new Block.Chart(StudyChart.Progress(Study, Trials));
            yield return new Block.Chart(StudyChart.Rungs(Study, Trials));
            yield return new Block.Heading(2, "Why it won");
            yield return new Block.Paragraph("Each line is a trial through its settings to its score. Below, how much of the scores' differences each setting explains, over the whole space rather than where the search looked most.");
            yield return new Block.Chart(StudyChart.Settings(Study, Trials));
            yield return new Block.Chart(StudyChart.Importance(Study, Trials));
        }

        TrialRecord[] failed = [.. Trials.Where(trial => trial.State == TrialState.Failed)];
        if (failed.Length > 0)
        {
            yield return new Block.Heading(2, "Trials that failed");
            yield return StudyTables.Failed(failed.Take(MostTrials));
        }

        if (Trials.Count > 0)
        {
            yield return new Block.Heading(2, "All trials");
            TrialRecord[] shown = Shown();
            if (shown.Length < Trials.Count)
            {
                yield return new Block.Paragraph(Invariant($"The best {shown.Length} of {Trials.Count:N0}; the study has them all."));
            }

            yield return StudyTables.All(shown);
        }

        yield return new Block.Heading(2, "Where this comes from");
        yield return new Block.Facts([.. Facts()]);
    }

    private TrialRecord[] Shown() => Trials.Count <= MostTrials
        ? [.. Trials]
        : [.. StudyStanding.Ranked(Study, Trials).Concat(Trials.Where(trial => trial.Last is null)).Take(MostTrials).OrderBy(trial => trial.Number)];

    private string Headline()
    {
        if (Trials.Count == 0)
        {
            return "The study has no trial yet.";
        }

        if (StudyStanding.Best(Study, Trials) is not { Last: { } last } best)
        {
            return Invariant($"{Count(Trials.Count)}, none of which has reached its first rung of {StudyChart.Epochs(Study.Rungs[0])} yet.");
        }

        var metric = ScoreScale.NameOf(Study.Metric);
        return Invariant($"Best of {Count(Trials.Count)}: trial {best.Number} ({best.Trainer}), {metric} {ScoreScale.Format(Study.Metric, last.Score.Of(Study.Metric))} on validation data after {StudyChart.Epochs(last.Epochs)}. It was chosen by this figure, which therefore flatters it a little; what a test set says does not.");

        static string Count(int trials) => Invariant($"{trials:N0} {(trials == 1 ? "trial" : "trials")}");
    }

    private IEnumerable<(string Name, string Value)> Facts()
    {
        RungResult[] results = [.. Trials.SelectMany(trial => trial.Rungs)];
        yield return ("Data", SyntheticDigits.NameOf(Study.Dataset, Study.IsSynthetic));
        yield return ("Data hash (SHA-256)", Study.DataHash);
        yield return ("Study", Study.Name);
        yield return ("Tuner", Study.Tuner);
        yield return ("Rungs, in epochs", string.Join(", ", Study.Rungs));
        yield return ("Metric", ScoreScale.NameOf(Study.Metric));
        yield return ("Seed", Invariant($"{Study.Seed}"));
        yield return ("Trials", string.Join(", ", Trials.GroupBy(trial => trial.State).OrderBy(group => group.Key).Select(group => Invariant($"{group.Count()} {group.Key.ToString().ToLowerInvariant()}")).DefaultIfEmpty("none")));
        if (results.Length > 0)
        {
            yield return ("From the first training's beginning to the last result", StudyTables.Time((results.Max(rung => rung.FinishedAt) - results.Min(rung => rung.FinishedAt - TimeSpan.FromSeconds(rung.Seconds))).TotalSeconds));
            yield return ("Training of all trials together", StudyTables.Time(results.Sum(rung => rung.Seconds)));
            var workers = results.Select(rung => rung.Worker).Distinct().Count();
            var machines = results.Select(rung => rung.Worker.Split('/')[0]).Distinct().Count();
            yield return ("Workers", Invariant($"{workers} on {machines} {(machines == 1 ? "machine" : "machines")}"));
        }

        if (RefitSeconds is { } refit)
        {
            yield return ("Training the winner on all data", StudyTables.Time(refit));
        }

        yield return ("Machine", Machine ?? "not known");
        yield return ("Commit", Commit ?? "not known");
        yield return ("Command", Command ?? "not known");
    }
}
