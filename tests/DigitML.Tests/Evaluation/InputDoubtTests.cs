using DigitML.Data;
using DigitML.Evaluation;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Tests.Evaluation;

/// <summary>What is said of a low accuracy, for a model that is right on digits as they should be.</summary>
public class InputDoubtTests(InputDoubtTests.Trained trained) : IClassFixture<InputDoubtTests.Trained>
{
    [Fact]
    public void Of_DigitsAsTheyShouldBe_SaysNothing() => Assert.Null(Doubt(trained.Test));

    [Fact]
    public void Of_TransposedPictures_NamesTheOption() => Assert.Contains("with --transpose", Doubt(PictureChanges.Transposed(trained.Test)), StringComparison.Ordinal);

    [Fact]
    public void Of_InvertedPictures_NamesTheOption() => Assert.Contains("with --invert", Doubt(PictureChanges.Inverted(trained.Test)), StringComparison.Ordinal);

    [Fact]
    public void Of_PicturesTurnedByAQuarter_SaysSo()
    {
        var pixels = new byte[trained.Test.Pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (picture, place) = Math.DivRem(i, 784);
            pixels[i] = trained.Test.Pixels[(784 * picture) + ((27 - (place % 28)) * 28) + (place / 28)];
        }

        Assert.Contains("when they are turned by 90 degrees", Doubt(new LabelledImages("turned", 28, 28, pixels, trained.Test.LabelMemory)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "-1")]
    [InlineData(9, "1")]
    public void Of_LabelsThatCountOtherwise_NamesTheOption(int offset, string expected) =>
        Assert.Contains($"with --label-offset {expected}:", Doubt(Labelled(label => (label + offset) % 10)), StringComparison.Ordinal);

    [Fact]
    public void Of_LabelsInAnotherOrder_NamesThePairs()
    {
        int[] order = [3, 1, 4, 0, 5, 9, 2, 6, 8, 7];
        var doubt = Doubt(Labelled(label => order[label]));
        Assert.Contains("another order", doubt, StringComparison.Ordinal);
        Assert.Contains("3 is the model's 0", doubt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(20)]
    public void Of_ShuffledLabels_IsNeverWithoutALine(int count)
    {
        var labels = trained.Test.Labels[..count].ToArray();
        new Random(4).Shuffle(labels);
        var doubt = Doubt(new LabelledImages("shuffled", 28, 28, trained.Test.Take(count).PixelMemory, labels));
        Assert.Contains("near chance", doubt, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', doubt);
    }

    [Theory]
    [InlineData("0-255", 1f, 0f, 1f)]
    [InlineData("0.5,0.5", 1 / 255f, 0.5f, 0.5f)]
    [InlineData("0.1307,0.3081", 1 / 255f, 0.1307f, 0.3081f)]
    public void Of_AModelThatExpectsAnotherScale_NamesTheOption(string option, float scale, float mean, float deviation)
    {
        // The same network, as another program would have trained it on pixels of that scale and left that out of its file.
        var layers = trained.Model.Layers.ToArray();
        var first = layers[0];
        var factor = deviation / scale / 255f;
        var weights = Array.ConvertAll(first.Weights.ToArray(), weight => weight * factor);
        var bias = first.Bias.ToArray();
        for (var output = 0; output < bias.Length; output++)
        {
            for (var input = 0; input < first.Inputs; input++)
            {
                bias[output] += first.Weights.Span[(output * first.Inputs) + input] * mean / scale / 255f;
            }
        }

        layers[0] = new DenseLayer(first.Inputs, first.Outputs, weights, bias, first.Activation);
        var model = new Mlp(PixelNormalization.UnitRange, layers);
        var right = new Mlp(new PixelNormalization(scale, mean, deviation), layers);
        Assert.True(right.Evaluate(trained.Test).MicroAccuracy > 0.85);

        var evaluation = model.Evaluate(trained.Test);
        Assert.True(evaluation.MicroAccuracy < 0.8, $"{evaluation.MicroAccuracy}");
        Assert.Contains($"with --input-scale {option}: ", InputDoubt.Of(model, trained.Test, evaluation), StringComparison.Ordinal);
    }

    private LabelledImages Labelled(Func<int, int> change) =>
        new("relabelled", 28, 28, trained.Test.PixelMemory, Array.ConvertAll(trained.Test.Labels.ToArray(), label => (byte)change(label)));

    private string Doubt(LabelledImages images) => InputDoubt.Of(trained.Model, images, trained.Model.Evaluate(images))!;

    /// <summary>A network that reads drawn digits well enough.</summary>
    public sealed class Trained
    {
        public Trained()
        {
            Model = new MlpTrainer(new MlpOptions { HiddenLayers = [64], Epochs = 12, Seed = 2 }).Fit(SyntheticDigits.Create(8000, seed: 70)).Model;
            Test = SyntheticDigits.Create(500, seed: 71, start: 1_000_000);
        }

        public Mlp Model { get; }

        public LabelledImages Test { get; }
    }
}
