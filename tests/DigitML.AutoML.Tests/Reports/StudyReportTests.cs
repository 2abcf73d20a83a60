using System.Text.RegularExpressions;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Tests.Studies;
using DigitML.AutoML.Trials;
using DigitML.Evaluation;
using DigitML.Tests.IO;

namespace DigitML.AutoML.Tests.Reports;

public class StudyReportTests
{
    private static readonly SearchSpace s_space = SearchSpace.ForImages();

    [Fact]
    public void Markdown_AStudy_HasTheWinnerTheTopFiveAndEveryTrial()
    {
        var trials = SampleStudy.Halved(s_space, 40);
        var best = trials.Where(trial => trial.Rungs.Count == 4).MaxBy(trial => trial.Last!.Score.Accuracy)!;

        var text = (StudyReport.Of(SampleStudy.Describe(s_space), trials) with { Command = "digitml search", Machine = "a machine", RefitSeconds = 12.34 }).ToMarkdown();

        Assert.StartsWith(Invariant($"# Search on made up (synthetic)\n\nBest of 40 trials: trial {best.Number} (mlp), accuracy {100 * best.Last!.Score.Accuracy:F2} % on validation data after 27 epochs."), text, StringComparison.Ordinal);
        Assert.Contains("| Trainer | Trial | Accuracy | Macro accuracy | Log-loss | Epochs | Seconds | Size |\n|:--|--:|--:|--:|--:|--:|--:|--:|\n| mlp | " + Invariant($"{best.Number} |"), text, StringComparison.Ordinal);
        Assert.Contains(" | 400 kB |\n", text, StringComparison.Ordinal);
        Assert.Equal(40, Regex.Count(text, @"^\| \d+ \| (waiting|running|paused|finished|failed) \|", RegexOptions.Multiline));
        Assert.Contains("## Trials that failed\n\n| Trial | Settings | Reason |\n|:--|--:|:--|\n| 28 | ", text, StringComparison.Ordinal);
        Assert.Contains("HiddenLayers must have 1 to 65536 units each; got 0.", text, StringComparison.Ordinal);
        Assert.Contains("| Training the winner on all data | <code>12.3 s</code> |", text, StringComparison.Ordinal);
        Assert.Contains("| Workers | <code>1 on 1 machine</code> |", text, StringComparison.Ordinal);
        Assert.Contains("| Machine | <code>a machine</code> |", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_AStudy_HasItsFourChartsAndNeedsNothingFromOutside()
    {
        using var folder = new TemporaryFolder();
        var files = StudyReport.Of(SampleStudy.Describe(s_space), SampleStudy.Halved(s_space, 40)).Save(folder.File("report"));

        Assert.Equal(["report.md", "report.html"], files.Select(Path.GetFileName));
        var page = File.ReadAllText(files[1]);
        Assert.All(["Accuracy over time", "How far trials got", "What was tried", "Importance of each setting"], title => Assert.Contains($"aria-label=\"{title} (", page, StringComparison.Ordinal));
        Assert.Equal(4, Regex.Count(page, "<svg "));
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Empty(Regex.Matches(page, "(?:src|href)=\"(?!data:)"));
    }

    [Fact]
    public void Report_ATestSet_IsNamedWithItsFigure()
    {
        var evaluation = EvaluationResult.From(new float[] { 1, 0, 0, 1 }, [0, 1], 2, "the test set");

        Assert.Contains("on data that no trial has seen: the test set: accuracy 100.00 % (95 % interval ", StudyReport.Of(SampleStudy.Describe(s_space), SampleStudy.Halved(s_space, 12), evaluation).ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_ANameFullOfMarkup_StaysText()
    {
        const string hostile = "<script>alert(1)</script> | @everyone";
        var trial = SampleStudy.Trial(0, TrialState.Failed, s_space.Starts[0]) with { Error = hostile };
        var report = StudyReport.Of(SampleStudy.Describe(s_space, dataset: hostile), [.. SampleStudy.Halved(s_space, 12), trial with { Number = 12 }]);

        Assert.DoesNotContain("<script", report.ToHtml(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", report.ToMarkdown(), StringComparison.Ordinal);
        Assert.DoesNotContain("@everyone", report.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_NoTrialOrNoResult_SaysSo()
    {
        var study = SampleStudy.Describe(s_space);

        Assert.Contains("\n\nThe study has no trial yet.\n\n", StudyReport.Of(study, []).ToMarkdown(), StringComparison.Ordinal);
        var none = StudyReport.Of(study, [SampleStudy.Trial(0, TrialState.Running, s_space.Starts[0]), SampleStudy.Trial(1, TrialState.Waiting, s_space.Starts[0]) with { Settings = null }]);
        Assert.Contains("\n\n2 trials, none of which has reached its first rung of 1 epoch yet.\n\n", none.ToMarkdown(), StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", none.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("| 0 | running | – | – | – | 0 | 0.0 | layers 2, ", none.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_MoreTrialsThanFit_KeepsTheBestAndSaysSo()
    {
        var trials = SampleStudy.Halved(s_space, StudyReport.MostTrials + 50);
        var best = trials.Where(trial => trial.Rungs.Count == 4).Select(trial => trial.Number).ToHashSet();

        var text = StudyReport.Of(SampleStudy.Describe(s_space), trials).ToMarkdown();

        Assert.Contains("The best 300 of 350; the study has them all.", text, StringComparison.Ordinal);
        var rows = Regex.Matches(text, @"^\| (\d+) \| (waiting|running|paused|finished|failed) \|", RegexOptions.Multiline).Select(row => int.Parse(row.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToHashSet();
        Assert.Equal(300, rows.Count);
        Assert.Subset(rows, best);
    }
}
