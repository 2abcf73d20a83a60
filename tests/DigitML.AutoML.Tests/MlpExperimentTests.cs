using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.AutoML.Tuning;
using DigitML.Data;
using DigitML.IO;
using DigitML.Training;

namespace DigitML.AutoML.Tests;

public class MlpExperimentTests
{
    private static readonly SearchSpace s_small = SearchSpace.ForImages().Narrow("units1", 8, 32).Narrow("units2", 8, 16).Narrow("units3", 8, 16).Fix("augmentation", 0);
    private static readonly Lazy<LabelledImages> s_digits = new(() => SyntheticDigits.Create(300, seed: 5));

    [Fact]
    public async Task RunAsync_TheSameSeedAndTrials_GiveTheSameTableAndModel()
    {
        var first = await Small(seed: 3).RunAsync(TestContext.Current.CancellationToken);
        var second = await Small(seed: 3).RunAsync(TestContext.Current.CancellationToken);
        var other = await Small(seed: 4).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Table(first), Table(second));
        Assert.NotEqual(Table(first), Table(other));
        Assert.Equal(first.Model!.Network!.Hash, second.Model!.Network!.Hash);
        Assert.Equal(12, first.Trials.Count);
        Assert.All(first.Trials, trial => Assert.NotEmpty(trial.Rungs));
        Assert.Contains(first.Trials, trial => trial.State == TrialState.Finished);
        Assert.Equal(first.BestTrial, first.Top(1)[0]);
    }

    [Fact]
    public async Task RunAsync_StoppedAndStartedAgain_EndsInTheTableOfAnUnbrokenRun()
    {
        var whole = await Small(seed: 6).RunAsync(TestContext.Current.CancellationToken);
        var study = new MemoryStudy();
        for (var stops = 1; stops < 5; stops++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<OperationCanceledException>(() => Small(seed: 6).SetStudy(study).SetMonitor(new StopAfter(3, stop)).RunAsync(stop.Token));
        }

        var resumed = await Small(seed: 6).SetStudy(study).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Table(whole), Table(resumed));
        Assert.Equal(whole.Model!.Network!.Hash, resumed.Model!.Network!.Hash);
    }

    [Fact]
    public async Task RunAsync_SeveralWorkers_FinishEveryRungOnce()
    {
        var result = await Small(seed: 8).SetWorkers(3, threads: 3).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 12), result.Trials.Select(trial => trial.Number));
        Assert.All(result.Trials, trial => Assert.Equal(Enumerable.Range(0, trial.Rungs.Count), trial.Rungs.Select(rung => rung.Rung)));
        Assert.DoesNotContain(result.Trials, trial => trial.State is TrialState.Running or TrialState.Waiting);
    }

    [Fact]
    public async Task RunAsync_Time_EndsWithTheWinnerTrainedOnAllData()
    {
        var result = await new MlpExperiment().SetDataset(s_digits.Value).SetSearchSpace(s_small).SetTrainingTime(TimeSpan.FromSeconds(3)).RunAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(result.BestTrial.Last);
        Assert.Equal(300, result.Model!.History!.TrainingImages);
        // What it has learnt is the machine's affair; whose settings it has is not.
        Assert.Equal(s_small.Apply(new MlpOptions(), result.BestTrial.Settings!).HiddenLayers, result.Model!.Network!.Layers.SkipLast(1).Select(layer => layer.Outputs));
    }

    [Fact]
    public async Task RunAsync_TimeThatIsShort_CutsTheLastTraining()
    {
        // A moment is over before the first trial is: the search waits for that, and one epoch follows; an hour that trials end keeps all of them.
        foreach (var (time, isCut) in new[] { (TimeSpan.FromTicks(1), true), (TimeSpan.FromHours(1), false) })
        {
            var result = await new MlpExperiment().SetDataset(s_digits.Value).SetSearchSpace(s_small).SetTrainingTime(time).SetMaximumTrials(2).RunAsync(TestContext.Current.CancellationToken);
            var last = result.Study.Rungs[^1];
            Assert.Equal(isCut ? Math.Max(1, result.BestTrial.Last!.Epochs / 3) : last, result.Model!.History!.Epochs.Count);
        }
    }

    [Fact]
    public async Task RunAsync_ATable_IsSearchedToo()
    {
        var table = Table(300);
        var result = await new MlpExperiment().SetDataset(table).SetMaximumTrials(6).SetTuner(new HalvingTuner(9)).SetMetric(ExperimentMetric.LogLoss).RunAsync(TestContext.Current.CancellationToken);
        Assert.True(result.Model!.Evaluate(table, TestContext.Current.CancellationToken).MicroAccuracy > 0.8);
    }

    [Fact]
    public async Task RunAsync_SettingsThatCannotBeTrained_FailAndTheOthersGoOn()
    {
        var space = s_small.With(new NumberParameter("beta1", 0.5, 1.5) { Apply = (options, value) => options with { Beta1 = (float)value.Number } });
        var result = await Small(seed: 2).SetSearchSpace(space).RunAsync(TestContext.Current.CancellationToken);
        var failed = result.Trials.Where(trial => trial.State == TrialState.Failed).ToArray();
        Assert.NotEmpty(failed);
        Assert.All(failed, trial => Assert.StartsWith("Beta1 must be at least 0 and below 1", trial.Error, StringComparison.Ordinal));
        Assert.NotEqual(TrialState.Failed, result.BestTrial.State);
    }

    [Fact]
    public async Task RunAsync_NoSettingsCanBeTrained_SaysTheReasonInOneLine()
    {
        var space = s_small.With(new ChoiceParameter("beta1", 2) { Apply = (options, value) => options with { Beta1 = (float)value.Number } });
        var error = await Assert.ThrowsAsync<DigitException>(() => Small(seed: 2).SetSearchSpace(space).RunAsync(TestContext.Current.CancellationToken));
        Assert.Contains("10 trials failed and none reached a rung; the last said: Beta1 must be", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AStudyOfOtherData_IsRefusedInOneLine()
    {
        var study = new MemoryStudy();
        await Small(seed: 1).SetStudy(study).RunAsync(TestContext.Current.CancellationToken);
        var other = Small(seed: 1).SetDataset(SyntheticDigits.Create(300, seed: 99)).SetStudy(study);
        var error = await Assert.ThrowsAsync<DigitException>(() => other.RunAsync(TestContext.Current.CancellationToken));
        Assert.Contains("expected the study 'study' of the data", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task RunAsync_AClassWithOneExample_IsNamed()
    {
        var digits = s_digits.Value;
        int[] few = [.. Enumerable.Range(0, digits.Count).Where(i => digits.Label(i) != 7), Enumerable.Range(0, digits.Count).First(i => digits.Label(i) == 7)];
        var error = await Assert.ThrowsAsync<DigitException>(() => Small(seed: 1).SetDataset(digits.Select(few)).RunAsync(TestContext.Current.CancellationToken));
        Assert.Contains("class '7' has one example", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_WithoutDataOrEnd_SaysWhatToCall()
    {
        Assert.Contains("SetDataset", (await Assert.ThrowsAsync<InvalidOperationException>(() => new MlpExperiment().RunAsync(TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
        Assert.Contains("SetTrainingTime", (await Assert.ThrowsAsync<InvalidOperationException>(() => new MlpExperiment().SetDataset(s_digits.Value).RunAsync(TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
    }

    private static MlpExperiment Small(int seed) =>
        new MlpExperiment().SetDataset(s_digits.Value).SetSearchSpace(s_small).SetMaximumTrials(12).SetTuner(new HalvingTuner(9)).SetSeed(seed).SetWorkers(1, threads: 1);

    private static string[] Table(ExperimentResult result) => [.. result.Trials.Select(trial => $"{trial.Number} {trial.State} {trial.Settings} {string.Join(", ", trial.Rungs.Select(rung => $"{rung.Epochs}: {rung.Score}"))}")];

    private static LabelledFeatures Table(int rows)
    {
        var random = new Random(4);
        var values = new float[rows * 3];
        var labels = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            labels[row] = random.Next(3);
            for (var feature = 0; feature < 3; feature++)
            {
                values[(row * 3) + feature] = (float)((feature == labels[row] ? 2 : 0) + random.NextDouble());
            }
        }

        return new LabelledFeatures("three clouds", 3, values, labels);
    }

    private sealed class StopAfter(int rungs, CancellationTokenSource stop) : IExperimentMonitor
    {
        private int _rungs;

        public void ReportCompletedTrial(TrialReport report)
        {
            if (++_rungs == rungs)
            {
                stop.Cancel();
            }
        }
    }
}
