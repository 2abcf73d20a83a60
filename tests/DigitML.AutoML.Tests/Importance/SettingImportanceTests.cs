using DigitML.AutoML.Importance;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Tests.Studies;
using DigitML.AutoML.Trials;

namespace DigitML.AutoML.Tests.Importance;

public class SettingImportanceTests
{
    private static readonly SearchSpace s_three = new(
    [
        new NumberParameter("slope", 1e-4, 1) { IsLogarithmic = true },
        new NumberParameter("idle", 0, 1),
        new ChoiceParameter("kind", "a", "b", "c", "d"),
    ]);

    [Fact]
    public void Of_OneSettingThatMattersAndTwoThatDoNot_NamesIt()
    {
        var importance = Of(s_three, 120, settings => 0.5 + (0.1 * Math.Log10(settings["slope"].Number)));

        Assert.Equal("slope", importance.Settings[0].Name);
        Assert.InRange(importance.Settings[0].Alone, 0.9, 1);
        // The forest also learns a little chance.
        Assert.All(importance.Settings.Skip(1), setting => Assert.InRange(setting.Total, 0, 0.05));
        Assert.InRange(importance.Explained, 0.8, 1);
        Assert.Equal((120, 1), (importance.Trials, importance.Epochs));
    }

    [Fact]
    public void Of_TwoSettingsThatAddUp_SharesAsTheirVariances()
    {
        // A choice of four steps of 0.2 has a variance of 0.05, a range of 0.5 one of 0.0208: 71 and 29 of 100.
        var importance = Of(s_three, 300, settings => (0.2 * (settings["kind"].Word[0] - 'a')) + (0.5 * settings["idle"].Number));

        var shares = importance.Settings.ToDictionary(setting => setting.Name);
        Assert.InRange(shares["kind"].Alone, 0.61, 0.81);
        Assert.InRange(shares["idle"].Alone, 0.17, 0.37);
        Assert.InRange(shares["slope"].Total, 0, 0.05);
    }

    [Fact]
    public void Of_SettingsThatMatterTogetherAlone_SaysSo()
    {
        // Which of two numbers is high says nothing; whether they agree says all.
        var space = new SearchSpace([new ChoiceParameter("first", 0, 1), new ChoiceParameter("second", 0, 1), new NumberParameter("idle", 0, 1)]);
        var importance = Of(space, 200, settings => settings["first"] == settings["second"] ? 0.9 : 0.5);

        var shares = importance.Settings.ToDictionary(setting => setting.Name);
        Assert.InRange(importance.Together, 0.85, 1);
        Assert.InRange(shares["first"].Alone, 0, 0.1);
        Assert.InRange(shares["first"].Total, 0.85, 1);
        Assert.InRange(shares["second"].Total, 0.85, 1);
        Assert.InRange(shares["idle"].Total, 0, 0.1);
    }

    [Fact]
    public void Of_ASettingUnderACondition_CountsWhereItExists()
    {
        var space = new SearchSpace(
        [
            new ChoiceParameter("trainer", "plain", "deep"),
            new NumberParameter("width", 0, 1) { Conditions = [new ParameterCondition("trainer", ["deep"])] },
            new NumberParameter("idle", 0, 1) { Conditions = [new ParameterCondition("trainer", ["plain"])] },
        ]);

        // Both trainers are the same on average, so that the trainer alone explains nothing, and where width exists it is all.
        var importance = Of(space, 300, settings => settings.TryGetValue("width", out var width) ? width.Number : 0.5);

        var shares = importance.Settings.ToDictionary(setting => setting.Name);
        Assert.Equal("width", importance.Settings[0].Name);
        Assert.InRange(shares["width"].Alone, 0.8, 1);
        Assert.InRange(shares["trainer"].Alone, 0, 0.1);
        Assert.InRange(shares["idle"].Total, 0, 0.05);
    }

    [Fact]
    public void Of_TheSameSeed_IsTheSameAndAnotherDiffers()
    {
        var trials = SampleStudy.Halved(SearchSpace.ForImages(), 60);
        var study = SampleStudy.Describe(SearchSpace.ForImages());

        Assert.Equal(SettingImportance.Of(study, trials).Settings, SettingImportance.Of(study, trials).Settings);
        Assert.NotEqual(SettingImportance.Of(study, trials).Settings, SettingImportance.Of(study with { Seed = 6 }, trials).Settings);
    }

    [Fact]
    public void Of_AFewDisasters_ExplainsTheRestAllTheSame()
    {
        // Of 200 trials 8 learn nothing, for no reason in the settings; the others differ by a thousandth, by the slope.
        var failed = 0;
        var importance = Of(s_three, 200, settings => failed++ % 25 == 24 ? 0.1 : 0.98 + (0.0025 * (4 + Math.Log10(settings["slope"].Number))));

        Assert.Equal("slope", importance.Settings[0].Name);
        Assert.InRange(importance.Settings[0].Total, 0.6, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    public void Of_TooFewTrials_HasNothingToSay(int count)
    {
        var importance = Of(s_three, count, settings => settings["idle"].Number);

        Assert.Empty(importance.Settings);
        Assert.Equal((count, 0), (importance.Trials, importance.Epochs));
    }

    [Fact]
    public void Of_ScoresThatAreAllTheSame_BlamesNobody()
    {
        var importance = Of(s_three, 30, _ => 0.7);

        Assert.Equal(3, importance.Settings.Count);
        Assert.All(importance.Settings, setting => Assert.Equal(0, setting.Total));
    }

    [Fact]
    public void Of_AHalvedStudy_ComparesAtTheHighestRungThatManyReached()
    {
        // 3 settings ask for 12 trials, which the third rung has and the last has not.
        var trials = SampleStudy.Halved(s_three, 200);
        Assert.InRange(trials.Count(trial => trial.Rungs.Count == 4), 1, 11);

        var importance = SettingImportance.Of(SampleStudy.Describe(s_three), trials);

        Assert.Equal((9, trials.Count(trial => trial.Rungs.Count >= 3)), (importance.Epochs, importance.Trials));
        Assert.Equal(1, SettingImportance.Of(SampleStudy.Describe(s_three), SampleStudy.Halved(s_three, 20)).Epochs);
    }

    private static SettingImportance Of(SearchSpace space, int count, Func<TrialSettings, double> accuracy) =>
        SettingImportance.Of(SampleStudy.Describe(space, ExperimentMetric.Accuracy), SampleStudy.Scored(space, count, accuracy));
}
