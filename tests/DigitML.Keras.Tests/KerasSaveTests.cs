using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using DigitML.IO;
using DigitML.Models;
using DigitML.Tests.IO;
using PureHDF;

namespace DigitML.Keras.Tests;

public class KerasSaveTests
{
    // Reads a file as the code of Keras 2 and 3 does that loads models, and works out its answer for one picture. It says what it found.
    private const string Reader = """
        import io, json, sys, zipfile
        import h5py, numpy as np

        def attribute(group, name):
            return [n.decode("utf8") if hasattr(n, "decode") else n for n in group.attrs[name]]

        path, pixels = sys.argv[1], np.array([float(p) for p in sys.argv[2].split(",")])
        weights = {}
        if zipfile.is_zipfile(path):
            archive = zipfile.ZipFile(path)
            assert archive.testzip() is None
            assert json.loads(archive.read("metadata.json"))["keras_version"].startswith("3.")
            config = json.loads(archive.read("config.json"))
            assert all("module" in layer for layer in config["config"]["layers"]), config
            f = h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r")
            for name, group in f["layers"].items():
                weights[name] = [group["vars"][str(i)][()] for i in range(len(group["vars"]))]
        else:
            f = h5py.File(path, "r")
            config = json.loads(f.attrs["model_config"])
            group = f["model_weights"]
            assert group.attrs["layer_names"].dtype.kind == "S", group.attrs["layer_names"].dtype
            assert f.attrs["keras_version"] == "2.15.0" and f.attrs["backend"] == "tensorflow"
            names = attribute(group, "layer_names")
            assert names == [layer["config"]["name"] for layer in config["config"]["layers"] if layer["class_name"] != "InputLayer"], names
            for name in names:
                weights[name] = [group[name][weight][()] for weight in attribute(group[name], "weight_names")]

        assert config["class_name"] == "Sequential"
        x = pixels
        for layer in config["config"]["layers"]:
            options = layer["config"]
            w = [value.astype(np.float64) for value in weights.get(options["name"], [])]
            if layer["class_name"] == "InputLayer":
                assert options["batch_shape" if "batch_shape" in options else "batch_input_shape"] == [None, len(x)]
            elif layer["class_name"] == "Rescaling":
                x = x * options["scale"] + options["offset"]
            elif layer["class_name"] == "BatchNormalization":
                x = (x - w[2]) / np.sqrt(w[3] + options["epsilon"]) * w[0] + w[1]
            elif layer["class_name"] == "Dense":
                assert w[0].shape == (len(x), options["units"])
                x = x @ w[0] + w[1]
                x = {"relu": lambda v: np.maximum(v, 0), "softmax": lambda v: np.exp(v) / np.exp(v).sum()}[options["activation"]](x)
            else:
                raise Exception(layer["class_name"])
        print(",".join(repr(float(v)) for v in x))
        """;

    [Theory]
    [InlineData("digits.h5")]
    [InlineData("digits.hdf5")]
    [InlineData("digits.keras")]
    public void Save_Model_ComesBackBitForBit(string name)
    {
        using var folder = new TemporaryFolder();
        var model = Made(seed: 1, [13, 7, 5, 4], PixelNormalization.UnitRange);
        KerasModel.Save(model, folder.File(name));
        var back = KerasModel.Load(folder.File(name));
        Same(model, back);
        Assert.Equal(model.Normalization, back.Normalization);
        Assert.Equal("0-255, by the model's layers", back.Metadata["inputScale"]);
        Assert.Equal([name], folder.Entries);
    }

    [Theory]
    [InlineData("digits.h5")]
    [InlineData("digits.keras")]
    public void Save_SameModelTwice_GivesTheSameBytes(string name)
    {
        using var folder = new TemporaryFolder();
        KerasModel.Save(Made(seed: 2, [6, 3, 2], PixelNormalization.UnitRange), folder.File(name));
        KerasModel.Save(Made(seed: 2, [6, 3, 2], PixelNormalization.UnitRange), folder.File("again" + name));
        Assert.Equal(File.ReadAllBytes(folder.File(name)), File.ReadAllBytes(folder.File("again" + name)));
    }

    [Theory]
    [InlineData("digits.h5")]
    [InlineData("digits.keras")]
    public void Save_ModelThatTakesPixelsUnscaled_SaysSo(string name)
    {
        using var folder = new TemporaryFolder();
        var model = Made(seed: 3, [6, 3, 2], new PixelNormalization(1, 0, 1));
        KerasModel.Save(model, folder.File(name));
        var back = KerasModel.Load(folder.File(name));
        Same(model, back);
        Assert.Equal(model.Normalization, back.Normalization);
        Assert.Equal("stated", back.Metadata["inputScale"]);
    }

    [Theory]
    [InlineData("digits.h5")]
    [InlineData("digits.keras")]
    public void Load_NormalizationStatedForOurOwnFile_IsRefused(string name)
    {
        using var folder = new TemporaryFolder();
        KerasModel.Save(Made(seed: 3, [6, 3, 2], PixelNormalization.UnitRange), folder.File(name));
        var error = Assert.Throws<DigitException>(() => KerasModel.Load(folder.File(name), new() { Normalization = PixelNormalization.UnitRange }));
        Assert.Contains("DigitML wrote it, with what is done to its input inside;", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("digits.h5")]
    [InlineData("digits.keras")]
    public void Save_MeanAndDeviation_AnswersTheSame(string name)
    {
        using var folder = new TemporaryFolder();
        var model = Made(seed: 4, [6, 3, 2], new PixelNormalization(1 / 255f, 0.1307f, 0.3081f));
        KerasModel.Save(model, folder.File(name));
        byte[] pixels = [0, 51, 102, 153, 204, 255];

        // Scale and deviation are one number in Keras, so that sums round otherwise.
        Assert.Equal(model.Predict(pixels).Probabilities.ToArray(), KerasModel.Load(folder.File(name)).Predict(pixels).Probabilities.ToArray(), (one, two) => Math.Abs(one - two) < 1e-5);
    }

    [Theory]
    [InlineData("table.h5")]
    [InlineData("table.keras")]
    public void Save_ModelForTables_ComesBackWithItsNormalization(string name)
    {
        using var folder = new TemporaryFolder();
        var layers = Made(seed: 5, [4, 3, 3], PixelNormalization.UnitRange).Layers;
        var model = new Mlp(new FeatureNormalization(new float[] { 1.5f, -200, 0, 3e4f }, new float[] { 0.1f, 1 / 3f, 0, 1e-5f }), layers);
        KerasModel.Save(model, folder.File(name));
        var back = KerasModel.Load(folder.File(name));
        Same(model, back);
        Assert.Equal(model.FeatureNormalization!.Scale.ToArray(), back.FeatureNormalization!.Scale.ToArray());
        float[] row = [2, -100, 7, 4e4f];
        Assert.Equal(model.Predict(row).Probabilities.ToArray(), back.Predict(row).Probabilities.ToArray(), (one, two) => Math.Abs(one - two) < 1e-6);
    }

    [Theory]
    [InlineData("digits.h5")]
    [InlineData("digits.keras")]
    public void Save_Model_IsReadByH5pyAsKerasReadsIt(string name)
    {
        var python = Environment.GetEnvironmentVariable("DIGITML_PYTHON") ?? "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(python) && Run(python, "-c", "import h5py").Code == 0, "Python's h5py is not installed (Debian: python3-h5py; DIGITML_PYTHON names the interpreter).");

        // More layers than one node of a group's index has room for.
        using var folder = new TemporaryFolder();
        var model = Made(seed: 6, [9, 8, 7, 8, 7, 8, 7, 8, 7, 8, 7, 8, 5], PixelNormalization.UnitRange);
        KerasModel.Save(model, folder.File(name));
        byte[] pixels = [0, 255, 13, 200, 77, 128, 1, 64, 32];
        var (code, output, error) = Run(python, "-c", Reader, folder.File(name), string.Join(',', pixels));
        Assert.True(code == 0, error);
        var answers = output.Trim().Split(',').Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(model.Predict(pixels).Probabilities.ToArray().Select(value => (double)value), answers, (one, two) => Math.Abs(one - two) < 2e-5);
    }

    [Fact]
    public void Save_Model_IsReadByPureHdf()
    {
        using var folder = new TemporaryFolder();
        var model = Made(seed: 7, [4, 3, 2], PixelNormalization.UnitRange);
        KerasModel.Save(model, folder.File("digits.h5"));
        using var file = H5File.OpenRead(folder.File("digits.h5"));
        Assert.StartsWith("""{"class_name":"Sequential""", file.Attribute("model_config").Read<string>());
        var weights = file.Group("model_weights");
        Assert.Equal(["rescaling", "dense", "dense_1"], weights.Attribute("layer_names").Read<string[]>());
        Assert.Equal(["dense/kernel:0", "dense/bias:0"], weights.Group("dense").Attribute("weight_names").Read<string[]>());
        var kernel = weights.Dataset("dense/dense/kernel:0");
        Assert.Equal([4ul, 3], kernel.Space.Dimensions);
        var values = kernel.Read<float[]>();
        Assert.Equal(model.Layers[0].Weights.Span[1], values[3]);
        Assert.Equal(model.Layers[0].Bias.ToArray(), weights.Dataset("dense/dense/bias:0").Read<float[]>());
    }

    [Fact]
    public void Save_KerasFile_KeepsWeightsUnpacked()
    {
        using var folder = new TemporaryFolder();
        KerasModel.Save(Made(seed: 8, [4, 3, 2], PixelNormalization.UnitRange), folder.File("digits.keras"));
        using var zip = ZipFile.OpenRead(folder.File("digits.keras"));
        Assert.Equal(["metadata.json", "config.json", "model.weights.h5"], zip.Entries.Select(entry => entry.FullName));
        Assert.All(zip.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
    }

    [Fact]
    public void Save_WeightThatIsNotFinite_ThrowsAndLeavesTheFile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("digits.h5"), "old");
        var model = new Mlp(PixelNormalization.UnitRange, [new DenseLayer(1, 2, new float[] { 1, float.PositiveInfinity }, new float[2])]);
        Assert.Throws<InvalidOperationException>(() => KerasModel.Save(model, folder.File("digits.h5")));
        Assert.Throws<InvalidOperationException>(() => KerasModel.Save(model, folder.File("digits.keras")));
        Assert.Equal("old", File.ReadAllText(folder.File("digits.h5")));
        Assert.Equal(["digits.h5"], folder.Entries);
    }

    [Fact]
    public void Save_AnEnsemble_SaysThatKerasHasNoLayerForIt()
    {
        using var folder = new TemporaryFolder();
        var ensemble = MlpEnsemble.Join([Made(1, [5, 4, 4, 3], PixelNormalization.UnitRange), Made(2, [5, 4, 4, 3], PixelNormalization.UnitRange)]);

        var error = Assert.Throws<InvalidOperationException>(() => KerasModel.Save(ensemble, folder.File("digits.keras")));

        Assert.StartsWith("Keras has no layer for an ensemble of 2 members", error.Message);
        Assert.Empty(folder.Entries);
    }

    /// <summary>A network of drawn weights.</summary>
    internal static Mlp Made(int seed, int[] sizes, PixelNormalization normalization)
    {
        var random = new Random(seed);
        float[] Draw(int count, double scale) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * scale))];
        return new Mlp(normalization, [.. Enumerable.Range(1, sizes.Length - 1).Select(i => new DenseLayer(sizes[i - 1], sizes[i], Draw(sizes[i - 1] * sizes[i], 4 / Math.Sqrt(sizes[i - 1])), Draw(sizes[i], 0.5)))]);
    }

    private static void Same(Mlp one, Mlp two)
    {
        Assert.Equal(one.Shape, two.Shape);
        for (var i = 0; i < one.Layers.Count; i++)
        {
            Assert.Equal(one.Layers[i].Weights.ToArray(), two.Layers[i].Weights.ToArray());
            Assert.Equal(one.Layers[i].Bias.ToArray(), two.Layers[i].Bias.ToArray());
        }
    }

    private static (int Code, string Output, string Error) Run(string program, params string[] arguments)
    {
        var (code, output, error) = ToolProcess.Run(new ProcessStartInfo(program, arguments));
        return (code, Encoding.UTF8.GetString(output), error);
    }
}
