using DigitML.Data;
using DigitML.Training;

namespace DigitML.Tests.Training;

/// <summary>What users' own code does to a training: it throws, it cancels, it does not wait.</summary>
public class FitAsyncTests
{
    private sealed class Acting(Action<EpochReport> act) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => act(value);
    }

    [Fact]
    public async Task FitAsync_ImagesATableOrSets_GivesTheModelOfFit()
    {
        var images = TinyData.Create(60, 3, 5, 4, seed: 91);
        var table = LabelledFeatures.From([.. Enumerable.Range(0, 60).Select(i => new[] { i % 3 + 0.5f, i / 60f })], [.. Enumerable.Range(0, 60).Select(i => i % 3)]);
        var sets = new TrainingData(images.Take(45), images.Slice(45, 15));
        var trainer = new MlpTrainer(new MlpOptions { HiddenLayers = [7], Epochs = 2, Seed = 92, Threads = 2 });
        var token = TestContext.Current.CancellationToken;

        Same(trainer.Fit(images), await trainer.FitAsync(images, cancellationToken: token));
        Same(trainer.Fit(table), await trainer.FitAsync(table, cancellationToken: token));
        Same(trainer.Fit(sets), await trainer.FitAsync(sets, cancellationToken: token));

        static void Same(TrainingResult expected, TrainingResult got) =>
            Assert.True(expected.Model.Layers[0].Weights.Span.SequenceEqual(got.Model.Layers[0].Weights.Span));
    }

    [Fact]
    public async Task FitAsync_WhileItTrains_TheCallerGoesOnAndCancels()
    {
        var images = TinyData.Create(60, 3, 5, 4, seed: 93);
        using var cancel = new CancellationTokenSource();
        using var began = new SemaphoreSlim(0);
        var threads = new System.Collections.Concurrent.ConcurrentBag<Thread>();
        var training = new MlpTrainer(new MlpOptions { HiddenLayers = [7], Epochs = 1_000_000, Seed = 94 }).FitAsync(
            images,
            new Acting(_ =>
            {
                threads.Add(Thread.CurrentThread);
                began.Release();
            }),
            cancel.Token);

        await began.WaitAsync(TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        var result = await training;

        Assert.Equal(StopReason.Cancelled, result.History.StopReason);
        Assert.True(result.History.BestEpoch >= 1);
        Assert.True(threads.First().IsThreadPoolThread);
    }

    [Fact]
    public async Task FitAsync_ErrorsOfTheCaller_AreThrownByTheCallOrTheTask()
    {
        var trainer = new MlpTrainer();
        var token = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<ArgumentNullException>(() => trainer.FitAsync((LabelledImages)null!, cancellationToken: token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => trainer.FitAsync((LabelledFeatures)null!, cancellationToken: token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => trainer.FitAsync((TrainingData)null!, cancellationToken: token));
        await Assert.ThrowsAsync<ArgumentException>(() => trainer.FitAsync(new LabelledImages("bare", 2, 2, new byte[8]), cancellationToken: token));
    }

    [Fact]
    public async Task Fit_TokenCancelledBeforeTheStart_TrainsNothing()
    {
        var images = TinyData.Create(60, 3, 5, 4, seed: 95);
        var trainer = new MlpTrainer(new MlpOptions { HiddenLayers = [7], Epochs = 2, Seed = 96 });
        var reports = 0;
        var progress = new Acting(_ => reports++);
        var cancelled = new CancellationToken(canceled: true);

        Assert.Throws<OperationCanceledException>(() => trainer.Fit(images, progress, cancelled));
        var task = trainer.FitAsync(images, progress, cancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);

        Assert.True(task.IsCanceled);
        Assert.Equal(0, reports);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(1, false)]
    [InlineData(3, false)]
    public async Task Fit_ProgressThatThrows_PassesItOnAndLeavesTheTrainerAsItWas(int threads, bool afterAnEpoch)
    {
        // Epochs that last for longer than the tenth of a second after which the first report within one comes.
        var images = afterAnEpoch ? TinyData.Create(60, 3, 5, 4, seed: 97) : TinyData.Create(6_000, 3, 28, 28, seed: 97);
        var options = new MlpOptions { HiddenLayers = afterAnEpoch ? [7] : [512, 512], Epochs = 2, Seed = 98, Threads = threads };
        var trainer = new MlpTrainer(options);
        var thrown = new InvalidOperationException("of the user's own");
        var progress = new Acting(report => _ = report.IsComplete == afterAnEpoch ? throw thrown : 0);

        Assert.Same(thrown, Assert.Throws<InvalidOperationException>(() => trainer.Fit(images, progress)));
        Assert.Same(thrown, await Assert.ThrowsAsync<InvalidOperationException>(() => trainer.FitAsync(images, progress, TestContext.Current.CancellationToken)));

        if (afterAnEpoch)
        {
            Assert.True(trainer.Fit(images).Model.Layers[0].Weights.Span.SequenceEqual(new MlpTrainer(options).Fit(images).Model.Layers[0].Weights.Span));
        }
    }
}
