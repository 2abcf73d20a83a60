using System.Globalization;
using System.Text;
using System.Text.Json;
using DigitML.Data;
using DigitML.Models;
using DigitML.Tests.House;
using DigitML.Tests.Imaging;
using DigitML.Tests.IO;
using DigitML.Training;

namespace DigitML.Tests.Models;

/// <summary>Our files in other programs, and theirs in ours.</summary>
public sealed class OnnxPeerTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    // Two float32 programs that add in different orders, on sums of some hundred products.
    private const double Tolerance = 1e-5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Save_AnyNetwork_PassesOnnxsOwnChecker()
    {
        RequirePython("onnx", "python3-onnx");
        var metadata = new Dictionary<string, string> { ["labels"] = "0,1,2", ["dataset"] = "ünknown" };
        TestNetworks.Create(91, PixelNormalization.UnitRange, metadata, 784, 37, 11, 3).Save(_folder.File("unit.onnx"));
        TestNetworks.Create(92, new PixelNormalization(1 / 255f, 0.13f, 0.31f), metadata, 35, 3).Save(_folder.File("standard.onnx"));
        const string script =
            """
            import json, sys, onnx
            for path in sys.argv[1:]:
                model = onnx.load(path)
                onnx.checker.check_model(model, full_check=True)
                shape = lambda value: [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim]
                print(json.dumps({'operators': [n.op_type for n in model.graph.node], 'metadata': {m.key: m.value for m in model.metadata_props},
                                  'input': [model.graph.input[0].name, *shape(model.graph.input[0])], 'output': [model.graph.output[0].name, *shape(model.graph.output[0])]}))
            """;

        var lines = RunPython(script, _folder.File("unit.onnx"), _folder.File("standard.onnx")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(
            [
                """{"operators": ["Mul", "Gemm", "Relu", "Gemm", "Relu", "Gemm", "Softmax"], "metadata": {"dataset": "\u00fcnknown", "labels": "0,1,2"}, "input": ["pixels", "n", 784], "output": ["probabilities", "n", 3]}""",
                """{"operators": ["Mul", "Sub", "Div", "Gemm", "Softmax"], "metadata": {"dataset": "\u00fcnknown", "labels": "0,1,2"}, "input": ["pixels", "n", 35], "output": ["probabilities", "n", 3]}""",
            ],
            lines);
    }

    [Theory]
    [InlineData(PixelScaling.UnitRange, 128, 32)]
    [InlineData(PixelScaling.Standardize, 37)]
    [InlineData(PixelScaling.Standardize)]
    public async Task Save_TrainedOnMnist_GivesOnnxRuntimesProbabilitiesOnAllTestImages(PixelScaling scaling, params int[] hiddenLayers)
    {
        var mnist = await Mnist.LoadAsync(RealMnist.FolderOrSkip(), TestContext.Current.CancellationToken);
        var options = new MlpOptions { HiddenLayers = hiddenLayers, PixelScaling = scaling, Epochs = 2, Seed = 93 };
        var model = new MlpTrainer(options).Fit(mnist.Train.Take(6_007)).Model;

        AssertSame(OnnxRuntime.Run(TestNetworks.Bytes(model), Floats(mnist.Test.Pixels, 1), 10_000, 784), model, mnist.Test.Pixels);
    }

    [Fact]
    public async Task Load_TheTorchPeersExport_PredictsWhatOnnxRuntimeDoes()
    {
        RequirePython("torch", "python3-torch");
        var data = RealMnist.FolderOrSkip();
        var script = Path.Combine(Environment.GetEnvironmentVariable("DIGITML_PEERS") ?? Path.Combine(Repository.Root, "..", "shared", "peers"), "torch_mlp.py");
        Assert.SkipUnless(File.Exists(script), "The peers' scripts are not on this machine: set DIGITML_PEERS to the folder that holds torch_mlp.py.");
        var path = _folder.File("torch.onnx");
        ExternalTool.Run(Python, [], script, "--data", data, "--onnx", path, "--epochs", "1", "--batch-size", "256");
        var mnist = await Mnist.LoadAsync(data, TestContext.Current.CancellationToken);

        var model = Mlp.Load(path);

        AssertSame(OnnxRuntime.Run(File.ReadAllBytes(path), Floats(mnist.Test.Pixels, 1 / 255f), 10_000, 784), model, mnist.Test.Pixels);
        var right = Enumerable.Range(0, 10_000).Count(i => model.Predict(mnist.Test.Image(i)).PredictedLabel == mnist.Test.Label(i));
        Assert.True(right > 8_500, FormattableString.Invariant($"{right} of 10000 right"));
    }

    [Fact]
    public void Load_PyTorchsWaysToWriteAnMlp_PredictWhatOnnxRuntimeDoes()
    {
        RequirePython("torch", "python3-torch");
        const string script =
            """
            import json, sys, warnings
            import torch, torch.nn as nn, torch.nn.functional as F
            warnings.simplefilter('ignore'); torch.manual_seed(94); torch.set_num_threads(1)
            class Net(nn.Module):
                def __init__(self, before, after, bias=True):
                    super().__init__(); self.a, self.b, self.before, self.after = nn.Linear(784, 37, bias), nn.Linear(37, 10, bias), before, after
                def forward(self, x): return self.after(self.b(F.relu(self.a(self.before(x)))))
            same = lambda x: x
            mean = torch.rand(1, 28, 28)
            variants = {
                'flatten':    (Net(nn.Flatten(), same), (1, 28, 28), 11, True, 0),
                'view':       (Net(lambda x: x.view(x.size(0), -1), lambda x: F.log_softmax(x, dim=1)), (1, 28, 28), 13, True, 0),
                'reshape':    (Net(lambda x: x.reshape(-1, 784), nn.Softmax(dim=1)), (28, 28), 9, True, 0),
                'fixed':      (Net(lambda x: torch.flatten(x, 1), same), (1, 28, 28), 14, False, 0),
                'no bias':    (Net(same, same, bias=False), (784,), 16, True, 0),
                'dropout':    (nn.Sequential(nn.Flatten(), nn.Dropout(0.3), nn.Linear(784, 37), nn.ReLU(), nn.Dropout(0.5), nn.Linear(37, 10), nn.Softmax(-1)), (1, 28, 28), 12, True, 0),
                'normalised': (Net(lambda x: ((x / 255 - 0.1307) / 0.3081).flatten(1), same), (1, 28, 28), 13, True, 1),
                'inverted':   (Net(lambda x: (1 - x).flatten(1), same), (1, 28, 28), 13, True, 0),
                'per pixel':  (Net(lambda x: ((x - mean) * 2).flatten(1), same), (1, 28, 28), 13, True, 0),
                'scaled out': (Net(nn.Flatten(), lambda x: x / 3 + 0.5), (1, 28, 28), 13, True, 0),
                'matmul':     (Net(lambda x: x.flatten(1), lambda x: F.relu(x) @ torch.eye(10).flip(0) + 1), (1, 28, 28), 13, True, 0),
            }
            for number, (name, (net, shape, opset, dynamic, pixels)) in enumerate(variants.items()):
                path = f'{sys.argv[1]}/{number}.onnx'
                axes = {'x': {0: 'n'}, 'y': {0: 'n'}} if dynamic else None
                torch.onnx.export(net.eval(), torch.rand(1, *shape), path, input_names=['x'], output_names=['y'], opset_version=opset, dynamic_axes=axes)
                print(json.dumps({'name': name, 'path': path, 'shape': shape, 'pixels': pixels}))
            """;
        var lines = RunPython(script, _folder.FullName).Split('\n').Where(line => line.StartsWith('{')).ToArray();
        Assert.Equal(11, lines.Length);
        var pixels = TestNetworks.Pixels(784, seed: 95);
        var variants = Array.ConvertAll(lines, line => JsonDocument.Parse(line).RootElement);
        for (var i = 0; i < variants.Length; i++)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(variants[i].GetProperty("name").GetString()!);
            var file = File.ReadAllBytes(variants[i].GetProperty("path").GetString()!);
            var input = Floats(pixels, variants[i].GetProperty("pixels").GetInt32() == 1 ? 1 : 1 / 255f);
            int[] shape = [1, .. variants[i].GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
            AssertSame(OnnxRuntime.Run(file, input, shape), Mlp.Load(file), pixels);
        }
    }

    /// <summary>Compares what ONNX Runtime gives, probabilities or their logarithms but for a constant, with our probabilities.</summary>
    private static void AssertSame(float[] theirs, Mlp model, ReadOnlySpan<byte> pixels)
    {
        var classes = model.ClassCount;
        var ours = new float[pixels.Length / model.InputCount * classes];
        model.PredictBatch(pixels, ours);
        Assert.Equal(ours.Length, theirs.Length);
        var worst = 0.0;
        for (var start = 0; start < ours.Length; start += classes)
        {
            var row = theirs[start..(start + classes)];
            if (row.Min() < 0 || Math.Abs(row.Sum() - 1) > 1e-4)
            {
                var sum = row.Sum(logit => Math.Exp(logit - row.Max()));
                row = Array.ConvertAll(row, logit => (float)(Math.Exp(logit - row.Max()) / sum));
            }

            for (var c = 0; c < classes; c++)
            {
                worst = Math.Max(worst, Math.Abs(row[c] - ours[start + c]));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest difference of probabilities: {worst:G3}"));
        Assert.InRange(worst, 0, Tolerance);
    }

    private static float[] Floats(ReadOnlySpan<byte> pixels, float scale)
    {
        var floats = new float[pixels.Length];
        for (var i = 0; i < floats.Length; i++)
        {
            floats[i] = pixels[i] * scale;
        }

        return floats;
    }

    private static void RequirePython(string module, string package)
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not installed (Debian: python3).");
        var found = RunPython($"import importlib.util; print(importlib.util.find_spec('{module}') is not None)").Trim();
        Assert.SkipUnless(found == "True", $"{module} for {Python} is not installed (Debian: {package}).");
    }

    private static string RunPython(string script, params string[] arguments) =>
        Encoding.UTF8.GetString(ExternalTool.Run(Python, [], ["-c", script, .. arguments]));
}
