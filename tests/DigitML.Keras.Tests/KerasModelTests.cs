using System.IO.Compression;
using System.Text;
using DigitML.IO;
using DigitML.Models;
using DigitML.Tests.IO;

namespace DigitML.Keras.Tests;

public class KerasModelTests
{
    private const string ByLayers = "0-255, by the model's layers";
    private const string ByDefault = "0-1, by default";

    [Theory]
    [InlineData("thesis-keras2.h5", "20-7-5-3", ByDefault)]
    [InlineData("thesis-keras3.h5", "20-7-5-3", ByDefault)]
    [InlineData("thesis-latest.h5", "20-7-5-3", ByDefault)]
    [InlineData("thesis-chunked.h5", "20-7-5-3", ByDefault)]
    [InlineData("thesis.keras", "20-7-5-3", ByDefault)]
    [InlineData("thesis-dependencies.keras", "20-7-5-3", ByDefault)]
    [InlineData("thesis-backslashes.keras", "20-7-5-3", ByDefault)]
    [InlineData("batch-normalization.h5", "20-6-6-3", ByLayers)]
    [InlineData("batch-normalization.keras", "20-6-6-3", ByLayers)]
    [InlineData("batch-normalization-rows.h5", "20-6-3", ByLayers)]
    [InlineData("normalization.h5", "20-6-3", ByLayers)]
    [InlineData("functional.h5", "20-6-5-3", ByDefault)]
    [InlineData("functional-keras3.h5", "20-6-5-3", ByDefault)]
    [InlineData("functional.keras", "20-6-5-3", ByDefault)]
    [InlineData("floats.h5", "20-6-3", ByDefault)]
    [InlineData("bfloat16.keras", "20-6-3", ByDefault)]
    [InlineData("binary.h5", "20-4-2", ByDefault)]
    public void Load_FileLaidOutAsKerasDoes_AnswersAsItsLayersDo(string file, string shape, string scale)
    {
        var model = KerasModel.Load(ModelFiles.PathOf(file));
        Assert.Equal(shape, model.Shape);
        Assert.Equal(scale, model.Metadata["inputScale"]);
        Answers(model, file, ModelFiles.Probabilities(file));
    }

    [Theory]
    [InlineData("thesis-keras2.h5", "2.15.0")]
    [InlineData("thesis-keras3.h5", "3.5.0")]
    [InlineData("thesis.keras", "3.5.0")]
    public void Load_File_KeepsTheVersionOfKeras(string file, string version) =>
        Assert.Equal(version, KerasModel.Load(ModelFiles.PathOf(file)).Metadata["kerasVersion"]);

    [Fact]
    public void Load_Stream_ReadsFromWhereItStandsAndLeavesItOpen()
    {
        using var stream = new MemoryStream([1, 2, 3, .. File.ReadAllBytes(ModelFiles.PathOf("thesis.keras"))]);
        stream.Position = 3;
        Answers(KerasModel.Load(stream), "a stream", ModelFiles.Probabilities("thesis.keras"));
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void Load_StatedNormalization_IsTaken()
    {
        var stated = new PixelNormalization(1 / 255f, 0.1307f, 0.3081f);
        var model = KerasModel.Load(ModelFiles.PathOf("thesis-keras2.h5"), new KerasLoadOptions { Normalization = stated });
        Assert.Equal(stated, model.Normalization);
        Assert.Equal("stated", model.Metadata["inputScale"]);
    }

    [Fact]
    public void Load_StatedNormalizationBeforeRescaling_DoesBoth()
    {
        var rescaled = Small("""{"class_name":"Rescaling","config":{"name":"x","scale":2.0,"offset":-1.0}},""", new() { Normalization = new PixelNormalization(1 / 255f, 0, 0.5f) });
        Assert.Equal("stated", rescaled.Metadata["inputScale"]);
        Assert.Equal(4 / 255f, rescaled.Normalization.Scale, 1e-9f);
        Assert.Equal(1, rescaled.Normalization.Mean);
    }

    [Fact]
    public void Load_NormalizationThatIsNotFinite_Throws() =>
        Assert.Throws<ArgumentException>(() => KerasModel.Load(ModelFiles.PathOf("thesis-keras2.h5"), new() { Normalization = new PixelNormalization(float.NaN, 0, 1) }));

    [Theory]
    // A spread to [−1, 1] is for values in [0, 1]; a mean of 9 is for larger ones, whatever it is divided by.
    [InlineData("""{"class_name":"Rescaling","config":{"name":"x","scale":2.0,"offset":-1.0}},""", ByDefault)]
    [InlineData("""{"class_name":"Rescaling","config":{"name":"x","scale":0.00392156862745098}},""", ByLayers)]
    [InlineData("""{"class_name":"Rescaling","config":{"name":"x","scale":0.1}},""", ByDefault)]
    [InlineData("""{"class_name":"Normalization","config":{"name":"x","axis":null,"mean":0.1307,"variance":0.0949}},""", ByDefault)]
    [InlineData("""{"class_name":"Normalization","config":{"name":"x","axis":-1,"mean":[33.3,33.3,33.3,33.3],"variance":[6200,6200,6200,6200]}},""", ByLayers)]
    [InlineData("""{"class_name":"BatchNormalization","config":{"name":"n","axis":[1]}},""", ByLayers)]
    [InlineData("", ByDefault)]
    public void Load_LayersThatScaleTheInput_SayWhatTheModelTakes(string first, string scale) =>
        Assert.Equal(scale, Small(first).Metadata["inputScale"]);

    [Fact]
    public void Load_Features_GoInAsTheyAre()
    {
        var model = Small("", new() { TakesFeatures = true });
        var scaled = Small("""{"class_name":"BatchNormalization","config":{"name":"n","axis":[1],"epsilon":0.0,"center":false}},""", new() { TakesFeatures = true });
        float[] features = [3, 4, -5, 6];
        Assert.NotNull(model.FeatureNormalization);

        // The layer does (x − 9) · gamma.
        float[] same = [.. features.Select((value, i) => (value - 9) * (i + 1))];
        Assert.Equal(model.Predict(same).Probabilities.ToArray(), scaled.Predict(features).Probabilities.ToArray(), (one, two) => Math.Abs(one - two) < 1e-6);
    }

    [Theory]
    [InlineData("weights-only.h5")]
    [InlineData("weights-only-keras3.h5")]
    public void Load_WeightsAlone_SaysToSaveTheWholeModel(string file) =>
        Assert.Equal($"{ModelFiles.PathOf(file)}: it holds weights alone; save the whole model, with model.save(\"model.keras\").", Refusal(ModelFiles.PathOf(file)));

    [Theory]
    [InlineData("""{"class_name":"Conv2D","config":{"name":"c"}},""", "the model holds layer 'c' (Conv2D); DigitML runs Flatten")]
    [InlineData("""{"class_name":"Lambda","config":{"name":"c"}},""", "layer 'c' (Lambda)")]
    [InlineData("""{"class_name":"Dense","registered_name":"Custom>Dense","config":{"name":"c","units":4}},""", "layer 'c' is a class of its own, 'Custom>Dense'")]
    [InlineData("""{"class_name":"Reshape","config":{"name":"c","target_shape":[3]}},""", "layer 'c' (Reshape) does not fit values of [4]")]
    [InlineData("""{"class_name":"Reshape","config":{"name":"c","target_shape":[2,2]}},""", "put a Flatten before the first dense layer")]
    [InlineData("""{"class_name":"Dense","config":{"name":"c","units":4}},""", "expected weights 'kernel' of layer 'c' (Dense) but the file has none")]
    [InlineData("""{"class_name":"BatchNormalization","config":{"name":"n","axis":2}},""", "option 'axis' of layer 'n' (BatchNormalization) is not one that is read")]
    [InlineData("""{"class_name":"BatchNormalization","config":{"name":"n","epsilon":-2.0}},""", "is not finite")]
    [InlineData("""{"class_name":"Normalization","config":{"name":"n","invert":true}},""", "layer 'n' (Normalization) is inverted")]
    [InlineData("""{"class_name":"Normalization","config":{"name":"c","axis":null,"mean":3,"variance":0}},""", "layer 'c' (Normalization) divides by next to nothing")]
    [InlineData("""{"class_name":"Rescaling","config":{"name":"c","scale":[1,2,3]}},""", "layer 'c' (Rescaling) has 3 numbers for values of [4]")]
    [InlineData("""{"class_name":"ReLU","config":{"name":"c"}},""", "the activation of layer 'c' comes before the first dense layer")]
    [InlineData("""{"class_name":"Softmax","config":{"name":"c"}},""", "the softmax of layer 'c' must follow the last dense layer")]
    [InlineData("""{"class_name":"Sequential","config":{"name":"c","layers":7}},""", "its configuration lists no layers")]
    [InlineData("""{"class_name":"Dropout"},""", "has a 'Dropout' without options")]
    public void Load_LayerThatIsNotRun_IsNamed(string first, string message) => Refused(() => Small(first), message);

    [Theory]
    [InlineData("""{"class_name":"Activation","config":{"name":"c","activation":"softplus"}},""", "activation 'softplus' of layer 'c' (Activation) is not run here")]
    [InlineData("""{"class_name":"ReLU","config":{"name":"c","threshold":1.0}},""", "threshold 1; DigitML runs ReLU")]
    [InlineData("""{"class_name":"ReLU","config":{"name":"c","negative_slope":"x"}},""", "option 'negative_slope' of layer 'c' (ReLU)")]
    [InlineData("""{"class_name":"Softmax","config":{"name":"c"}},""", "layer 'two' follows the softmax, which must come last")]
    public void Load_ActivationThatIsNotRun_IsNamed(string between, string message) => Refused(() => Small(between: between), message);

    [Theory]
    [InlineData(""" "activation":"relu" """, 2, "after layer 'two' comes something else")]
    [InlineData(""" "activation":"sigmoid" """, 2, "after layer 'two' comes something else")]
    [InlineData(""" "activation":"linear" """, 1, "its last layer, 'two', has one unit without sigmoid")]
    [InlineData(""" "use_bias":3 """, 2, "option 'use_bias' of layer 'two' (Dense)")]
    public void Load_LastLayerWithoutProbabilities_SaysSo(string last, int units, string message) =>
        Refused(() => KerasModel.Load(new MemoryStream(ModelFiles.Small(last: last, units: units))), message);

    [Theory]
    [InlineData("{", "expected the model's configuration to be JSON")]
    [InlineData("[]", "describes no Keras model")]
    [InlineData("""{"class_name":"MyModel","config":{}}""", "expected a Sequential or Functional model but it is a 'MyModel'")]
    [InlineData("""{"class_name":"Sequential","config":{"layers":[]}}""", "it has no dense layer")]
    [InlineData("""{"class_name":"Sequential","config":{"layers":[{"class_name":"\ud800","config":{}}]}}""", "text that is not Unicode")]
    [InlineData("""{"class_name":"Functional","config":{"layers":[],"output_layers":[["a",0,0],["b",0,0]]}}""", "expected a model of one output but it has 2")]
    [InlineData("""{"class_name":"Functional","config":{"layers":[],"output_layers":[["a",0,0]]}}""", "nothing leads to 'a'")]
    [InlineData("""{"class_name":"Functional","config":{"layers":[{"class_name":"Dense","name":"a","config":{},"inbound_nodes":[[["a",0,0,{}]]]}],"output_layers":[["a",0,0]]}}""", "nothing leads to 'a'")]
    [InlineData("""{"class_name":"Functional","config":{"layers":[{"class_name":"Add","name":"a","config":{},"inbound_nodes":[[["b",0,0,{}],["c",0,0,{}]]]}],"output_layers":[["a",0,0]]}}""", "layer 'a' is used 1 times and given 2 values")]
    public void Load_ConfigurationThatIsNoChain_SaysWhy(string config, string message) =>
        Refused(() => KerasModel.Load(new MemoryStream(ModelFiles.WholeModel(config))), message);

    [Fact]
    public void Load_WeightsOfAnotherShape_AreRefused()
    {
        var file = ModelFiles.WholeModel(
            """{"class_name":"Sequential","config":{"layers":[{"class_name":"Dense","config":{"name":"one","units":3,"activation":"softmax"}}]}}""",
            ("one", "kernel", [4, 2], new float[8]), ("one", "bias", [2], new float[2]));
        Refused(() => KerasModel.Load(new MemoryStream(file)), "the kernel of layer 'one' (Dense) is [4, 2] where [inputs, 3] was expected");
    }

    [Fact]
    public void Load_WeightThatIsNotFinite_IsRefused()
    {
        var file = ModelFiles.WholeModel(
            """{"class_name":"Sequential","config":{"layers":[{"class_name":"Dense","config":{"name":"one","units":2,"activation":"softmax"}}]}}""",
            ("one", "kernel", [1, 2], [1, float.NaN]), ("one", "bias", [2], new float[2]));
        Refused(() => KerasModel.Load(new MemoryStream(file)), "'kernel' of layer 'one' (Dense) has a weight that is not finite");
    }

    [Fact]
    public void Load_OldestSequential_HasLayersForOptions()
    {
        var file = ModelFiles.WholeModel(
            """{"class_name":"Sequential","config":[{"class_name":"Dense","config":{"name":"one","batch_input_shape":[null,3],"units":2,"use_bias":false,"activation":"softmax"}}]}""",
            ("one", "kernel", [3, 2], [1, 2, 3, 4, 5, 6]));
        var layer = KerasModel.Load(new MemoryStream(file)).Layers.Single();
        Assert.Equal([1f, 3, 5, 2, 4, 6], layer.Weights.ToArray());
        Assert.Equal([0f, 0], layer.Bias.ToArray());
    }

    [Fact]
    public void Load_SomethingElse_SaysWhatWasExpected()
    {
        Refused(() => KerasModel.Load(new MemoryStream("GIF89a"u8.ToArray())), "model: expected a Keras model, HDF5 or .keras, but the file is something else.");
        Refused(() => KerasModel.Load(new MemoryStream(Zip(("other.txt", "x")))), "the zip holds no config.json");
        Refused(() => KerasModel.Load(new MemoryStream(Zip(("config.json", """{"class_name":"Sequential","config":{"layers":[]}}""")))), "the zip holds no model.weights.h5");
        Assert.Contains("there is no such file", Refusal(Path.Combine(AppContext.BaseDirectory, "nothing.h5")));
    }

    [Fact]
    public void Load_ZipThatUnpacksToFarMoreThanTheModelNeeds_IsRefused()
    {
        var bomb = Zip(("config.json", """{"class_name":"Sequential","config":{"layers":[]}}"""), ("model.weights.h5", new string('\0', 40_000_000)));
        Refused(() => KerasModel.Load(new MemoryStream(bomb)), "model.weights.h5 in it claims 40000000 bytes where at most 1048576 are expected");
    }

    [Theory]
    [InlineData("thesis-keras2.h5")]
    [InlineData("thesis-latest.h5")]
    [InlineData("thesis-chunked.h5")]
    [InlineData("thesis.keras")]
    public void Load_FileCutShortAnywhere_GivesOneLine(string file)
    {
        var whole = File.ReadAllBytes(ModelFiles.PathOf(file));
        for (var length = 0; length < whole.Length; length += 97)
        {
            var error = Assert.Throws<DigitException>(() => KerasModel.Load(new MemoryStream(whole[..length])));
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public void Recognises_Content_WhateverTheName()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, content, expected) in new (string, byte[], bool)[]
        {
            ("a.txt", File.ReadAllBytes(ModelFiles.PathOf("thesis-keras2.h5")), true),
            ("b.onnx", File.ReadAllBytes(ModelFiles.PathOf("thesis.keras")), true),
            ("c.h5", [0x08, 0x07], false),
            ("d.keras", Zip(("other.txt", "x")), false),
            ("e.keras", "PK\x03\x04 no zip"u8.ToArray(), false),
            ("f.h5", [], false),
        })
        {
            File.WriteAllBytes(folder.File(name), content);
            Assert.True(KerasModel.Recognises(folder.File(name)) == expected, name);
        }

        Assert.False(KerasModel.Recognises(folder.File("nothing.h5")));
        Assert.False(KerasModel.Recognises(folder.FullName));
    }

    internal static void Answers(Mlp model, string what, double[][] expected)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            // float32 sums of up to twenty products against float64's, with what scales folded into the weights.
            var probabilities = model.Predict(ModelFiles.Pictures[i]).Probabilities.ToArray();
            for (var c = 0; c < expected[i].Length; c++)
            {
                Assert.True(Math.Abs(probabilities[c] - expected[i][c]) < 2e-5, Invariant($"{what}, picture {i}, class {c}: {probabilities[c]} where {expected[i][c]} was expected"));
            }
        }
    }

    private static Mlp Small(string first = "", KerasLoadOptions? options = null, string between = """{"class_name":"ReLU","config":{"name":"r"}},""") =>
        KerasModel.Load(new MemoryStream(ModelFiles.Small(first, between)), options);

    private static string Refusal(string path) => Assert.Throws<DigitException>(() => KerasModel.Load(path)).Message;

    private static void Refused(Func<Mlp> load, string message)
    {
        var error = Assert.Throws<DigitException>(() => load());
        Assert.Contains(message, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static byte[] Zip(params (string Name, string Text)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return stream.ToArray();
    }
}
