using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Tests.Models;
using DigitML.Training;

namespace DigitML.Tests.Evaluation;

public class MlpEvaluationTests
{
    private static readonly Mlp s_model = TestNetworks.Create(81, PixelNormalization.UnitRange, null, 35, 13, 3);

    private static LabelledImages Images(int count, int highestLabel = 2)
    {
        var random = new Random(82);
        return new LabelledImages("noise", 7, 5, TestNetworks.Pixels(count * 35, seed: 83), Enumerable.Range(0, count).Select(i => (byte)(i == 5 ? highestLabel : random.Next(3))).ToArray(), isSynthetic: true);
    }

    [Fact]
    public void Evaluate_ByViews_OfImagesWithoutAnything_IsAsWithout()
    {
        // A view of an even grey is the same grey, its border too.
        var model = new MlpTrainer(new MlpOptions { HiddenLayers = [13], Epochs = 1, Seed = 3 }).Fit(SyntheticDigits.Create(211, seed: 5)).Model;
        var pixels = Enumerable.Range(0, 7).SelectMany(i => Enumerable.Repeat((byte)(40 * i), 784)).ToArray();
        var images = new LabelledImages("greys", 28, 28, pixels, new byte[] { 0, 1, 2, 3, 4, 5, 6 });

        var views = model.Evaluate(images, options: new EvaluationOptions { AverageViews = true });

        Assert.Equal(13, views.Views);
        Assert.Null(model.Evaluate(images).Views);
        Assert.Equal(model.Evaluate(images).LogLoss, views.LogLoss, 1e-5);
    }

    [Fact]
    public void Evaluate_ByViews_OfOnePixel_SeesItWhereverTheViewsMoveIt()
    {
        // Two classes: the second's sum is the pixel in the middle of 29×29, so that a view's answer tells how much of it is there.
        var weights = new float[2 * 29 * 29];
        weights[(29 * 29) + (14 * 29) + 14] = 1;
        var model = new Mlp(PixelNormalization.UnitRange, [new DenseLayer(29 * 29, 2, weights, new float[2])]);
        var pixels = new byte[29 * 29];
        pixels[(14 * 29) + 14] = 255;
        var probabilities = new float[2];

        ImageViews.Predict(model, pixels, 29, 29, probabilities, threads: 1);

        // Four views are moved by 0.75 · 29 / 28 of a pixel, so that as much of it is gone; the image counts twice, the others leave the middle where it is.
        var moved = 1 - (0.75 * 29 / 28);
        Assert.Equal(((10 * Sigmoid(1)) + (4 * Sigmoid(moved))) / 14, probabilities[1], 2e-3);
        Assert.Equal(1, probabilities[0] + probabilities[1], 1e-5);

        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }

    [Fact]
    public void Evaluate_ByViews_IsTheSameAtAnyThreadCount()
    {
        var options = new EvaluationOptions { AverageViews = true };
        var images = Images(4_999);
        Assert.Equal(s_model.Evaluate(images, threads: 1, options).ToJson(), s_model.Evaluate(images, threads: 3, options).ToJson());
        Assert.NotEqual(s_model.Evaluate(images).LogLoss, s_model.Evaluate(images, options: options).LogLoss);
    }

    [Fact]
    public void Evaluate_MoreImagesThanAChunk_IsWhatPredictingOneByOneGives()
    {
        var images = Images(4_999);
        var probabilities = new float[images.Count * 3];
        for (var i = 0; i < images.Count; i++)
        {
            s_model.Predict(images.Image(i), probabilities.AsSpan(i * 3, 3));
        }

        var expected = EvaluationResult.From(probabilities, images.Labels, 3, "noise", isSynthetic: true) with { ModelHash = s_model.Hash, DataHash = images.Hash };
        Assert.Equal(expected.ToJson(), s_model.Evaluate(images, threads: 1).ToJson());
        Assert.Equal(expected.ToJson(), s_model.Evaluate(images, threads: 3).ToJson());
    }

    [Fact]
    public void Evaluate_LabelTheModelHasNoClassFor_NamesImageAndLabel()
    {
        var error = Assert.Throws<DigitException>(() => s_model.Evaluate(Images(11, highestLabel: 3)));
        Assert.Equal("noise: expected labels 0 to 2, the model's classes, but image 5 has label 3.", error.Message);
    }

    [Fact]
    public void Evaluate_ImagesOfAnotherSize_NamesBoth()
    {
        var error = Assert.Throws<DigitException>(() => s_model.Evaluate(new LabelledImages("small", 2, 3, new byte[12], new byte[2])));
        Assert.Equal("small: expected images of 35 pixels, which the model takes, but they are 2×3.", error.Message);
    }

    [Fact]
    public void Evaluate_ImagesWithoutLabels_SaysSo()
    {
        var error = Assert.Throws<DigitException>(() => s_model.Evaluate(new LabelledImages("bare", 7, 5, new byte[70])));
        Assert.Contains("found 2 images without labels", error.Message);
    }

    [Fact]
    public void Evaluate_Cancelled_GivesNoResult() =>
        Assert.Throws<OperationCanceledException>(() => s_model.Evaluate(Images(7), cancellationToken: new CancellationToken(canceled: true)));
}
