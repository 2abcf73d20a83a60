using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Tests.Training;

/// <summary>Learning from another model's answers (Hinton, Vinyals and Dean 2015).</summary>
public class DistillationTests
{
    private static readonly MlpOptions s_options = new() { HiddenLayers = [24], Epochs = 8, BatchSize = 19, ValidationFraction = 0.2, Seed = 31, Distillation = new() };

    private static readonly LabelledImages s_images = TinyData.Create(203, 5, 11, 7, seed: 32);

    private static readonly Lazy<Mlp> s_teacher = new(() => MlpEnsemble.Join([.. new[] { 41, 42 }.Select(seed => new MlpTrainer(s_options with { Distillation = null, Seed = seed }).Fit(s_images).Model)]));

    [Fact]
    public void Fit_AllOfTheLossFromATeacher_LearnsItsAnswersAndNotTheLabels()
    {
        // Labels moved on by one: who learns the teacher's answers has every one of these wrong.
        var moved = s_images.Labels.ToArray().Select(label => (byte)((label + 1) % 5)).ToArray();
        var images = new LabelledImages("moved", 11, 7, s_images.PixelMemory, moved, isSynthetic: true);
        var options = s_options with { Epochs = 60, Distillation = new() { Share = 1 } };

        var model = new MlpTrainer(options) { Teacher = s_teacher.Value }.Fit(images).Model;

        Assert.InRange(model.Evaluate(images).MicroAccuracy, 0, 0.1);
        Assert.InRange(model.Evaluate(s_images).MicroAccuracy, 0.9, 1);
        Assert.Equal(s_teacher.Value.Hash, model.Metadata["teacher"]);
    }

    [Fact]
    public void Fit_ATeacherWithoutAnyDoubt_IsTheLabels()
    {
        // At temperature 1 a teacher that gives each label all probability teaches what labels do.
        var weights = new float[77 * 5];
        for (var label = 0; label < 5; label++)
        {
            // A picture that lights one pixel is of that pixel's class.
            weights[(label * 77) + label] = 1000;
        }

        var pixels = new byte[s_images.Pixels.Length];
        for (var i = 0; i < s_images.Count; i++)
        {
            pixels[(i * 77) + s_images.Label(i)] = 255;
            pixels[(i * 77) + 10 + (i % 60)] = 200;
        }

        var images = new LabelledImages("told", 11, 7, pixels, s_images.LabelMemory, isSynthetic: true);
        var teacher = new Mlp(PixelNormalization.UnitRange, [new DenseLayer(77, 5, weights, new float[5])]);
        var own = new MlpTrainer(s_options with { Distillation = null }).Fit(images).Model;
        var taught = new MlpTrainer(s_options with { Distillation = new() { Share = 0.5f, Temperature = 1 } }) { Teacher = teacher }.Fit(images).Model;

        for (var i = 0; i < own.Layers[0].Weights.Length; i++)
        {
            Assert.Equal(own.Layers[0].Weights.Span[i], taught.Layers[0].Weights.Span[i], 2e-3);
        }
    }

    public static TheoryData<MlpOptions> Runs { get; } =
    [
        s_options,
        s_options with { Augmentation = new() { Shift = 1, Noise = 20 }, Distillation = new() { Share = 0.7f, Temperature = 4 } },
        s_options with { Augmentation = new() { Mixup = 0.5f, RotationDegrees = 5 } },
        s_options with { BatchNormalization = true, Dropout = 0.2f, AverageDecay = 0.9f },
    ];

    [Theory]
    [MemberData(nameof(Runs))]
    public void Fit_AnyNumberOfThreadsAndPauses_GivesTheSameBytes(MlpOptions options)
    {
        // More than one piece of what a teacher is asked at once.
        var outliers = TinyData.Create(130, 2, 11, 7, seed: 34);
        var data = new TrainingData(TinyData.Create(900, 5, 11, 7, seed: 32), TinyData.Create(40, 5, 11, 7, seed: 35), outliers);
        var whole = new MlpTrainer(options with { Threads = 1 }) { Teacher = s_teacher.Value }.Fit(data).Model;
        var three = new MlpTrainer(options with { Threads = 3 }) { Teacher = s_teacher.Value };
        var paused = three.FitUntil(data, 3).Checkpoint!;

        Assert.Equal(whole.Hash, three.Fit(data).Model.Hash);
        Assert.Equal(whole.Hash, three.FitUntil(data, options.Epochs, TrainingCheckpoint.Load(paused.ToBytes())).Model.Hash);
        Assert.False(whole.Layers[0].Weights.Span.SequenceEqual(new MlpTrainer(options with { Distillation = null }).Fit(data).Model.Layers[0].Weights.Span));
        Assert.Equal(options.ToJson(), MlpOptions.FromJson(options.ToJson()).ToJson());

        // Another teacher's training is another one.
        var other = new MlpTrainer(options) { Teacher = new MlpTrainer(s_options with { Distillation = null }).Fit(s_images).Model };
        Assert.Contains("by another teacher", Assert.Throws<DigitException>(() => other.FitUntil(data, 5, paused)).Message);
    }

    [Fact]
    public void Fit_CancelledWhileTaught_KeepsTheBestSoFar()
    {
        using var stop = new CancellationTokenSource();
        var trainer = new MlpTrainer(s_options with { Epochs = 500, Augmentation = new() { Shift = 1 } }) { Teacher = s_teacher.Value };

        var result = trainer.Fit(s_images, new After(60, stop), stop.Token);

        Assert.Equal(StopReason.Cancelled, result.History.StopReason);
        Assert.InRange(result.History.BestEpoch, 1, 61);
        Assert.InRange(result.Model.Evaluate(s_images).MicroAccuracy, 0.3, 1);
    }

    [Fact]
    public void FromJson_SomeOfDistillation_LeavesTheRestAtItsDefaults()
    {
        Assert.Equal(new DistillationOptions { Share = 0.25f }, MlpOptions.FromJson("""{"distillation":{"share":0.25}}""").Distillation);
        Assert.Equal(new DistillationOptions(), MlpOptions.FromJson("""{"distillation":{}}""").Distillation);
        Assert.Null(MlpOptions.FromJson("{}").Distillation);
    }

    [Fact]
    public void ReaderTrainer_ATeacherThatDoesNotFit_IsRefusedBeforePicturesAreMade()
    {
        var digits = SyntheticDigits.Create(200, seed: 37);
        var trainer = new DigitML.Reading.ReaderTrainer(DigitML.Reading.ReaderTrainer.Recipe with { Distillation = new() }) { Teacher = s_teacher.Value, MadeImages = 2_000_000 };

        // Making pictures would end at once, and say so.
        Assert.StartsWith("Teacher must take images of 784 pixels", Assert.Throws<ArgumentException>(() => trainer.Fit(digits, null, new CancellationToken(canceled: true))).Message);
    }

    [Fact]
    public void Fit_ATeacherThatDoesNotFit_IsRefusedInOneLine()
    {
        var plain = s_options with { Distillation = null };
        var small = new MlpTrainer(plain).Fit(TinyData.Create(60, 3, 5, 5, seed: 36)).Model;
        var table = LabelledFeatures.From([.. Enumerable.Range(0, 60).Select(i => new float[] { i % 2, i })], [.. Enumerable.Range(0, 60).Select(i => i % 2)]);

        Assert.StartsWith("Distillation needs a Teacher", Message(new MlpTrainer(s_options)));
        Assert.StartsWith("Teacher needs Distillation", Message(new MlpTrainer(plain) { Teacher = s_teacher.Value }));
        Assert.Equal("Teacher must take images of 77 pixels in 5 classes, as tiny has; this one takes 25 pixels and tells 3 classes apart.", Message(new MlpTrainer(s_options) { Teacher = small }));
        Assert.Contains("is a table", Assert.Throws<ArgumentException>(() => new MlpTrainer(s_options) { Teacher = s_teacher.Value }.Fit(table)).Message);
        Assert.Contains("features of a table", Message(new MlpTrainer(s_options) { Teacher = new MlpTrainer(plain with { FeatureScaling = FeatureScaling.Standardize }).Fit(table).Model }));
        Assert.StartsWith("Distillation.Share must be above 0 and at most 1; got 0.", Assert.Throws<ArgumentException>(() => new MlpTrainer(s_options with { Distillation = new() { Share = 0 } })).Message);
        Assert.StartsWith("Distillation.Temperature must be 1 to 100; got NaN.", Assert.Throws<ArgumentException>(() => new MlpTrainer(s_options with { Distillation = new() { Temperature = float.NaN } })).Message);

        var named = new LabelledImages("named", 11, 7, s_images.PixelMemory, s_images.LabelMemory, isSynthetic: true, new ImageDetails { ClassNames = ["a", "b", "c", "d", "e"] });
        Assert.EndsWith("its class 0 is '0', and there it is 'a'.", Assert.Throws<ArgumentException>(() => new MlpTrainer(s_options) { Teacher = s_teacher.Value }.Fit(named)).Message);

        static string Message(MlpTrainer trainer) => Assert.Throws<ArgumentException>(() => trainer.Fit(s_images)).Message;
    }

    private sealed class After(int epochs, CancellationTokenSource stop) : IProgress<EpochReport>
    {
        public void Report(EpochReport value)
        {
            if (value.IsComplete && value.Epoch == epochs)
            {
                stop.Cancel();
            }
        }
    }
}
