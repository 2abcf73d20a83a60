using System.Security.Cryptography;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Keras;
using DigitML.Models;
using DigitML.Web;

namespace DigitML.Cli.Tests;

public sealed class ModelFileTests : IClassFixture<TrainedModel>, IDisposable
{
    private readonly TrainedModel _model;
    private readonly TemporaryFolder _place = new();

    public ModelFileTests(TrainedModel model)
    {
        _model = model;
    }

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("digits.h5")]
    [InlineData("digits.keras")]
    public async Task Evaluate_KerasFile_GivesTheFiguresOfTheSameModelInOnnx(string name)
    {
        KerasModel.Save(Mlp.Load(_model.File), _place.File(name));
        File.Move(_place.File(name), _place.File("model.bin"));
        var (onnx, keras) = (new TestTerminal(), new TestTerminal());

        Assert.Equal(ExitCode.Done, await onnx.RunAsync("evaluate", "--model", _model.File, "--dataset", "synthetic", "--limit", "101", "--json"));
        Assert.Equal(ExitCode.Done, await keras.RunAsync("evaluate", "--model", _place.File("model.bin"), "--dataset", "synthetic", "--limit", "101", "--json"));

        var (one, two) = (EvaluationResult.FromJson(onnx.Output), EvaluationResult.FromJson(keras.Output));
        Assert.Equal(one.MicroAccuracy, two.MicroAccuracy);
        Assert.Equal(one.LogLoss, two.LogLoss);
        Assert.Equal(HashOf(_place.File("model.bin")), two.ModelHash);
    }

    [Fact]
    public async Task Predict_KerasFileThatIsNotRun_SaysWhyInOneLine()
    {
        File.WriteAllBytes(_place.File("digits.h5"), [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 9]);
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("predict", "--model", _place.File("digits.h5"), _place.File("nothing.png")));

        Assert.Equal($"error: {_place.File("digits.h5")}: expected an HDF5 superblock of version 0 to 3 but it has 9; save it with h5py's defaults.", terminal.OneErrorLine());
    }

    [Fact]
    public void LoadedModel_KerasFile_TakesTheEvaluationOfItsBytes()
    {
        var path = _place.File("digits.h5");
        KerasModel.Save(Mlp.Load(_model.File), path);
        var model = ModelFile.Read(path, null);
        var evaluation = model.Evaluate(_model.Digits.Take(50)) with { ModelHash = HashOf(path) };
        evaluation.Save(_place.File("evaluation.json"));
        Assert.Equal(50, LoadedModel.Of(model, path).Evaluation!.Count);

        (evaluation with { ModelHash = new string('a', 64) }).Save(_place.File("evaluation.json"));
        Assert.Contains("it is another model's", Assert.Throws<DigitException>(() => LoadedModel.Of(model, path)).Message);
    }

    [Fact]
    public async Task Serve_KerasFileForOtherPictures_SaysSo()
    {
        var path = _place.File("small.keras");
        KerasModel.Save(new Mlp(PixelNormalization.UnitRange, [new DenseLayer(4, 2, new float[8], new float[2])]), path);
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("serve", "--model", path, "--port", "0"));

        Assert.Contains("expected a model of 784 pixels and 10 classes but it has 4 and 2", terminal.OneErrorLine());
    }

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
