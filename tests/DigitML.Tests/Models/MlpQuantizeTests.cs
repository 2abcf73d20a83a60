using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Tests.Models;

public class MlpQuantizeTests
{
    private static readonly PixelNormalization s_odd = new(1 / 255f, 0.13f, 0.31f);

    public static TheoryData<ActivationKind> Activations => [.. Enum.GetValues<ActivationKind>()];

    private static Activation Of(ActivationKind kind) => kind switch
    {
        ActivationKind.PRelu => Activation.PRelu(TestNetworks.Numbers(1, 5)),
        ActivationKind.LeakyRelu => Activation.LeakyRelu(),
        ActivationKind.Elu => Activation.Elu(),
        _ => (Activation)typeof(Activation).GetProperty(kind.ToString())!.GetValue(null)!,
    };

    private static float[] Predict(Mlp model, byte[] pixels, int threads = 1)
    {
        var probabilities = new float[pixels.Length / model.InputCount * model.ClassCount];
        model.PredictBatch(pixels, probabilities, threads);
        return probabilities;
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Quantize_AnyActivation_AnswersAsFloatsDoNearlyAndAsItsFileDoesInOnnxRuntime(ActivationKind kind)
    {
        const int Count = 37;
        var model = TestNetworks.Activated(TestNetworks.Create(31, s_odd, null, 35, 70, 33, 7), Of(kind));
        var pixels = TestNetworks.Pixels(Count * 35, seed: 32);

        var quantized = model.Quantize(pixels);

        var found = Predict(quantized, pixels);
        var floats = Predict(model, pixels);
        var elsewhere = OnnxRuntime.Run(TestNetworks.Bytes(quantized), Array.ConvertAll(pixels, pixel => (float)pixel), Count, 35);
        for (var i = 0; i < found.Length; i++)
        {
            // 8 bits three times over, in logits of some units; in the runtime a value next to a half may be rounded the other way.
            Assert.Equal(floats[i], found[i], 0.12);
            Assert.Equal(elsewhere[i], found[i], 0.02);
        }
    }

    [Fact]
    public void Save_InWholeNumbers_LoadsToTheSameBitsAndBytes()
    {
        var pixels = TestNetworks.Pixels(70 * 29, seed: 33);
        var model = TestNetworks.Activated(TestNetworks.Create(34, s_odd, new() { ["note"] = "x" }, 29, 45, 20, 5), Activation.Tanh).Quantize(pixels);

        var file = TestNetworks.Bytes(model);
        var loaded = Mlp.Load(file);

        Assert.True(loaded.IsQuantized);
        Assert.Equal(file, TestNetworks.Bytes(loaded));
        Assert.Equal(Predict(model, pixels), Predict(loaded, pixels));
        Assert.Equal(model.Hash, loaded.Hash);
        Assert.Equal("x", loaded.Metadata["note"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(29)]
    [InlineData(30)]
    [InlineData(784)]
    public void PredictBatch_InWholeNumbers_GivesTheSameBitsAsOneByOneOnAnyThreads(int inputs)
    {
        const int Count = 331;
        var images = TestNetworks.Pixels(Count * inputs, seed: 35);
        var model = TestNetworks.Create(36, PixelNormalization.UnitRange, null, inputs, 131, 66, 10).Quantize(images);
        var single = new float[Count * 10];
        for (var i = 0; i < Count; i++)
        {
            model.Predict(images.AsSpan(i * inputs, inputs), single.AsSpan(i * 10, 10));
        }

        foreach (var threads in new[] { 0, 1, 2, 5 })
        {
            Assert.Equal(single, Predict(model, images, threads));
        }
    }

    [Fact]
    public void Predict_PixelsThatAreNotWhole_AreRoundedAsTheFileDoes()
    {
        var model = TestNetworks.Create(37, PixelNormalization.UnitRange, null, 4, 9, 3).Quantize(TestNetworks.Pixels(40, seed: 38));

        Assert.Equal(model.Predict(new byte[] { 0, 2, 255, 4 }).Probabilities.ToArray(), model.Predict(new[] { -3f, 2.5f, 300f, 3.6f }).Probabilities.ToArray());
        var probabilities = new float[3];
        model.Predict(new[] { 1f, float.NaN, 2f, 3f }, probabilities);
        Assert.All(probabilities, probability => Assert.True(float.IsNaN(probability)));
    }

    [Fact]
    public void Quantize_TrainedOnSyntheticDigits_LosesHardlyAnyAccuracy()
    {
        var train = SyntheticDigits.Create(4003, seed: 39);
        var test = SyntheticDigits.Create(1009, seed: 39, start: 4003);
        var model = new MlpTrainer(new MlpOptions { HiddenLayers = [101, 30], Epochs = 12, Seed = 40 }).Fit(train).Model;

        var (floats, whole) = (model.Evaluate(test), model.Quantize(train.Pixels[..(500 * train.PixelsPerImage)]).Evaluate(test));

        // A network that knows something, and of a thousand pictures no more than ten; these are harder than MNIST's, of which it is three of ten thousand.
        Assert.InRange(floats.MicroAccuracy, 0.8, 1);
        Assert.InRange(whole.MicroAccuracy, floats.MicroAccuracy - 0.01, 1);
        Assert.InRange(Math.Abs(whole.LogLoss - floats.LogLoss), 0, 0.02);
    }

    [Fact]
    public void Quantize_UnitsThatAreAlwaysZero_StayZero()
    {
        var model = new Mlp(PixelNormalization.UnitRange, [new DenseLayer(3, 2, new float[6], new float[] { -1, -1 }), new DenseLayer(2, 2, new float[] { 1, 2, 3, 4 }, new float[] { 0.5f, 0.25f })]);
        var pixels = TestNetworks.Pixels(9, seed: 41);

        Assert.Equal(Predict(model, pixels), Predict(model.Quantize(pixels), pixels));
    }

    [Fact]
    public void Quantize_WhatItIsNotFor_SaysWhatIsWrong()
    {
        var model = TestNetworks.Create(42, PixelNormalization.UnitRange, null, 4, 5, 3);
        var table = new Mlp(FeatureNormalization.Uniform(4, 1), model.Layers);

        Assert.Contains("features", Assert.Throws<InvalidOperationException>(() => table.Quantize(new byte[4])).Message);
        Assert.Contains("already", Assert.Throws<InvalidOperationException>(() => model.Quantize(new byte[4]).Quantize(new byte[4])).Message);
        Assert.Contains("got 0", Assert.Throws<ArgumentException>(() => model.Quantize([])).Message);
        Assert.Contains("got 7", Assert.Throws<ArgumentException>(() => model.Quantize(new byte[7])).Message);
    }

    [Fact]
    public void DenseLayer_WeightsThatAreNoWholeSteps_SaysWhich()
    {
        var steps = new LayerQuantization(new float[] { 0.5f });

        Assert.Contains("Weight 1", Assert.Throws<ArgumentException>(() => new DenseLayer(2, 1, new float[] { 1, 0.7f }, new float[1], null, steps)).Message);
        Assert.Contains("Weight 0", Assert.Throws<ArgumentException>(() => new DenseLayer(2, 1, new float[] { 32, 1 }, new float[1], null, steps)).Message);
        Assert.Contains("as many steps", Assert.Throws<ArgumentException>(() => new DenseLayer(1, 2, new float[2], new float[2], null, steps)).Message);
        Assert.All([0f, -1f, float.NaN, float.PositiveInfinity, 1e-40f], step => Assert.Throws<ArgumentException>(() => new LayerQuantization(new[] { step })));
    }

    [Fact]
    public void Mlp_SomeLayersInWholeNumbers_SaysHowMany()
    {
        var model = TestNetworks.Create(43, PixelNormalization.UnitRange, null, 4, 5, 3);
        var quantized = model.Quantize(new byte[4]);

        Assert.Contains("1 of 2", Assert.Throws<ArgumentException>(() => new Mlp(PixelNormalization.UnitRange, [quantized.Layers[0], model.Layers[1]])).Message);
        Assert.Contains("features", Assert.Throws<ArgumentException>(() => new Mlp(FeatureNormalization.Uniform(4, 1), quantized.Layers)).Message);
    }

    [Fact]
    public void Load_InWholeNumbersByAnotherProgram_SaysThatItIsNotRead()
    {
        var file = TestNetworks.Bytes(TestNetworks.Create(44, PixelNormalization.UnitRange, null, 4, 5, 3).Quantize(TestNetworks.Pixels(40, seed: 45)));
        var place = file.AsSpan().IndexOf("DigitML"u8);
        "Another"u8.CopyTo(file.AsSpan(place));

        Assert.Contains("QuantizeLinear", Assert.Throws<DigitException>(() => Mlp.Load(file)).Message);
    }

    [Fact]
    public void Predict_InWholeNumbers_AllocatesNothingOnceItHasRun()
    {
        var pixels = TestNetworks.Pixels(64 * 30, seed: 46);
        var model = TestNetworks.Create(47, PixelNormalization.UnitRange, null, 30, 41, 10).Quantize(pixels);
        var probabilities = new float[640];
        Both();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Both();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Both()
        {
            model.Predict(pixels.AsSpan(0, 30), probabilities.AsSpan(0, 10));
            model.PredictBatch(pixels, probabilities, threads: 1);
        }
    }
}
