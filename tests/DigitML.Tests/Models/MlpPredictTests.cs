using DigitML.Models;
using DigitML.Numerics;
using DigitML.Tests.Training;

namespace DigitML.Tests.Models;

public class MlpPredictTests
{
    private static Mlp Create(int seed, PixelNormalization normalization, params int[] sizes)
    {
        var layers = new TrainableLayer[sizes.Length - 1];
        for (var i = 0; i < layers.Length; i++)
        {
            layers[i] = new TrainableLayer(sizes[i], sizes[i + 1]);
        }

        DigitML.Training.WeightInitializer.Fill(layers, seed);
        return new Mlp(normalization, Array.ConvertAll(layers, layer => new DenseLayer(layer.Inputs, layer.Outputs, layer.Export(layer.Weights), Enumerable.Range(0, layer.Outputs).Select(i => i * 0.01f).ToArray())));
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(0.13f, 0.31f)]
    public void Predict_AnyPicture_MatchesTheReference(float mean, float deviation)
    {
        var normalization = new PixelNormalization(1 / 255f, mean, deviation);
        var model = Create(41, normalization, 35, 130, 33, 7);
        var images = TinyData.Create(77, 7, 7, 5, seed: 42);
        var reference = new ReferenceNetwork(
            [.. model.Layers.Select(l => Array.ConvertAll(l.Weights.ToArray(), w => (double)w))],
            [.. model.Layers.Select(l => Array.ConvertAll(l.Bias.ToArray(), b => (double)b))]);
        var probabilities = new float[7];
        for (var i = 0; i < images.Count; i++)
        {
            model.Predict(images.Image(i), probabilities);
            var expected = reference.Probabilities(Array.ConvertAll(images.Image(i).ToArray(), p => ((p / 255.0) - mean) / deviation));
            for (var c = 0; c < 7; c++)
            {
                Assert.Equal(expected[c], probabilities[c], 1e-5);
            }
        }
    }

    [Fact]
    public void PredictBatch_AnyThreadCount_GivesTheSameBitsAsOneByOne()
    {
        var model = Create(43, PixelNormalization.UnitRange, 30, 65, 10);
        var images = TinyData.Create(331, 10, 6, 5, seed: 44);
        var single = new float[331 * 10];
        for (var i = 0; i < 331; i++)
        {
            model.Predict(images.Image(i), single.AsSpan(i * 10, 10));
        }

        foreach (var threads in new[] { 0, 1, 2, 5 })
        {
            var batch = new float[331 * 10];
            model.PredictBatch(images.Pixels, batch, threads);
            Assert.Equal(single, batch);
        }
    }

    [Fact]
    public void Predict_FromManyThreadsAtOnce_AnswersAsAlone()
    {
        var model = Create(45, PixelNormalization.UnitRange, 30, 40, 10);
        var images = TinyData.Create(50, 10, 6, 5, seed: 46);
        var alone = Enumerable.Range(0, 50).Select(i => model.Predict(images.Image(i)).Probabilities.ToArray()).ToArray();
        Parallel.For(0, 2_000, i => Assert.Equal(alone[i % 50], model.Predict(images.Image(i % 50)).Probabilities.ToArray()));
    }

    [Fact]
    public void Predict_IntoTheCallersBuffer_AllocatesNothing()
    {
        var model = Create(47, PixelNormalization.UnitRange, 30, 40, 10);
        var picture = new byte[30];
        var probabilities = new float[10];
        model.Predict(picture, probabilities);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            model.Predict(picture, probabilities);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Predict_PictureOfAnotherSize_SaysWhatTheModelTakes()
    {
        var model = Create(48, PixelNormalization.UnitRange, 30, 10);
        Assert.StartsWith("The model takes 30 pixels a picture; got 31 pixels.", Assert.Throws<ArgumentException>(() => model.Predict(new byte[31])).Message);
    }
}
