using DigitML.AutoML.Spaces;
using DigitML.AutoML.Tuning;
using DigitML.Pixels;

namespace DigitML.AutoML.Tests.Tuning;

public class TreeParzenTests
{
    private static readonly SearchSpace s_space = new(
    [
        new NumberParameter("x", -5, 5),
        new NumberParameter("rate", 1e-4, 1) { IsLogarithmic = true },
        new ChoiceParameter("kind", "a", "b", "c"),
        new NumberParameter("depth", 1, 9) { IsWhole = true, Conditions = [new ParameterCondition("kind", ["b"])] },
    ]);

    [Fact]
    public void Suggest_AfterTrialsOfAKnownFunction_FindsLowerValuesThanRandomSearch()
    {
        // At equal numbers of trials, over 20 paired seeds.
        var wins = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var number = seed;
            var random = Lowest((_, i) => s_space.Sample(SeededRandom.OfItem(number, i)));
            var parzen = Lowest((ranked, i) => ranked.Count < 10 ? s_space.Sample(SeededRandom.OfItem(number, i)) : TreeParzen.Suggest(s_space, ranked, SeededRandom.OfItem(number, i)));
            wins += parzen < random ? 1 : 0;
        }

        Assert.InRange(wins, 16, 20);
    }

    [Fact]
    public void Suggest_AnyHistory_LiesInTheSpace()
    {
        var random = new SeededRandom(4, 4);
        for (var count = 1; count < 60; count++)
        {
            var ranked = Enumerable.Range(0, count).Select(_ => s_space.Sample(random)).ToList();
            var settings = TreeParzen.Suggest(s_space, ranked, random);
            Assert.All(settings, setting => Assert.True(s_space[setting.Key].Contains(setting.Value)));
            Assert.Equal(settings["kind"] == "b", settings.ContainsKey("depth"));
        }
    }

    [Fact]
    public void Suggest_TrialsThatAreAllTheSame_StillDrawsOthers()
    {
        var same = s_space.Sample(new SeededRandom(1, 1));
        var ranked = Enumerable.Repeat(same, 40).ToList();
        var drawn = Enumerable.Range(0, 50).Select(i => TreeParzen.Suggest(s_space, ranked, SeededRandom.OfItem(2, i))["x"]).Distinct().Count();
        Assert.True(drawn > 10, $"{drawn} different values of 50");
    }

    private static double Lowest(Func<List<TrialSettings>, int, TrialSettings> suggest)
    {
        var trials = new List<(TrialSettings Settings, double Value)>();
        for (var i = 0; i < 60; i++)
        {
            var settings = suggest([.. trials.OrderBy(trial => trial.Value).Select(trial => trial.Settings)], i);
            trials.Add((settings, Value(settings)));
        }

        return trials.Min(trial => trial.Value);
    }

    private static double Value(TrialSettings settings) =>
        Math.Pow(settings["x"].Number - 2, 2) + Math.Pow(Math.Log10(settings["rate"].Number) + 2, 2)
            + (settings["kind"].Word switch { "b" => Math.Abs(settings["depth"].Number - 7), "a" => 2, _ => 4 });
}
