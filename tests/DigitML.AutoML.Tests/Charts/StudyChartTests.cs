using System.Text.Json;
using System.Xml.Linq;
using DigitML.AutoML.Charts;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Tests.Studies;
using DigitML.AutoML.Trials;
using DigitML.Charts;
using DigitML.Charts.Drawing;

namespace DigitML.AutoML.Tests.Charts;

public class StudyChartTests
{
    private const string Hostile = "</script><script>bad()</script> & \"<b>Ziffern</b>\" %{x}";
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(37)]
    [InlineData(700)]
    public void Figures_AnyNumberOfTrials_KeepWithinTheirFrameAndAreTheSameEachTime(int count)
    {
        foreach (var metric in Enum.GetValues<ExperimentMetric>())
        {
            var study = SampleStudy.Describe(SearchSpace.ForImages(), metric, count % 2 == 0 ? Hostile : "made up");
            var trials = SampleStudy.Halved(SearchSpace.ForImages(), count);
            foreach (var (figure, again) in All(study, trials).Zip(All(study, trials)))
            {
                var svg = figure.ToSvg();
                Assert.Equal(svg, again.ToSvg());
                Assert.Equal(figure.ToJson(), again.ToJson());
                Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
                var root = XDocument.Parse(svg).Root!;
                Assert.Empty(root.Descendants(s_svg + "script"));
                foreach (var text in root.Elements(s_svg + "text").Where(text => text.Attribute("transform") is null))
                {
                    var (x, y, width) = ((double)text.Attribute("x")!, (double)text.Attribute("y")!, SvgWriter.TextWidth(text.Value, (int)text.Attribute("font-size")!));
                    var left = x - ((string)text.Attribute("text-anchor")! switch { "end" => width, "middle" => width / 2, _ => 0 });
                    Assert.True(y > 0 && y <= figure.Height && left >= 0 && (left + width <= figure.Width || text.Value.Contains(Hostile, StringComparison.Ordinal)), $"{figure.Title}: {text}");
                }

                using var json = JsonDocument.Parse(figure.ToJson());
                Assert.Equal(figure.Width, json.RootElement.GetProperty("layout").GetProperty("width").GetInt32());
            }
        }
    }

    [Fact]
    public void Progress_TheLine_IsWhatAStudyThatEndedThereWouldGive()
    {
        // The second trial is ahead and loses by going on; the third, at its first rung, is ahead of all.
        TrialRecord[] trials =
        [
            SampleStudy.Trial(0, TrialState.Paused, TrialSettings.Empty, SampleStudy.Result(0, 1, 0.95, 10), SampleStudy.Result(1, 3, 0.93, 30)),
            SampleStudy.Trial(1, TrialState.Paused, TrialSettings.Empty, SampleStudy.Result(0, 1, 0.97, 20), SampleStudy.Result(1, 3, 0.94, 35)),
            SampleStudy.Trial(2, TrialState.Paused, TrialSettings.Empty, SampleStudy.Result(0, 1, 0.98, 40)),
        ];

        var figure = StudyChart.Progress(Study(), trials);

        var line = figure.Panels[0].Marks.OfType<Series>().Single(series => series.HasLine);
        Assert.Equal([0.95, 0.95, 0.97, 0.97, 0.94, 0.94, 0.98, 0.98], line.Y);
        // The first training began 0.7 s before its result.
        Assert.Equal([0.7, 10.7, 10.7, 25.7, 25.7, 30.7, 30.7, 30.7], line.X.Select(x => Math.Round(x, 6)));
        Assert.EndsWith("3 trials · best accuracy 98.00 %, trial 2", figure.Subtitle, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_OverEpochs_CountsWhatWasTrainedAndTellsNoTime()
    {
        var trials = SampleStudy.Halved(SearchSpace.ForImages(), 12);
        var later = trials.Select(trial => trial with { Rungs = [.. trial.Rungs.Select(rung => rung with { FinishedAt = rung.FinishedAt.AddHours(3), Seconds = 99 })] }).ToArray();

        Assert.Equal(StudyChart.Progress(Study(), trials, ProgressAxis.Epochs).ToSvg(), StudyChart.Progress(Study(), later, ProgressAxis.Epochs).ToSvg());
        var epochs = trials.Where(trial => trial.Last is not null).Sum(trial => trial.Last!.Epochs);
        var points = StudyChart.Progress(Study(), trials, ProgressAxis.Epochs).Panels[0].Marks.OfType<Series>().SelectMany(series => series.X);
        Assert.Equal(epochs, points.Max());
    }

    [Fact]
    public void Progress_ResultsFarBehind_AreCountedRatherThanShown()
    {
        var trials = SampleStudy.Scored(SearchSpace.ForImages(), 20, _ => 0.98).Select((trial, i) => SampleStudy.Trial(i, TrialState.Paused, trial.Settings!, SampleStudy.Result(0, 1, i == 7 ? 0.1 : 0.97 + (0.001 * i), i))).ToArray();

        var figure = StudyChart.Progress(Study(), trials);

        Assert.EndsWith(" · 1 result below 97.00 % not shown", figure.Subtitle, StringComparison.Ordinal);
        Assert.True(figure.Panels[0].Y.Start > 0.9);
    }

    [Fact]
    public void Settings_OneThatDoesNotExist_PartsTheLine()
    {
        var space = SearchSpace.ForImages();
        var settings = space.Fit(space.Starts[0], new Pixels.SeededRandom(1, 1));
        var figure = StudyChart.Settings(SampleStudy.Describe(space), [SampleStudy.Trial(0, TrialState.Paused, settings, SampleStudy.Result(0, 1, 0.9, 1))]);

        // Two layers: units3, the fourth axis, is not there.
        var line = figure.Panels[0].Marks.OfType<Series>().Single(series => series.Width == 3);
        Assert.Equal([3], Enumerable.Range(0, line.Y.Count).Where(i => double.IsNaN(line.Y[i])));
        Assert.Equal(2, figure.ToSvg().Split("stroke-width=\"3\" stroke-linejoin=\"round\"><title>")[0].Split(" d=\"")[^1].Split('"')[0].Count(c => c == 'M'));
    }

    [Fact]
    public void Settings_ManyOfThem_ShowsThoseThatMatter()
    {
        var space = new SearchSpace([.. Enumerable.Range(0, 20).Select(i => new NumberParameter(Invariant($"setting{i}"), 0, 1)), new ChoiceParameter("fixed", "only")]);
        var figure = StudyChart.Settings(SampleStudy.Describe(space), SampleStudy.Scored(space, 80, settings => settings["setting17"].Number));

        Assert.EndsWith(" · the 12 of 20 settings that matter most", figure.Subtitle, StringComparison.Ordinal);
        var names = figure.Panels[0].Marks.OfType<Label>().Where(label => label.IsBold).Select(label => label.Text).ToArray();
        Assert.Contains("setting17", names);
        Assert.DoesNotContain("fixed", names);
    }

    [Fact]
    public void Importance_SaysHowItWasReckoned()
    {
        var space = SearchSpace.ForImages();
        Assert.StartsWith("fANOVA on a forest of 40 trials after 1 epoch, which explains ", StudyChart.Importance(SampleStudy.Describe(space), SampleStudy.Scored(space, 40, settings => settings["dropout"].Number)).Subtitle, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("layers", "layers")]
    [InlineData("learningRate", "learningRate")]
    [InlineData("minimumExampleCountPerLeaf", "minimum|ExampleCount…")]
    [InlineData("num_leaves_of_each_tree", "num_leaves_|of_each_tree")]
    [InlineData("donaudampfschifffahrt", "donaudampfsc…")]
    public void TwoLines_ANameOfAnyLength_FitsInThirteenCharacters(string name, string expected) =>
        Assert.Equal(expected, string.Join('|', TextFit.TwoLines(name, 13)));

    private static StudyDescription Study() => SampleStudy.Describe(SearchSpace.ForImages());

    private static Figure[] All(StudyDescription study, TrialRecord[] trials) =>
        [StudyChart.Progress(study, trials), StudyChart.Progress(study, trials, ProgressAxis.Epochs), StudyChart.Settings(study, trials), StudyChart.Importance(study, trials), StudyChart.Rungs(study, trials)];
}
