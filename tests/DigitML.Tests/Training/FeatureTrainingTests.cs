using DigitML.Data;
using DigitML.Evaluation;
using DigitML.Models;
using DigitML.Numerics;
using DigitML.Tests.Models;
using DigitML.Training;

namespace DigitML.Tests.Training;

public class FeatureTrainingTests
{
    private static readonly MlpOptions s_options = new() { HiddenLayers = [17], Epochs = 40, BatchSize = 16, LearningRate = 5e-3f };

    [Fact]
    public void Fit_FeaturesOfVeryDifferentScales_LearnsThemAndTravelsInTheModel()
    {
        var training = new MlpTrainer(s_options).Fit(Blobs(600, seed: 5));
        var test = Blobs(300, seed: 6);

        var evaluation = training.Model.Evaluate(test);

        Assert.True(evaluation.MicroAccuracy > 0.97, evaluation.ToString());
        using var file = new MemoryStream();
        training.Model.Save(file);
        var loaded = Mlp.Load(file.ToArray());
        Assert.Equal(training.Model.FeatureNormalization!.Mean.ToArray(), loaded.FeatureNormalization!.Mean.ToArray());
        Assert.Equal(training.Model.FeatureNormalization.Scale.ToArray(), loaded.FeatureNormalization.Scale.ToArray());
        Assert.Equal(Probabilities(training.Model, test), Probabilities(loaded, test));
        Assert.Equal("""["kilometres","share","constant","time"]""", loaded.Metadata["featureNames"]);

        // ONNX Runtime sums in another order.
        var others = OnnxRuntime.Run(file.ToArray(), Values(test), test.Count, 4);
        var ours = Probabilities(training.Model, test);
        for (var i = 0; i < ours.Length; i++)
        {
            Assert.Equal(ours[i], others[i], 1e-4f);
        }
    }

    [Fact]
    public void Fit_AnyNumberOfThreads_GivesTheSameBytes()
    {
        var rows = Blobs(203, seed: 8);
        var one = new MlpTrainer(s_options with { Epochs = 3, Threads = 1 }).Fit(rows).Model.Hash;

        Assert.Equal(one, new MlpTrainer(s_options with { Epochs = 3, Threads = 3 }).Fit(rows).Model.Hash);
    }

    [Fact]
    public void Fit_PixelsAsFloats_GivesTheWeightsThatBytesGive()
    {
        var images = SyntheticDigits.Create(300, seed: 9);
        var builder = new LabelledFeaturesBuilder("pixels", images.PixelsPerImage);
        for (var i = 0; i < images.Count; i++)
        {
            builder.Add([.. images.Image(i).ToArray().Select(pixel => (float)pixel)], images.Labels[i]);
        }

        var options = s_options with { Epochs = 2, FeatureScaling = FeatureScaling.SharedRange };
        var expected = new MlpTrainer(options).Fit(images).Model;
        var model = new MlpTrainer(options).Fit(builder.Build()).Model;

        Assert.Null(model.FeatureNormalization);
        Assert.Equal(expected.Layers.Select(layer => layer.Weights.ToArray()), model.Layers.Select(layer => layer.Weights.ToArray()));
        Assert.Equal(expected.Predict(images.Image(7)).Probabilities.ToArray(), model.Predict([.. images.Image(7).ToArray().Select(pixel => (float)pixel)]).Probabilities.ToArray());
    }

    [Fact]
    public void Fit_WeightsOfZero_RowsTeachNothing()
    {
        // The rows that count 0 have the wrong class.
        var right = Blobs(200, seed: 10);
        var values = Values(right);
        var doubled = new LabelledFeatures("doubled", 4, (float[])[.. values, .. values], (int[])[.. right.Labels, .. right.Labels.ToArray().Select(label => (label + 1) % 3)], new FeatureDetails
        {
            Weights = (float[])[.. Enumerable.Repeat(1f, 200), .. new float[200]],
        });

        var model = new MlpTrainer(s_options with { ValidationFraction = 0 }).Fit(doubled).Model;

        Assert.True(model.Evaluate(Blobs(300, seed: 11)).MicroAccuracy > 0.97);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(300)]
    [InlineData(500)]
    public void Fit_AnyNumberOfClasses_TellsThemApart(int classes)
    {
        var values = Enumerable.Range(0, 4 * classes).SelectMany(i => Enumerable.Range(0, 10).Select(bit => ((i % classes) >> bit & 1) + (0.1f * (i / classes)))).ToArray();
        var labels = Enumerable.Range(0, 4 * classes).Select(i => i % classes).ToArray();
        var training = new MlpTrainer(s_options with { HiddenLayers = [128], Epochs = 40, ValidationFraction = 0.25 }).Fit(new LabelledFeatures("classes", 10, values, labels));

        Assert.Equal(classes, training.Model.ClassCount);
        Assert.True(training.History.Epochs[^1].TrainAccuracy > 0.8, training.History.ToString());
    }

    [Fact]
    public void Fit_ValidationOfItsOwn_IsValidatedOn()
    {
        var history = new MlpTrainer(s_options with { Epochs = 4 }).Fit(new TrainingData(Blobs(120, seed: 12), Blobs(50, seed: 13))).History;

        Assert.Equal((120, 50), (history.TrainingImages, history.ValidationImages));
        Assert.NotNull(history.Epochs[^1].ValidationLoss);
    }

    [Fact]
    public void Fit_OneClassOrAugmentation_SaysSo()
    {
        var rows = new LabelledFeatures("one", 2, new float[8], new int[4], new FeatureDetails { ClassNames = ["only", "never"] });

        Assert.Equal("one: training needs at least two classes; every label is 'only'. (Parameter 'rows')", Assert.Throws<ArgumentException>(() => new MlpTrainer(s_options).Fit(rows)).Message);
        Assert.Contains("changes images", Assert.Throws<ArgumentException>(() => new MlpTrainer(s_options with { Augmentation = new() }).Fit(Blobs(50, seed: 14))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(150)]
    public void PredictBatch_AnyNumberOfRows_GivesTheBitsOfOneByOne(int count)
    {
        var model = new MlpTrainer(s_options with { Epochs = 2 }).Fit(Blobs(100, seed: 15)).Model;
        var rows = Blobs(count, seed: 16);
        var batch = new float[count * 3];
        model.PredictBatch(Values(rows), batch);

        Assert.Equal(Probabilities(model, rows), batch);
    }

    [Fact]
    public void Predict_AFeatureThatIsNotFinite_IsNotAnsweredAsIfItWere()
    {
        var model = new MlpTrainer(s_options with { Epochs = 2 }).Fit(Blobs(100, seed: 17)).Model;
        var probabilities = new float[3];
        model.Predict([1, 2, float.NaN, 4], probabilities);

        Assert.All(probabilities, probability => Assert.True(float.IsNaN(probability)));
        Assert.Contains("feature 2 is NaN", Assert.Throws<ArgumentException>(() => model.Predict([1, 2, float.NaN, 4])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 0f, 1, 1, 1, 0, 1 }, FeatureScaling.Auto, 1f)]
    [InlineData(new[] { 0f, 16, 3, 16, 16, 2 }, FeatureScaling.Auto, 16f)]
    [InlineData(new[] { 0f, 16, 3, -1, 16, 2 }, FeatureScaling.Auto, null)]
    [InlineData(new[] { 0f, 1, 40_000, 1, 0, 32_000 }, FeatureScaling.Auto, null)]
    [InlineData(new[] { 0f, -20, 4, 1, 16, 2 }, FeatureScaling.SharedRange, 20f)]
    [InlineData(new[] { 5f, 5, 5, 5, 5, 5 }, FeatureScaling.Auto, null)]
    public void Scaling_Auto_DividesTogetherWhatIsMeasuredOnOneScale(float[] values, FeatureScaling scaling, float? divisor)
    {
        var table = new LabelledFeatures("t", 3, values, new[] { 0, 1 });
        using var team = new ThreadTeam(2);

        Assert.Equal(divisor, FeatureNormalizer.Of(new FeatureRows(table, null, [0, 1]), [0, 1], team).SharedDivisor(scaling));
    }

    [Theory]
    [InlineData(1e-6, 0)]
    [InlineData(1, 1e6)]
    [InlineData(1000, 1.7e9)]
    public void Scaling_Standardize_GivesMeanAndDeviationFarFromZeroToo(double spread, double middle)
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 4000).Select(_ => (float)(middle + (spread * (random.NextDouble() - 0.5) * 12))).ToArray();
        var rows = new FeatureRows(new LabelledFeatures("t", 1, values, new int[4000]), null, []);
        using var team = new ThreadTeam(2);

        var found = FeatureNormalizer.Of(rows, [.. Enumerable.Range(0, 4000)], team).Standardized();

        var mean = values.Average(value => (double)value);
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        Assert.Equal(mean, found.Mean.Span[0], Math.Abs(mean) * 1e-6 + (spread * 1e-3));
        Assert.Equal(1, deviation * found.Scale.Span[0], 1e-5);
    }

    private static float[] Probabilities(Mlp model, LabelledFeatures rows)
    {
        var all = new float[rows.Count * model.ClassCount];
        var row = new float[rows.FeatureCount];
        for (var i = 0; i < rows.Count; i++)
        {
            rows.CopyRow(i, row);
            model.Predict(row, all.AsSpan(i * model.ClassCount, model.ClassCount));
        }

        return all;
    }

    private static float[] Values(LabelledFeatures rows)
    {
        var values = new float[rows.Count * rows.FeatureCount];
        for (var i = 0; i < rows.Count; i++)
        {
            rows.CopyRow(i, values.AsSpan(i * rows.FeatureCount, rows.FeatureCount));
        }

        return values;
    }

    /// <summary>Three clouds, seen through features of very different sizes and one that never changes.</summary>
    private static LabelledFeatures Blobs(int count, int seed)
    {
        var random = new Random(seed);
        var values = new List<float>();
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = i % 3;
            var (x, y, z) = (Noise() + (labels[i] * 3), Noise() - (labels[i] == 1 ? 4 : 0), Noise());
            values.AddRange([(float)(40_000 + (x * 9000)), (float)(y * 1e-4), 12.5f, (float)(1.7e9 + (z * 1e6))]);
        }

        return new LabelledFeatures("blobs", 4, values.ToArray(), labels, new FeatureDetails { FeatureNames = ["kilometres", "share", "constant", "time"] });

        double Noise() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
