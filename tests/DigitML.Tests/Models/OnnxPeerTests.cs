using System.Globalization;
using System.Text;
using System.Text.Json;
using DigitML.Data;
using DigitML.IO;
using DigitML.Models;
using DigitML.Tests.House;
using DigitML.Tests.Imaging;
using DigitML.Tests.IO;
using DigitML.Tests.Training;
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

    public static TheoryData<ActivationKind> Kinds => [.. Enum.GetValues<ActivationKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Save_EveryActivation_GivesOnnxRuntimesProbabilities(ActivationKind kind)
    {
        var activation = kind == ActivationKind.PRelu ? Activation.PRelu(TestNetworks.Numbers(32, seed: 97)) : ReferenceActivations.Of(kind);
        var plain = TestNetworks.Create(96, PixelNormalization.UnitRange, null, 784, 32, 32, 32);
        var model = TestNetworks.Activated(plain, activation);
        var pixels = TestNetworks.Pixels(1_000 * 784, seed: 98);
        AssertSame(OnnxRuntime.Run(TestNetworks.Bytes(model), Floats(pixels, 1), 1_000, 784), model, pixels);
    }

    [Fact]
    public void Load_PyTorchsActivationsAndNormalisations_PredictWhatOnnxRuntimeDoes()
    {
        RequirePython("torch", "python3-torch");
        const string script =
            """
            import json, sys, warnings
            import torch, torch.nn as nn, torch.nn.functional as F
            warnings.simplefilter('ignore'); torch.manual_seed(99); torch.set_num_threads(1)
            class Fn(nn.Module):
                def __init__(self, f): super().__init__(); self.f = f
                def forward(self, x): return self.f(x)
            def settled(bn):
                for p in (bn.running_mean, bn.bias.data): p.uniform_(-0.5, 0.5)
                for p in (bn.running_var, bn.weight.data): p.uniform_(0.5, 2)
                return bn
            def net(act, first=nn.Flatten(), after=None):
                return nn.Sequential(first, nn.Linear(784, 37), act, *([after] if after else []), nn.Linear(37, 10))
            prelu = nn.PReLU(37); prelu.weight.data.uniform_(-0.3, 0.6)
            variants = {
                'Gelu':        net(nn.GELU()),
                'GeluTanh':    net(Fn(lambda x: 0.5 * x * (1 + torch.tanh(0.7978845608 * (x + 0.044715 * torch.pow(x, 3)))))),
                'Silu':        net(nn.SiLU()),
                'LeakyRelu':   net(nn.LeakyReLU(0.2)),
                'Elu':         net(nn.ELU(0.7)),
                'PRelu':       net(prelu),
                'PRelu one':   net(nn.PReLU()),
                'Relu6':       net(nn.ReLU6()),
                'Tanh':        net(nn.Tanh()),
                'Sigmoid':     net(nn.Sigmoid()),
                'Elu scaled':  net(nn.SELU()),
                'Sigmoid spelt out': net(Fn(lambda x: 1 / (1 + torch.exp(-x)))),
                'Silu spelt out':    net(Fn(lambda x: x / (1 + torch.exp(-x)))),
                'LeakyRelu by max':  net(Fn(lambda x: torch.maximum(x, 0.1 * x))),
                'LeakyRelu by parts': net(Fn(lambda x: F.relu(x) - 0.25 * F.relu(-x))),
                'LeakyRelu by where': net(Fn(lambda x: torch.where(x > 0, x, 0.05 * x))),
                'Relu by clamp':     net(Fn(lambda x: torch.clamp(x, min=0))),
                'Identity':          net(nn.Identity()),
                'Relu behind norm':  nn.Sequential(nn.Flatten(), nn.Linear(784, 37), settled(nn.BatchNorm1d(37)), nn.ReLU(), nn.Linear(37, 10)),
                'Tanh before norm':  net(nn.Tanh(), after=settled(nn.BatchNorm1d(37))),
                'Relu, input norm':  nn.Sequential(settled(nn.BatchNorm2d(1)), nn.Flatten(), nn.Linear(784, 37), nn.ReLU(), nn.Linear(37, 10)),
                'Relu, pixel norm':  nn.Sequential(nn.Flatten(), settled(nn.BatchNorm1d(784)), nn.Linear(784, 37), nn.ReLU(), nn.Linear(37, 10)),
                'Relu, turned':      net(nn.ReLU(), Fn(lambda x: x.transpose(2, 3).flatten(1))),
                'Relu, turned norm': net(nn.ReLU(), nn.Sequential(Fn(lambda x: x.permute(0, 3, 1, 2).squeeze(2)), settled(nn.BatchNorm1d(28)), nn.Flatten())),
                'Relu, squeezed':    net(nn.ReLU(), Fn(lambda x: x.squeeze(1).unsqueeze(3).flatten(1))),
                'Relu, double':      net(nn.ReLU(), Fn(lambda x: x.double().flatten(1).float())),
            }
            for number, (name, module) in enumerate(variants.items()):
                path = f'{sys.argv[1]}/{number}.onnx'
                torch.onnx.export(module.eval(), torch.rand(1, 1, 28, 28), path, input_names=['x'], output_names=['y'], opset_version=16, dynamic_axes={'x': {0: 'n'}, 'y': {0: 'n'}}, do_constant_folding=False)
                print(json.dumps({'name': name, 'path': path}))
            """;
        var lines = RunPython(script, _folder.FullName).Split('\n').Where(line => line.StartsWith('{')).ToArray();
        Assert.Equal(26, lines.Length);
        var pixels = TestNetworks.Pixels(1_000 * 784, seed: 100);
        foreach (var variant in lines.Select(line => JsonDocument.Parse(line).RootElement))
        {
            var name = variant.GetProperty("name").GetString()!;
            TestContext.Current.TestOutputHelper?.WriteLine(name);
            var file = File.ReadAllBytes(variant.GetProperty("path").GetString()!);

            var model = Mlp.Load(file);

            Assert.Equal(name.Split(' ', ',')[0], model.Layers[0].Activation.Kind.ToString());
            AssertSame(OnnxRuntime.Run(file, Floats(pixels, 1 / 255f), 1_000, 1, 28, 28), model, pixels);
        }
    }

    [Fact]
    public void Load_PyTorchsActivationsThatAreNotRun_AreRefusedByName()
    {
        RequirePython("torch", "python3-torch");
        const string script =
            """
            import sys, warnings
            import torch, torch.nn as nn
            warnings.simplefilter('ignore'); torch.set_num_threads(1)
            for name, act in {'Mish': nn.Mish(), 'Hardswish': nn.Hardswish(), 'Softplus': nn.Softplus(), 'QuickGelu': nn.Sequential()}.items():
                class Quick(nn.Module):
                    def forward(self, x): return x * torch.sigmoid(1.702 * x)
                module = nn.Sequential(nn.Linear(9, 5), Quick() if name == 'QuickGelu' else act, nn.Linear(5, 3))
                torch.onnx.export(module.eval(), torch.rand(1, 9), f'{sys.argv[1]}/{name}.onnx', opset_version=14)
            """;
        RunPython(script, _folder.FullName);
        foreach (var name in new[] { "Mish", "Hardswish", "Softplus", "QuickGelu" })
        {
            Assert.Contains("no activation that DigitML runs; it runs ReLU,", Assert.Throws<DigitException>(() => Mlp.Load(_folder.File($"{name}.onnx"))).Message);
        }
    }

    [Fact]
    public void Load_ScikitLearnsPipelineAsSkl2onnxWritesIt_PredictsWhatThePipelineDoes()
    {
        RequirePython("sklearn", "python3-sklearn");
        RequirePython("onnx", "python3-onnx");
        const string script =
            """
            import json, sys, warnings
            import numpy as np, onnx
            from onnx import TensorProto, helper, numpy_helper
            from sklearn.neural_network import MLPClassifier
            from sklearn.preprocessing import StandardScaler
            warnings.simplefilter('ignore')
            rng = np.random.RandomState(101)
            pixels = np.frombuffer(open(sys.argv[2], 'rb').read(), np.uint8).reshape(-1, 49)
            names = {'digits': list(range(4)), 'letters': ['a', 'b"', 'c', 'd'], 'odd': [1, 3, 5, 7], 'two': [0, 1]}
            for kind, classes in names.items():
                for activation in ('relu', 'tanh', 'logistic', 'identity'):
                    scale = kind in ('digits', 'odd')
                    x = pixels.astype(np.float32) if scale else pixels.astype(np.float32) / 255
                    y = np.array([classes[(int(row[:20].sum()) // 400 + int(row[30]) // 100) % len(classes)] for row in pixels])
                    scaler = StandardScaler().fit(x) if scale else None
                    z = scaler.transform(x) if scale else x
                    mlp = MLPClassifier((11, 6), activation=activation, max_iter=8, random_state=7).fit(z[:400], y[:400])
                    nodes, tensors, value = [], [], 'X'
                    if scale:
                        nodes.append(helper.make_node('Scaler', ['X'], ['var'], domain='ai.onnx.ml', offset=scaler.mean_.astype(np.float32), scale=(1 / scaler.scale_).astype(np.float32))); value = 'var'
                    nodes.append(helper.make_node('Cast', [value], ['cast'], to=1)); value = 'cast'
                    op = {'relu': 'Relu', 'tanh': 'Tanh', 'logistic': 'Sigmoid', 'identity': None}[activation]
                    for i, (w, b) in enumerate(zip(mlp.coefs_, mlp.intercepts_)):
                        tensors += [numpy_helper.from_array(w.astype(np.float32), f'c{i}'), numpy_helper.from_array(b.astype(np.float32).reshape(1, -1), f'i{i}')]
                        nodes += [helper.make_node('MatMul', [value, f'c{i}'], [f'm{i}']), helper.make_node('Add', [f'm{i}', f'i{i}'], [f'a{i}'])]; value = f'a{i}'
                        if i < len(mlp.coefs_) - 1 and op:
                            nodes.append(helper.make_node(op, [value], [f'n{i}'])); value = f'n{i}'
                    if kind == 'two':
                        tensors.append(numpy_helper.from_array(np.array([1], np.float32), 'one'))
                        nodes += [helper.make_node('Sigmoid', [value], ['p']), helper.make_node('Sub', ['one', 'p'], ['q']), helper.make_node('Concat', ['q', 'p'], ['probabilities'], axis=1)]
                    else:
                        nodes += [helper.make_node('Softmax', [value], ['soft'], axis=1), helper.make_node('Identity', ['soft'], ['probabilities'])]
                    labels = {'classlabels_strings': [str(c) for c in mlp.classes_]} if kind == 'letters' else {'classlabels_int64s': [int(c) for c in mlp.classes_]}
                    nodes += [helper.make_node('ZipMap', ['probabilities'], ['output_probability'], domain='ai.onnx.ml', **labels), helper.make_node('ArgMax', ['probabilities'], ['output_label'], axis=1)]
                    zipped = onnx.ValueInfoProto(name='output_probability'); pairs = zipped.type.sequence_type.elem_type.map_type
                    pairs.key_type = TensorProto.INT64; pairs.value_type.tensor_type.elem_type = TensorProto.FLOAT
                    graph = helper.make_graph(nodes, 'g', [helper.make_tensor_value_info('X', TensorProto.FLOAT, [None, 49])], [helper.make_tensor_value_info('output_label', TensorProto.INT64, [None, 1]), zipped], tensors)
                    path = f'{sys.argv[1]}/{kind}-{activation}'
                    onnx.save(helper.make_model(graph, producer_name='skl2onnx', opset_imports=[helper.make_opsetid('', 17), helper.make_opsetid('ai.onnx.ml', 1)]), path + '.onnx')
                    mlp.predict_proba(z).astype(np.float32).tofile(path + '.f32')
                    print(json.dumps({'kind': kind, 'activation': activation, 'classes': len(mlp.classes_), 'path': path}))
            """;
        var pixels = TestNetworks.Pixels(1_000 * 49, seed: 102);
        for (var i = 0; i < pixels.Length; i++)
        {
            // One pixel that never is ink, as at MNIST's edges: its deviation of 0 becomes a scale of 1.
            pixels[i] = i % 49 == 3 ? (byte)0 : pixels[i];
        }

        File.WriteAllBytes(_folder.File("pixels"), pixels);
        var lines = RunPython(script, _folder.FullName, _folder.File("pixels")).Split('\n').Where(line => line.StartsWith('{')).ToArray();
        Assert.Equal(16, lines.Length);
        foreach (var line in lines.Select(line => JsonDocument.Parse(line).RootElement))
        {
            var (kind, path) = (line.GetProperty("kind").GetString()!, line.GetProperty("path").GetString()!);
            TestContext.Current.TestOutputHelper?.WriteLine(path);
            var model = Mlp.Load(path + ".onnx");

            Assert.Equal(line.GetProperty("classes").GetInt32(), model.ClassCount);
            Assert.Equal(kind is "digits" or "odd" ? "0-255, by the graph's constants" : "0-1, by default", model.Metadata[InputScale.MetadataKey]);
            var names = kind switch { "letters" => "[\"a\",\"b\\u0022\",\"c\",\"d\"]", "odd" => "[\"1\",\"3\",\"5\",\"7\"]", _ => null };
            Assert.Equal(names, model.Metadata.GetValueOrDefault("classNames"));
            var expected = new float[1_000 * model.ClassCount];
            Buffer.BlockCopy(File.ReadAllBytes(path + ".f32"), 0, expected, 0, expected.Length * sizeof(float));
            AssertSame(expected, model, pixels);
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
