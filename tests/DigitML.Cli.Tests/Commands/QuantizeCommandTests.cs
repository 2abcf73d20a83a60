using DigitML.Data;
using DigitML.Models;

namespace DigitML.Cli.Tests.Commands;

public sealed class QuantizeCommandTests(TrainedModel model) : IClassFixture<TrainedModel>, IDisposable
{
    private readonly TemporaryFolder _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Quantize_AModel_WritesItInWholeNumbersAndSaysWhatThatCosts()
    {
        var terminal = new TestTerminal();
        var output = _place.File("new/digits-int8.onnx");

        Assert.Equal(ExitCode.Done, await terminal.RunAsync("quantize", "--model", model.File, "--output", output, "--dataset", "synthetic", "--limit", "307"));

        var written = Mlp.Load(output);
        Assert.True(written.IsQuantized);
        Assert.Equal(Mlp.Load(model.File).Shape, written.Shape);
        Assert.Matches(@"Accuracy on synthetic.*: \d+\.\d\d % in floats, \d+\.\d\d % in whole numbers; \d+ of \d+ answers changed", terminal.Output);
        Assert.InRange(new FileInfo(output).Length, 1, new FileInfo(model.File).Length / 2);

        var evaluation = new TestTerminal();
        Assert.Equal(ExitCode.Done, await evaluation.RunAsync("evaluate", "--model", output, "--dataset", "synthetic", "--limit", "101", "--min-accuracy", "0.5"));
    }

    [Fact]
    public async Task Quantize_WhatIsInWholeNumbersAlready_SaysSo()
    {
        var file = _place.File("int8.onnx");
        Mlp.Load(model.File).Quantize(model.Digits.Pixels).Save(file);
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("quantize", "--model", file, "--output", _place.File("again.onnx"), "--dataset", "synthetic", "--limit", "20"));

        Assert.Contains("is in whole numbers already", terminal.OneErrorLine());
        Assert.False(File.Exists(_place.File("again.onnx")));
    }

    [Fact]
    public async Task Quantize_PicturesOfAnotherSize_SaysBothSizes()
    {
        IdxWriter.WriteImages(new LabelledImages("small", 5, 4, new byte[20 * 60], Enumerable.Range(0, 60).Select(i => (byte)(i % 3)).ToArray()), _place.File("small-images-idx3-ubyte"), _place.File("small-labels-idx1-ubyte"));
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("quantize", "--model", model.File, "--output", _place.File("out.onnx"), "--data", _place.File("small-images-idx3-ubyte")));

        Assert.Contains("expected pictures of 784 pixels, which the model takes; these have 20.", terminal.OneErrorLine());
    }
}
