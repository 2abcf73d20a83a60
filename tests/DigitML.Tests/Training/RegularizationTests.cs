using DigitML.Data;
using DigitML.Models;
using DigitML.Numerics;
using DigitML.Pixels;
using DigitML.Training;

namespace DigitML.Tests.Training;

/// <summary>What the recipes of record add: averages of weights, max-norm, input dropout, label smoothing, mixup.</summary>
public class RegularizationTests
{
    private static readonly MlpOptions s_options = new() { HiddenLayers = [37, 20], Epochs = 6, BatchSize = 19, ValidationFraction = 0.2, Seed = 91 };

    public static TheoryData<MlpOptions> All { get; } =
    [
        s_options with { AverageDecay = 0.98f },
        s_options with { MaxNorm = 1.1f },
        s_options with { BatchNormalization = true },
        s_options with { BatchNormalization = true, Activation = HiddenActivation.Elu, Dropout = 0.2f, AverageDecay = 0.9f, MaxNorm = 2 },
        s_options with { BatchNormalization = true, HiddenNoise = 0.4f },
        s_options with { BatchNormalization = true, HiddenNoise = 0.4f, Activation = HiddenActivation.Gelu },
        s_options with { InputDropout = 0.3f },
        s_options with { InputDropout = 0.3f, PixelScaling = PixelScaling.Standardize },
        s_options with { LabelSmoothing = 0.2f },
        s_options with { Augmentation = new() { Mixup = 0.5f, Shift = 1 } },
        s_options with { Augmentation = new() { ElasticAlpha = 20, ElasticSigma = 3 } },
        s_options with { AverageDecay = 0.98f, MaxNorm = 1.1f, InputDropout = 0.3f, LabelSmoothing = 0.2f, Activation = HiddenActivation.Silu, Dropout = 0.2f },
    ];

    [Theory]
    [MemberData(nameof(All))]
    public void Fit_AnyNumberOfThreads_GivesTheSameBytesAndOthersThanWithout(MlpOptions options)
    {
        var images = TinyData.Create(203, 5, 11, 7, seed: 92);
        var models = new[] { 1, 2, 3 }.Select(threads => new MlpTrainer(options with { Threads = threads }).Fit(images).Model).ToArray();

        Assert.Equal(models[0].Hash, models[1].Hash);
        Assert.Equal(models[0].Hash, models[2].Hash);
        Assert.False(models[0].Layers[0].Weights.Span.SequenceEqual(new MlpTrainer(s_options with { PixelScaling = options.PixelScaling }).Fit(images).Model.Layers[0].Weights.Span));
        Assert.Equal(options.ToJson(), MlpOptions.FromJson(options.ToJson()).ToJson());
    }

    [Fact]
    public void ToJson_OptionsLeftAtTheirDefaults_AreNotNamed()
    {
        var json = new MlpOptions { Augmentation = new() }.ToJson();
        Assert.All(new[] { "inputDropout", "maxNorm", "batchNormalization", "hiddenNoise", "labelSmoothing", "averageDecay", "elasticAlpha", "elasticSigma", "mixup" }, name => Assert.DoesNotContain(name, json));
    }

    [Fact]
    public void AverageDecay_OneUpdateAnEpoch_GivesTheAverageOfEveryEpochsWeights()
    {
        // All images in one batch: the weights after each update are those of each epoch's checkpoint.
        var data = TrainingData.Split(TinyData.Create(60, 3, 5, 5, seed: 93), 0, 1);
        var plain = s_options with { HiddenLayers = [6], BatchSize = 60, Epochs = 9, ValidationFraction = 0 };
        var expected = new double[25 * 6];
        TrainingCheckpoint? checkpoint = null;
        for (var epoch = 1; epoch <= plain.Epochs; epoch++)
        {
            var result = new MlpTrainer(plain).FitUntil(data, epoch, checkpoint);
            checkpoint = result.Checkpoint;
            var decay = Math.Min(0.4, epoch / (epoch + 9.0));
            var initial = epoch == 1 ? Initial() : [];
            for (var i = 0; i < expected.Length; i++)
            {
                expected[i] = (decay * (epoch == 1 ? initial[i] : expected[i])) + ((1 - decay) * result.Model.Layers[0].Weights.Span[i]);
            }
        }

        var averaged = new MlpTrainer(plain with { AverageDecay = 0.4f }).Fit(data).Model.Layers[0].Weights;

        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], averaged.Span[i], 1e-6);
        }

        float[] Initial()
        {
            TrainableLayer[] layers = [new(25, 6), new(6, 3)];
            WeightInitializer.Fill(layers, plain.Seed);
            return layers[0].Export(layers[0].Weights);
        }
    }

    [Fact]
    public void BatchNormalization_Folded_GivesWhatTheMovingMeanAndVarianceSay()
    {
        var random = new SeededRandom(101, 0);
        var layer = new TrainableLayer(7, 35) { Normalization = new BatchNormalization(32, 35) };
        layer.Import([.. Enumerable.Range(0, 7 * 35).Select(_ => (float)random.NextGaussian())], [.. Enumerable.Range(0, 35).Select(_ => (float)random.NextGaussian())]);
        var normalization = layer.Normalization!;
        var (mean, deviation, scale) = (new double[35], new double[35], new double[35]);
        for (var unit = 0; unit < 35; unit++)
        {
            (normalization.Mean[0, unit], normalization.Variance[0, unit], normalization.Scale[0, unit]) = (random.NextSingle(), 0.1f + random.NextSingle(), random.NextSingle());
            (mean[unit], deviation[unit], scale[unit]) = (normalization.Mean[0, unit], Math.Sqrt(normalization.Variance[0, unit] + 1e-3), normalization.Scale[0, unit]);
        }

        var folded = new PanelLayer(7, 35);
        normalization.Fold(layer, normalization.Scale, folded);

        var input = Enumerable.Range(0, 7).Select(_ => random.NextGaussian()).ToArray();
        for (var unit = 0; unit < 35; unit++)
        {
            var sum = input.Select((x, i) => x * layer.Weights[i, unit]).Sum();
            var expected = (scale[unit] * (sum - mean[unit]) / deviation[unit]) + layer.Bias[0, unit];
            Assert.Equal(expected, input.Select((x, i) => x * folded.Weights[i, unit]).Sum() + folded.Bias[0, unit], 1e-5);
        }
    }

    [Fact]
    public void Fit_BatchNormalization_FoldedModelIsAsRightOnTheTrainingImages()
    {
        // Batches of all images: their mean and variance are what the moving ones come to.
        var images = TinyData.Create(100, 4, 6, 6, seed: 102);
        var result = new MlpTrainer(s_options with { BatchNormalization = true, BatchSize = 100, Epochs = 400, ValidationFraction = 0, LearningRate = 0.003f }).Fit(images);

        var right = Enumerable.Range(0, images.Count).Count(i => result.Model.Predict(images.Image(i)).PredictedLabel == images.Label(i));

        Assert.Equal(1, result.History.Epochs[^1].TrainAccuracy);
        Assert.True(right >= 99, $"{right} of 100");
    }

    [Fact]
    public void GaussianNoise_ManyUnits_IsNearlyNormalAndEachStepsOwn()
    {
        const float Deviation = 0.3f;
        const int Count = 300;
        var (noise, other) = (new PanelMatrix(Panels.Padded(Count), 70), new PanelMatrix(Panels.Padded(Count), 70));
        GaussianNoise.Fill(noise, Deviation, 104, Count, (0, Panels.Count(70)));
        GaussianNoise.Fill(other, Deviation, 105, Count, (0, Panels.Count(70)));
        double[] values = [.. Enumerable.Range(0, Count).SelectMany(row => Enumerable.Range(0, 70).Select(unit => noise[row, unit] / (double)Deviation))];
        double[] others = [.. Enumerable.Range(0, Count).SelectMany(row => Enumerable.Range(0, 70).Select(unit => other[row, unit] / (double)Deviation))];

        // 21,000 draws: the mean's deviation is 0.007, and five of them are allowed; the fourth moment of four summed is 2.7, a normal one's 3.
        Assert.Equal(0, values.Average(), 0.035);
        Assert.Equal(1, values.Average(value => value * value), 0.05);
        Assert.Equal(2.7, values.Average(value => Math.Pow(value, 4)), 0.25);
        Assert.All(values, value => Assert.InRange(value, -3.47, 3.47));
        Assert.Equal(0, values.Zip(others, (a, b) => a * b).Average(), 0.035);
        Assert.Equal(0, values.Zip(values.Skip(1), (a, b) => a * b).Average(), 0.035);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.4f)]
    public void Fit_HiddenNoise_EveryStepDrawsItAnew(float noise)
    {
        // Images all alike have normalised sums of 0: at a rate of next to nothing, noise is all that one step has and the next has not.
        var pixels = Enumerable.Range(0, 16 * 25).Select(i => (byte)(10 * (i % 25))).ToArray();
        var images = new LabelledImages("alike", 5, 5, pixels, Enumerable.Repeat<byte>(1, 16).ToArray(), isSynthetic: true);
        var options = s_options with { BatchNormalization = true, HiddenNoise = noise, BatchSize = 16, ValidationFraction = 0, LearningRate = 1e-20f };

        double[] losses = [.. new MlpTrainer(options).Fit(images).History.Epochs.Select(epoch => epoch.TrainLoss)];

        Assert.Equal(noise > 0 ? losses.Length : 1, losses.Distinct().Count());
    }

    [Fact]
    public void Validate_NoiseWithoutNormalisedSums_SaysWhatItNeeds()
    {
        Assert.Equal("HiddenNoise needs normalised sums; turn BatchNormalization on.", Assert.Throws<ArgumentException>(() => (s_options with { HiddenNoise = 0.3f }).Validate()).Message);
        Assert.Equal("HiddenNoise must be finite and at least 0; got -1.", Assert.Throws<ArgumentException>(() => (s_options with { BatchNormalization = true, HiddenNoise = -1 }).Validate()).Message);
    }

    [Theory]
    [InlineData(45, 70)]
    [InlineData(3, 1)]
    public void MaxNorm_UnitsLongAndShort_CutsTheLongOnesToTheLimit(int inputs, int outputs)
    {
        var random = new SeededRandom(94, 0);
        var layer = new PanelLayer(inputs, outputs);
        var weights = Enumerable.Range(0, inputs * outputs).Select(i => (float)random.NextGaussian() * ((i / inputs) % 3)).ToArray();
        layer.Import(weights, new float[outputs]);
        const float Limit = 2;

        MaxNorm.Apply(layer, Limit, 0, 1);
        MaxNorm.Apply(layer, Limit, 1, Panels.Count(outputs));

        var cut = layer.Export(layer.Weights);
        for (var unit = 0; unit < outputs; unit++)
        {
            var before = weights.AsSpan(unit * inputs, inputs);
            var length = Math.Sqrt(before.ToArray().Sum(weight => (double)weight * weight));
            for (var i = 0; i < inputs; i++)
            {
                Assert.Equal(before[i] * Math.Min(1, Limit / length), cut[(unit * inputs) + i], 1e-5);
            }
        }
    }

    [Fact]
    public void Fit_MaxNorm_NoHiddenUnitIsLonger()
    {
        var options = s_options with { Epochs = 20, LearningRate = 0.02f };
        var images = TinyData.Create(200, 5, 11, 7, seed: 95);

        Assert.True(Longest(new MlpTrainer(options).Fit(images).Model) > 2);
        Assert.InRange(Longest(new MlpTrainer(options with { MaxNorm = 1.5f }).Fit(images).Model), 1.4, 1.5001);

        static double Longest(Mlp model) => model.Layers.SkipLast(1).Max(layer => layer.Weights.ToArray().Chunk(layer.Inputs).Max(unit => Math.Sqrt(unit.Sum(weight => (double)weight * weight))));
    }

    [Fact]
    public void InputDropout_ManyRows_SilencesItsShareAndKeepsTheMean()
    {
        const float Rate = 0.3f;
        var values = Normalizer.Table(PixelNormalization.UnitRange);
        foreach (var isSparse in new[] { true, false })
        {
            // One unit of weights 1 sums what is left of 91 pixels of 255.
            var layer = new PanelLayer(91, 1);
            layer.Import(Enumerable.Repeat(1f, 91).ToArray(), [0]);
            var batch = new InputBatch(500, 91, new InputEncoding(values, isSparse), segments: 3, forTraining: true, Rate) { DropoutKey = 96 };
            var pixels = Enumerable.Repeat((byte)255, 91).ToArray();
            for (var segment = 0; segment < 3; segment++)
            {
                batch.Begin(segment, 500);
                for (var row = 0; row < 500; row++)
                {
                    batch.Gather(row, segment, pixels);
                }
            }

            var sums = new PanelMatrix(Panels.Padded(500), 1);
            batch.Forward(Kernels.Best, layer, sums, rectify: false, new TileRange(500, 1));
            var mean = Enumerable.Range(0, 500).Average(row => sums[row, 0]);
            var deviation = Math.Sqrt(Enumerable.Range(0, 500).Average(row => Math.Pow(sums[row, 0] - mean, 2)));

            // Binomial: the mean's deviation is 0.28, and five of them are allowed.
            Assert.Equal(91, mean, 1.4);
            Assert.Equal(Math.Sqrt(91 * Rate / (1 - Rate)), deviation, 0.8);
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(2.5)]
    public void NextBeta_ManyDraws_HasTheMomentsOfTheDistribution(double shape)
    {
        var random = new SeededRandom(97, 0);
        var draws = Enumerable.Range(0, 20_000).Select(_ => random.NextBeta(shape)).ToArray();

        Assert.All(draws, draw => Assert.InRange(draw, 0, 1));
        Assert.Equal(0.5, draws.Average(), 0.015);
        Assert.Equal(1 / (4 * ((2 * shape) + 1)), draws.Average(draw => (draw - 0.5) * (draw - 0.5)), 0.006);
    }

    [Theory]
    [InlineData(34, 4)]
    [InlineData(10, 1.5)]
    public void ElasticField_ManyFields_HasTheDeviationAndReachOfSimards(float alpha, float sigma)
    {
        var field = new ElasticField(29, 23, sigma);
        var random = new SeededRandom(98, 0);
        var (sum, squares, border, near) = (0.0, 0.0, 0.0, 0.0);
        const int Fields = 2000;
        for (var i = 0; i < Fields; i++)
        {
            field.Draw(random, alpha);
            var middle = field.Across[(11 * field.Stride) + 14];
            sum += middle;
            squares += middle * middle;
            border += field.Down[(22 * field.Stride) + 28] * field.Down[(22 * field.Stride) + 28];
            near += middle * field.Across[(11 * field.Stride) + 14 + (int)(2 * sigma)];
        }

        // Uniform in ±1, smoothed by weights whose squares sum to 1 / (4π σ²); correlated by exp(−d² / (4 σ²)) at a distance d.
        var variance = alpha * alpha / 3 / (4 * Math.PI * sigma * sigma);
        Assert.Equal(0, sum / Fields / Math.Sqrt(variance), 0.12);
        Assert.Equal(1, squares / Fields / variance, 0.16);
        Assert.Equal(1, border / Fields / variance, 0.16);
        Assert.Equal(Math.Exp(-1), near / Fields / variance, 0.12);
    }

    [Fact]
    public void Mix_TwoPictures_GivesTheirWeightedMeanAndTheShare()
    {
        var augmenter = new ImageAugmenter(new AugmentationOptions { Mixup = 1 }, 7, 5);
        var random = new SeededRandom(99, 0);
        var other = Enumerable.Repeat((byte)200, 35).ToArray();
        var shares = new List<float>();
        for (var i = 0; i < 200; i++)
        {
            var target = Enumerable.Repeat((byte)100, 35).ToArray();
            shares.Add(augmenter.Mix(other, target, random));
            Assert.All(target, pixel => Assert.Equal(100 + (100 * shares[^1]), pixel, 0.51f));
        }

        // Uniform in [0, 1] folded to [0, 0.5].
        Assert.InRange(shares.Min(), 0, 0.02);
        Assert.InRange(shares.Max(), 0.48, 0.5);
        Assert.Equal(0.25, shares.Average(), 0.04);
    }

    [Theory]
    [InlineData(3, 0, "Augmentation.ElasticSigma must be 0.5 to 50; got 0.")]
    [InlineData(0, 4, "Augmentation.ElasticSigma must be 0 without ElasticAlpha; got 4.")]
    [InlineData(-1, 4, "Augmentation.ElasticAlpha must be 0 to 10000; got -1.")]
    public void Validate_ElasticOptionsThatDoNotFit_SaysTheRange(float alpha, float sigma, string expected) =>
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => new AugmentationOptions { ElasticAlpha = alpha, ElasticSigma = sigma }.Validate()).Message);
}
