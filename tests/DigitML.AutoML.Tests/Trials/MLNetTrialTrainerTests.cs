using DigitML.AutoML.Trials;
using DigitML.AutoML.Tuning;
using DigitML.Data;
using DigitML.Tests.IO;

namespace DigitML.AutoML.Tests.Trials;

public class MLNetTrialTrainerTests
{
    public static TheoryData<string> Names => [.. MLNetTrialTrainer.All.Select(trainer => trainer.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RunAsync_EachAlone_LearnsAndItsFileGivesTheSame(string name)
    {
        using var folder = new TemporaryFolder();
        var trainer = MLNetTrialTrainer.All.Single(trainer => trainer.Name == name);
        var test = SyntheticDigits.Create(200, seed: 12);
        var result = await new MlpExperiment().SetDataset(SyntheticDigits.Create(400, seed: 11)).SetTrainers(trainer).SetMaximumTrials(3).SetTuner(new HalvingTuner(3))
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.All(result.Trials, trial => Assert.Equal(name, trial.Trainer));
        Assert.DoesNotContain(result.Trials, trial => trial.State == TrialState.Failed);
        var evaluation = result.Model!.Evaluate(test, TestContext.Current.CancellationToken);
        Assert.True(evaluation.MicroAccuracy > 0.6, $"{evaluation.MicroAccuracy}");
        var file = Path.Combine(folder.FullName, result.Model!.FileName);
        result.Model!.Save(file);
        Assert.Equal(evaluation.ConfusionMatrix.ToString(), trainer.Load(file).Evaluate(test, TestContext.Current.CancellationToken).ConfusionMatrix.ToString());
        Assert.True(result.BestTrial.Last!.ModelBytes > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RunAsync_TheSameSeed_GivesTheSameTable(string name)
    {
        var first = await SearchAsync();
        Assert.Equal(first, await SearchAsync());
        Assert.Equal(first, await SearchAsync());

        async Task<string[]> SearchAsync()
        {
            var result = await new MlpExperiment().SetDataset(SyntheticDigits.Create(300, seed: 15)).SetTrainers(MLNetTrialTrainer.All.Single(trainer => trainer.Name == name))
                .SetMaximumTrials(3).SetTuner(new HalvingTuner(3)).SetWorkers(1, threads: 2).SetRefit(false).RunAsync(TestContext.Current.CancellationToken);
            return [.. result.Trials.SelectMany(trial => trial.Rungs.Select(rung => $"{trial.Number} {trial.Settings} {rung.Epochs} {rung.Score.Accuracy:R} {rung.Score.LogLoss:R}"))];
        }
    }

    [Fact]
    public async Task RunAsync_BesideNetworks_EachTrialHasItsTrainersSettingsAlone()
    {
        var result = await new MlpExperiment().SetDataset(SyntheticDigits.Create(300, seed: 13)).SetTrainers(new MlpTrialTrainer(), MLNetTrialTrainer.Sdca, MLNetTrialTrainer.LightGbm)
            .SetMaximumTrials(9).SetTuner(new HalvingTuner(3)).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["lightgbm", "mlp", "sdca"], result.Trials.Select(trial => trial.Trainer).Distinct().Order());
        foreach (var trial in result.Trials)
        {
            Assert.Equal(trial.Trainer == "mlp", trial.Settings!.ContainsKey("learningRate"));
            Assert.Equal(trial.Trainer == "sdca", trial.Settings!.ContainsKey("sdca.l2"));
            Assert.Equal(trial.Trainer == "lightgbm", trial.Settings!.ContainsKey("lightgbm.leaves"));
        }
    }

    [Fact]
    public void TrainTo_Cancelled_EndsAndScoresNothing()
    {
        var trainer = MLNetTrialTrainer.LightGbm;
        var data = ExperimentData.Of(SyntheticDigits.Create(2000, seed: 14), null, 0.2, 1);
        var space = trainer.SpaceFor(data).Fix("lightgbm.iterations", 100_000);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        using var training = trainer.Begin(new TrialRequest { Data = data, Space = space, Settings = space.Sample(new DigitML.Pixels.SeededRandom(1, 1)), MaximumEpochs = 1, Seed = 1, Threads = 1 });
        Assert.Throws<OperationCanceledException>(() => training.TrainTo(1, null, stop.Token));
    }
}
