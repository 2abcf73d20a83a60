using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Tests.Studies;
using DigitML.AutoML.Trials;
using DigitML.AutoML.Tuning;
using DigitML.Pixels;

namespace DigitML.AutoML.Tests.Tuning;

public class StudyViewTests
{
    private static readonly StudyDescription s_study = SampleStudy.Describe(SearchSpace.ForImages());

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(2.5)]
    public void Promotable_TrialsThatComeAndGoOn_AreThoseOfTheAlgorithmSpelledOut(double factor)
    {
        const int Rungs = 4;
        var random = new SeededRandom((int)(10 * factor), 9);
        var trials = new List<TrialRecord>();
        var view = new StudyView(Rungs, factor, ExperimentMetric.Accuracy);
        for (var step = 0; step < 600; step++)
        {
            var (rung, promotable) = view.Promotable(int.MaxValue);
            Assert.Equal(Spelled(trials, factor, out var expectedRung), promotable);
            Assert.True(promotable.Count == 0 || rung == expectedRung);
            TrialRecord changed;
            if (promotable.Count > 0 && random.Chance(0.7))
            {
                // Goes on, and either reaches the next rung at once or is left running.
                changed = trials[promotable[0]];
                changed = random.Chance(0.8) ? Reach(changed, Rungs, random) : changed with { State = TrialState.Running };
                trials[changed.Number] = changed;
            }
            else if (trials.Find(trial => trial.State == TrialState.Running) is { } running && random.Chance(0.5))
            {
                trials[running.Number] = changed = Reach(running, Rungs, random);
            }
            else
            {
                changed = Reach(new TrialRecord { Number = trials.Count, State = TrialState.Running, Settings = TrialSettings.Empty }, Rungs, random);
                trials.Add(changed);
            }

            view.Apply(new StudyChanges([changed], step));
            Assert.Equal(trials.Count(trial => trial.State == TrialState.Running), view.RunningCount);
            Assert.Equal(StudyStanding.Best(s_study, trials)!.Number, view.Best!.Number);
        }

        Assert.Contains(trials, trial => trial.State == TrialState.Finished);
    }

    [Theory]
    [InlineData(0.9, 0.95, 1)]
    [InlineData(0.9, 0.9, 0)]
    [InlineData(0.95, 0.9, 0)]
    [InlineData(double.NaN, 0.1, 1)]
    public void Best_FarTrialAndNearOne_IsTheBetterAndOfEqualOnesTheFar(double far, double near, int expected)
    {
        TrialRecord[] trials =
        [
            Reach(Reach(new TrialRecord { Number = 0, State = TrialState.Running }, 3, 0.99), 3, far),
            Reach(new TrialRecord { Number = 1, State = TrialState.Running }, 3, near),
        ];
        var view = new StudyView(3, 3, ExperimentMetric.Accuracy);
        view.Apply(new StudyChanges(trials, 1));
        Assert.Equal(expected, view.Best!.Number);
        Assert.Equal(expected, StudyStanding.Best(s_study, trials)!.Number);
    }

    [Fact]
    public void Promotable_WithoutReduction_IsNobodyAtTheOnlyRung()
    {
        var view = new StudyView(1, 0, ExperimentMetric.Accuracy);
        view.Apply(new StudyChanges([Reach(new TrialRecord { Number = 0, State = TrialState.Running }, 1, new SeededRandom(1, 1))], 1));
        Assert.Empty(view.Promotable().Trials);
        Assert.Equal(0, view.Best!.Number);
    }

    private static TrialRecord Reach(TrialRecord trial, int rungs, SeededRandom random)
    {
        // Coarse, so that many are equal; now and then no number.
        return Reach(trial, rungs, random.Chance(0.05) ? double.NaN : random.Next(20) / 20.0);
    }

    private static TrialRecord Reach(TrialRecord trial, int rungs, double accuracy)
    {
        var reached = new RungResult
        {
            Rung = trial.Rungs.Count,
            Epochs = trial.Rungs.Count + 1,
            Score = new TrialScore { Accuracy = accuracy, MacroAccuracy = accuracy, LogLoss = 1 },
            Seconds = 1,
            ModelBytes = 1,
            FinishedAt = DateTimeOffset.UnixEpoch,
            Worker = "w",
        };
        return trial with { Rungs = [.. trial.Rungs, reached], State = trial.Rungs.Count == rungs - 1 ? TrialState.Finished : TrialState.Paused };
    }

    /// <summary>Li et al. 2020, algorithm 2, without anything kept between calls.</summary>
    private static int[] Spelled(List<TrialRecord> trials, double factor, out int rung)
    {
        for (rung = 2; rung >= 0; rung--)
        {
            var at = rung;
            var reached = trials.Where(trial => trial.Rungs.Count > at)
                .OrderByDescending(trial => trial.Rungs[at].Score.Goodness(ExperimentMetric.Accuracy)).ThenBy(trial => trial.Number).ToArray();
            int[] promotable = [.. reached.Take((int)(reached.Length / factor)).Where(trial => trial.State == TrialState.Paused && trial.Rungs.Count == at + 1).Select(trial => trial.Number)];
            if (promotable.Length > 0)
            {
                return promotable;
            }
        }

        return [];
    }
}
