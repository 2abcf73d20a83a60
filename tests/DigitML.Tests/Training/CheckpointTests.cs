using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DigitML.Data;
using DigitML.IO;
using DigitML.Pixels;
using DigitML.Tests.IO;
using DigitML.Training;

namespace DigitML.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private static readonly MlpOptions s_options = new() { HiddenLayers = [37, 20], Epochs = 11, BatchSize = 19, Seed = 71, Threads = 1 };

    private readonly TemporaryFolder _place = new();

    public static TheoryData<string, MlpOptions> Runs { get; } = new()
    {
        { "plain", s_options },
        { "dropout, decay, cosine, warm-up", s_options with { Dropout = 0.3f, WeightDecay = 0.05f, Schedule = LearningRateSchedule.Cosine, WarmupEpochs = 2 } },
        { "Gelu, dropout, steps", s_options with { Activation = HiddenActivation.Gelu, Dropout = 0.2f, Schedule = LearningRateSchedule.Step, StepEpochs = 2 } },
        { "sigmoid, momentum, standardised", s_options with { Activation = HiddenActivation.Sigmoid, Optimizer = Optimizer.Sgd, LearningRate = 0.1f, PixelScaling = PixelScaling.Standardize } },
        { "augmentation", s_options with { Augmentation = new() { RotationDegrees = 9, Elastic = 1, Noise = 20, Remains = 0.2f, StrokeWidth = 0.5f } } },
        { "softmax regression, all in one batch", s_options with { HiddenLayers = [], BatchSize = 500 } },
        { "average, smoothing, max-norm, input dropout", s_options with { AverageDecay = 0.99f, LabelSmoothing = 0.1f, MaxNorm = 1.2f, InputDropout = 0.2f, EarlyStoppingPatience = 8 } },
        { "batch normalisation", s_options with { BatchNormalization = true, Dropout = 0.1f } },
        { "batch normalisation with noise", s_options with { BatchNormalization = true, Dropout = 0.1f, HiddenNoise = 0.3f } },
        { "batch normalisation averaged, GELU", s_options with { BatchNormalization = true, AverageDecay = 0.9f, Activation = HiddenActivation.Gelu, EarlyStoppingPatience = 9 } },
        { "Simard's fields, mixup", s_options with { Augmentation = new() { ElasticAlpha = 30, ElasticSigma = 4, Mixup = 0.4f }, AverageDecay = 0.9f } },
        { "early stopping", s_options with { EarlyStoppingPatience = 2, LearningRate = 0.05f } },
    };

    public void Dispose() => _place.Dispose();

    [Theory]
    [MemberData(nameof(Runs))]
    public void FitUntil_PausedThriceAtOtherNumbersOfThreads_EndsInTheBytesOfAnUnbrokenRun(string name, MlpOptions options)
    {
        var images = TinyData.Create(203, 5, 11, 7, seed: 72);
        foreach (var data in new[] { TrainingData.Split(images, 0.2, 1), new TrainingData(images, TinyData.Create(40, 5, 11, 7, seed: 73), TinyData.Create(30, 2, 11, 7, seed: 74)), TrainingData.Split(images, 0, 1) })
        {
            var run = data.Validation.Length > 0 ? options : options with { EarlyStoppingPatience = 0 };
            AssertPausesChangeNothing(data, run, name);
        }
    }

    [Theory]
    [InlineData(HiddenActivation.Relu)]
    [InlineData(HiddenActivation.Elu)]
    public void FitUntil_TablePausedThrice_EndsInTheBytesOfAnUnbrokenRun(HiddenActivation activation)
    {
        var options = s_options with { Activation = activation, Dropout = 0.1f };
        AssertPausesChangeNothing(TrainingData.Split(Rows(150, 75), 0.25, 2), options, "split");
        AssertPausesChangeNothing(new TrainingData(Rows(150, 75), Rows(50, 76)), options, "with a set to validate on");
    }

    private static void AssertPausesChangeNothing(TrainingData data, MlpOptions options, string name)
    {
        var unbroken = new MlpTrainer(options).Fit(data);
        TrainingCheckpoint? checkpoint = null;
        var (pause, threads) = (0, 0);
        TrainingResult result;
        do
        {
            pause = Math.Min(options.Epochs, (3 * pause) + 1);
            threads++;
            result = new MlpTrainer(options with { Threads = threads }).FitUntil(data, pause, checkpoint);
            checkpoint = TrainingCheckpoint.Load(result.Checkpoint!.ToBytes());
            Assert.Equal(result.History.Epochs, checkpoint.Epochs);
            Assert.Equal(pause, result.History.StopReason == StopReason.Paused ? checkpoint.Epoch : pause);
        }
        while (result.History.StopReason == StopReason.Paused);

        Assert.True(threads is 2 or 3 or 4, name);
        Assert.Equal(unbroken.Model.Hash, result.Model.Hash);
        Assert.Equal(unbroken.History.StopReason, result.History.StopReason);
        Assert.Equal(unbroken.History.BestEpoch, result.History.BestEpoch);
        Assert.Equal(unbroken.History.Epochs.Select(e => e with { Seconds = 0 }), result.History.Epochs.Select(e => e with { Seconds = 0 }));

        // A run that is over gives its model as often as it is asked for it.
        var again = new MlpTrainer(options).FitUntil(data, options.EarlyStoppingPatience > 0 ? options.Epochs : pause, checkpoint);
        Assert.Equal(unbroken.Model.Hash, again.Model.Hash);
        Assert.Equal(unbroken.History.StopReason, again.History.StopReason);
    }

    [Fact]
    public void FitUntil_EpochOfTheCheckpoint_GivesItsModelAndTrainsNothing()
    {
        var data = TrainingData.Split(TinyData.Create(120, 4, 6, 6, seed: 77), 0.2, 1);
        var trainer = new MlpTrainer(s_options);
        var paused = trainer.FitUntil(data, 3);

        var again = trainer.FitUntil(data, 3, paused.Checkpoint, new Never());

        Assert.Equal(StopReason.Paused, again.History.StopReason);
        Assert.Equal(3, again.History.BestEpoch);
        Assert.Equal(paused.Model.Hash, again.Model.Hash);
        Assert.True(again.History.TrainSeconds > paused.Checkpoint!.TrainSeconds);
        Assert.Null(trainer.Fit(data).Checkpoint);
    }

    [Fact]
    public void FitUntil_PausedWithPatience_GivesTheBestModelSoFarAndGoesOnFromTheLatest()
    {
        // Labels that say nothing: the validation loss rises while training goes on.
        var images = TinyData.Create(120, 3, 6, 5, seed: 78);
        var labels = images.Labels.ToArray();
        new Random(79).Shuffle(labels);
        var data = TrainingData.Split(new LabelledImages("noise", 6, 5, images.Pixels.ToArray(), labels), 0.2, 1);
        var options = s_options with { EarlyStoppingPatience = 9, LearningRate = 0.01f, Epochs = 60 };

        var paused = new MlpTrainer(options).FitUntil(data, 7);

        var best = paused.History.Epochs.MinBy(epoch => epoch.ValidationLoss)!.Epoch;
        Assert.True(best < 7);
        Assert.Equal(best, paused.History.BestEpoch);
        var end = new MlpTrainer(options).FitUntil(data, 60, paused.Checkpoint);
        Assert.Equal(StopReason.EarlyStopping, end.History.StopReason);
        Assert.Equal(new MlpTrainer(options).Fit(data).Model.Hash, end.Model.Hash);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(12)]
    public void FitUntil_EpochOutOfRange_SaysTheRange(int epoch)
    {
        var data = TrainingData.Split(TinyData.Create(60, 3, 5, 5, seed: 80), 0.2, 1);
        var trainer = new MlpTrainer(s_options);
        var checkpoint = trainer.FitUntil(data, 3).Checkpoint;

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.FitUntil(data, epoch, checkpoint));

        Assert.StartsWith($"epoch must be 3 to 11, from the checkpoint's on; got {epoch}.", error.Message);
    }

    [Fact]
    public void FitUntil_CheckpointOfOtherOptionsOrData_SaysWhich()
    {
        var images = TinyData.Create(120, 4, 6, 6, seed: 81);
        var data = TrainingData.Split(images, 0.2, 1);
        var checkpoint = new MlpTrainer(s_options).FitUntil(data, 1).Checkpoint;

        Assert.Equal(
            "checkpoint: expected one of a training with Dropout 0.25 but it is of one with 0. Go on with the options it was made with, or begin anew without it.",
            Refused(s_options with { Dropout = 0.25f }, data));
        Assert.Contains("Activation \"gelu\" but it is of one with its default", Refused(s_options with { Activation = HiddenActivation.Gelu }, data));
        Assert.Contains("HiddenLayers [37] but it is of one with [37,20]", Refused(s_options with { HiddenLayers = [37] }, data));
        const string OtherData = "checkpoint: expected one of a training on these data but it is of others, of others held out, or by another teacher. Go on with those it was made with, or begin anew without it.";
        Assert.Equal(OtherData, Refused(s_options, TrainingData.Split(TinyData.Create(120, 4, 6, 6, seed: 82), 0.2, 1)));
        Assert.Equal(OtherData, Refused(s_options, TrainingData.Split(images, 0.2, 2)));
        Assert.Equal(OtherData, Refused(s_options, new TrainingData(images, images)));

        string Refused(MlpOptions options, TrainingData with) => Assert.Throws<DigitException>(() => new MlpTrainer(options).FitUntil(with, 5, checkpoint)).Message;
    }

    [Fact]
    public void Load_AnyByteChangedOrMissing_SaysOneLine()
    {
        var content = new MlpTrainer(s_options with { HiddenLayers = [3] }).FitUntil(TrainingData.Split(TinyData.Create(60, 3, 5, 5, seed: 83), 0.2, 1), 1).Checkpoint!.ToBytes();
        Assert.Equal(1, TrainingCheckpoint.Load(content).Epoch);
        var random = new SeededRandom(84, 0);
        for (var round = 0; round < 300; round++)
        {
            var changed = content.ToArray();
            changed[round < 60 ? round : random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            AssertRefused(changed);
            AssertRefused(content[..random.Next(content.Length)]);
        }

        AssertRefused([.. content, 0]);
        AssertRefused([]);

        static void AssertRefused(byte[] content)
        {
            var error = Assert.Throws<DigitException>(() => TrainingCheckpoint.Load(content));
            Assert.StartsWith("checkpoint: ", error.Message);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Theory]
    [InlineData("\"stateLength\":", "\"stateLength\":9", "it must hold")]
    [InlineData("\"keptLength\":0", "\"keptLength\":-1", "keptLength at least 0")]
    [InlineData("\"epoch\":1,", "\"epoch\":2,", "epochs[0] must be epoch 1")]
    [InlineData("\"epochs\":11", "\"epochs\":0", "Epochs must be 1 to 1000000")]
    [InlineData("\"trainingImages\":48", "\"trainingImages\":0", "trainingImages at least 1")]
    public void Load_HeaderThatContradictsItself_SaysWhatItMustBe(string from, string to, string rule)
    {
        var content = new MlpTrainer(s_options with { HiddenLayers = [3] }).FitUntil(TrainingData.Split(TinyData.Create(60, 3, 5, 5, seed: 83), 0.2, 1), 1).Checkpoint!.ToBytes();
        var length = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(12));
        var header = Encoding.UTF8.GetString(content.AsSpan(16, length));
        Assert.Contains(from, header);
        var changed = Encoding.UTF8.GetBytes(header.Replace(from, to, StringComparison.Ordinal));
        byte[] body = [.. content[..16], .. changed, .. content[(16 + length)..^32]];
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(12), changed.Length);

        var error = Assert.Throws<DigitException>(() => TrainingCheckpoint.Load([.. body, .. SHA256.HashData(body)]));

        Assert.Contains(rule, error.Message);
    }

    [Fact]
    public void Load_OtherVersionOrOtherFile_SaysWhatItIs()
    {
        byte[] other = [.. "DIGITMLC"u8, 9, 0, 0, 0, .. new byte[40]];
        Assert.Equal(
            "checkpoint: expected a training checkpoint of version 1 but it is of version 9. Go on with the DigitML that made it, or begin anew without it.",
            Assert.Throws<DigitException>(() => TrainingCheckpoint.Load(other)).Message);
        Assert.Contains("but it is a PNG picture", Assert.Throws<DigitException>(() => TrainingCheckpoint.Load([0x89, .. "PNG\r\n"u8, .. new byte[40]])).Message);
        Assert.Contains("there is no such file", Assert.Throws<DigitException>(() => TrainingCheckpoint.Load(_place.File("none"))).Message);
    }

    [Fact]
    public void Checkpoints_BrokenOffInEveryEpoch_GoesOnAndEndsInTheBytesOfAnUnbrokenRun()
    {
        var data = TrainingData.Split(TinyData.Create(120, 4, 6, 6, seed: 85), 0.2, 1);
        var unbroken = new MlpTrainer(s_options).Fit(data);
        var notices = new List<string>();
        TrainingResult result;
        do
        {
            using var cancel = new CancellationTokenSource();
            var epochs = 0;
            result = new MlpTrainer(s_options) { Checkpoints = Folder(notices) }.Fit(data, new EpochProgress(_ => Cancel(++epochs == 2, cancel)), cancel.Token);
        }
        while (result.History.StopReason == StopReason.Cancelled);

        Assert.Equal(unbroken.Model.Hash, result.Model.Hash);
        Assert.Equal($"Going on after epoch 2 of 11, from {_place.File("epoch-2.checkpoint")}.", notices[0]);
        Assert.Equal(["epoch-10.checkpoint", "epoch-11.checkpoint"], _place.Entries.Order());

        static void Cancel(bool now, CancellationTokenSource cancel)
        {
            if (now)
            {
                cancel.Cancel();
            }
        }
    }

    [Fact]
    public void Checkpoints_NewestDamaged_FallsBackToTheOneBeforeAndSaysSo()
    {
        var data = TrainingData.Split(TinyData.Create(120, 4, 6, 6, seed: 86), 0.2, 1);
        var trainer = new MlpTrainer(s_options);
        trainer.FitUntil(data, 3).Checkpoint!.Save(_place.File("epoch-3.checkpoint"));
        File.WriteAllBytes(_place.File("epoch-4.checkpoint"), File.ReadAllBytes(_place.File("epoch-3.checkpoint"))[..^700]);
        File.WriteAllText(_place.File($".{Guid.NewGuid():N}.tmp"), "half written");
        File.WriteAllText(_place.File("epoch-x.checkpoint"), "somebody else's");
        var notices = new List<string>();

        var result = new MlpTrainer(s_options) { Checkpoints = Folder(notices) }.Fit(data);

        Assert.Equal(trainer.Fit(data).Model.Hash, result.Model.Hash);
        Assert.Equal(2, notices.Count);
        Assert.EndsWith("epoch-4.checkpoint: the training checkpoint is damaged or cut short: its content has another SHA-256 than it states. Trying the one before it.", notices[0]);
        Assert.StartsWith("Going on after epoch 3 of 11", notices[1]);
        Assert.Equal(["epoch-10.checkpoint", "epoch-11.checkpoint", "epoch-x.checkpoint"], _place.Entries.Order());
    }

    [Fact]
    public void Checkpoints_AllDamaged_BeginsAnewAndSaysSo()
    {
        File.WriteAllText(_place.File("epoch-9.checkpoint"), "nothing");
        var notices = new List<string>();
        var images = TinyData.Create(60, 3, 5, 5, seed: 87);

        var result = new MlpTrainer(s_options with { Epochs = 2 }) { Checkpoints = Folder(notices) }.Fit(images);

        Assert.Equal(new MlpTrainer(s_options with { Epochs = 2 }).Fit(images).Model.Hash, result.Model.Hash);
        Assert.EndsWith("Beginning anew.", Assert.Single(notices));
        Assert.Equal(["epoch-1.checkpoint", "epoch-2.checkpoint"], _place.Entries.Order());
    }

    [Fact]
    public void Checkpoints_OfAnotherRun_SaysItsFileAndLeavesIt()
    {
        var images = TinyData.Create(60, 3, 5, 5, seed: 88);
        _ = new MlpTrainer(s_options) { Checkpoints = Folder([]) }.Fit(images);

        var error = Assert.Throws<DigitException>(() => new MlpTrainer(s_options with { Seed = 5 }) { Checkpoints = Folder([]) }.Fit(images));

        Assert.StartsWith(_place.File("epoch-11.checkpoint") + ": expected one of a training with Seed 5 but it is of one with 71.", error.Message);
        Assert.Equal(["epoch-10.checkpoint", "epoch-11.checkpoint"], _place.Entries.Order());
    }

    [Fact]
    public void Checkpoints_LongInterval_KeepsTheLastEpochAlone()
    {
        _ = new MlpTrainer(s_options) { Checkpoints = new CheckpointFolder(_place.File("states")) { Interval = TimeSpan.FromDays(1) } }.Fit(TinyData.Create(60, 3, 5, 5, seed: 89));

        Assert.Equal(["states", "states/epoch-11.checkpoint"], _place.Entries);
    }

    private CheckpointFolder Folder(List<string> notices) => new(_place.FullName) { Notice = notices.Add };

    private static LabelledFeatures Rows(int count, int seed)
    {
        var random = new SeededRandom(seed, 0);
        var builder = new LabelledFeaturesBuilder("rows", 9);
        for (var i = 0; i < count; i++)
        {
            builder.Add([.. Enumerable.Range(0, 9).Select(feature => (float)random.NextGaussian() + (i % 3 == feature % 3 ? 2 : 0))], i % 3);
        }

        return builder.Build();
    }

    private sealed class Never : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => Assert.Fail($"Trained: {value}");
    }
}
