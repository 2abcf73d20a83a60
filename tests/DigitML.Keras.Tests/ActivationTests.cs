using DigitML.Models;
using DigitML.Tests.IO;

namespace DigitML.Keras.Tests;

public class ActivationTests
{
    [Fact]
    public void Load_EveryActivation_IsTheLibrarysWithItsNumbers()
    {
        var model = KerasModel.Load(ModelFiles.PathOf("activations.keras"));
        Assert.Equal(
            [
                ActivationKind.Elu, ActivationKind.LeakyRelu, ActivationKind.Tanh, ActivationKind.Sigmoid, ActivationKind.Gelu, ActivationKind.Silu, ActivationKind.Relu6,
                ActivationKind.LeakyRelu, ActivationKind.PRelu, ActivationKind.Elu, ActivationKind.Relu6, ActivationKind.LeakyRelu, ActivationKind.GeluTanh, ActivationKind.Silu,
                ActivationKind.Identity,
            ],
            model.Layers.SkipLast(1).Select(layer => layer.Activation.Kind));
        Assert.Equal([1, 0.2f, 0.125f, 0.5f, 0.25f], new[] { 0, 1, 7, 9, 11 }.Select(layer => model.Layers[layer].Activation.Alpha));
        Assert.Equal(6, model.Layers[8].Activation.Slopes.Length);
    }

    [Fact]
    public void Load_EveryActivation_AnswersAsItsLayersDo()
    {
        const string file = "activations.keras";
        var model = KerasModel.Load(ModelFiles.PathOf(file));
        var expected = ModelFiles.Probabilities(file);
        for (var i = 0; i < expected.Length; i++)
        {
            // In double as the file's answer is; the weights are the same bits.
            Assert.Equal(expected[i], PlainForward.Probabilities(model, ModelFiles.Pictures[i]), (one, two) => Math.Abs(one - two) < 1e-6);
        }
    }

    [Theory]
    [InlineData("""{"class_name":"Activation","config":{"name":"c","activation":"relu"}},""", ActivationKind.Relu, 0)]
    [InlineData("""{"class_name":"Activation","config":{"name":"c","activation":{"class_name":"LeakyReLU","config":{"negative_slope":0.5}}}},""", ActivationKind.LeakyRelu, 0.5)]
    [InlineData("""{"class_name":"LeakyReLU","config":{"name":"c"}},""", ActivationKind.LeakyRelu, 0.3)]
    [InlineData("""{"class_name":"LeakyReLU","config":{"name":"c","negative_slope":0.25}},""", ActivationKind.LeakyRelu, 0.25)]
    [InlineData("""{"class_name":"LeakyReLU","config":{"name":"c","alpha":{"class_name":"__numpy__","config":{"value":0.25,"dtype":"float32"}}}},""", ActivationKind.LeakyRelu, 0.25)]
    [InlineData("""{"class_name":"ELU","config":{"name":"c"}},""", ActivationKind.Elu, 1)]
    [InlineData("""{"class_name":"Dropout","config":{"name":"c"}},""", ActivationKind.Identity, 0)]
    public void Load_ActivationInEachForm_IsTheSame(string between, ActivationKind kind, double alpha)
    {
        var activation = KerasModel.Load(new MemoryStream(ModelFiles.Small(between: between))).Layers[0].Activation;
        Assert.Equal(kind, activation.Kind);
        Assert.Equal((float)alpha, activation.Alpha);
    }

    [Theory]
    [InlineData("digits.h5")]
    [InlineData("digits.keras")]
    public void Save_EveryActivation_ComesBack(string name)
    {
        using var folder = new TemporaryFolder();
        Activation[] activations =
        [
            Activation.Identity, Activation.Relu, Activation.LeakyRelu(0.125f), Activation.PRelu(new[] { 0.5f, -0.25f, 1 }), Activation.PRelu(new[] { 0.125f }), Activation.Elu(0.5f), Activation.Gelu,
            Activation.Silu, Activation.Tanh, Activation.Sigmoid, Activation.Relu6,
        ];
        var layers = activations.Select((activation, i) => Layer(3, 3, i, activation)).Append(Layer(3, 2, 99, null)).ToArray();
        KerasModel.Save(new Mlp(PixelNormalization.UnitRange, layers), folder.File(name));
        var back = KerasModel.Load(folder.File(name));

        Assert.Equal(activations.Select(activation => activation.Kind), back.Layers.SkipLast(1).Select(layer => layer.Activation.Kind));
        Assert.Equal(activations.Select(activation => activation.Alpha), back.Layers.SkipLast(1).Select(layer => layer.Activation.Alpha));
        Assert.Equal([0.5f, -0.25f, 1], back.Layers[3].Activation.Slopes.ToArray());
        // Keras has one slope for each unit.
        Assert.Equal([0.125f, 0.125f, 0.125f], back.Layers[4].Activation.Slopes.ToArray());
        Assert.Equal(layers.SelectMany(layer => layer.Weights.ToArray()), back.Layers.SelectMany(layer => layer.Weights.ToArray()));
    }

    [Fact]
    public void Save_ActivationThatKerasHasNoNameFor_SaysToSaveAsOnnx()
    {
        using var folder = new TemporaryFolder();
        var model = new Mlp(PixelNormalization.UnitRange, [Layer(3, 3, 1, Activation.GeluTanh), Layer(3, 2, 2, null)]);
        Assert.Contains("GeluTanh, which this model has; save it as ONNX", Assert.Throws<InvalidOperationException>(() => KerasModel.Save(model, folder.File("digits.keras"))).Message);
        Assert.Empty(folder.Entries);
    }

    private static DenseLayer Layer(int inputs, int outputs, int seed, Activation? activation)
    {
        var random = new Random(seed);
        return new DenseLayer(inputs, outputs, Enumerable.Range(0, inputs * outputs).Select(_ => random.NextSingle() - 0.5f).ToArray(), new float[outputs], activation);
    }
}
