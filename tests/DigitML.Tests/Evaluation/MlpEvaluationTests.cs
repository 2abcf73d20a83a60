using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Tests.Models;

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
