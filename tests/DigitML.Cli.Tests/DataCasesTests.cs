using System.Globalization;
using System.Text.Json;

namespace DigitML.Cli.Tests;

/// <summary>
/// Data files that were once refused or read wrongly, in a folder that DIGITML_CASES names: the shipped model must read them as what they are.
/// They are not part of the repository; the tests of the parts make files of the same kinds.
/// </summary>
public class DataCasesTests
{
    [Theory]
    [InlineData("csv-floats-0-1/scaled.csv", 20)]
    [InlineData("csv-label-last/mnist_784.csv", 20)]
    [InlineData("csv-pandas-defaults/a.csv", 8)]
    [InlineData("csv-pandas-defaults/b.csv", 8)]
    [InlineData("csv-pandas-defaults/c.csv", 8)]
    [InlineData("csv-quoted/quoted.csv", 20)]
    [InlineData("csv-semicolon-decimal-comma/digits.csv", 20)]
    [InlineData("csv-utf16/unicode.csv", 8)]
    [InlineData("emnist-transposed/emnist-digits-test-images-idx3-ubyte.gz", 20)]
    [InlineData("folder-by-class/test", 20)]
    [InlineData("folder-by-class", 20)]
    [InlineData("idx-float/t10k-images-idx3-ubyte", 20)]
    [InlineData("idx-qmnist-labels/qmnist-test-images-idx3-ubyte", 20)]
    [InlineData("npz/mnist.npz", 20)]
    public async Task Evaluate_Case_ReadsEveryDigitRight(string path, int count)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await terminal.RunAsync("evaluate", "--data", CaseOrSkip(path), "--json", "--no-cache"));

        using var evaluation = JsonDocument.Parse(terminal.Output);
        Assert.Equal((count, 1.0), (evaluation.RootElement.GetProperty("count").GetInt32(), evaluation.RootElement.GetProperty("accuracy").GetDouble()));
        Assert.Equal("", terminal.Error);
    }

    [Fact]
    public async Task Evaluate_CaseOfAWebPage_CallsItOne()
    {
        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("evaluate", "--data", CaseOrSkip("downloaded-html/train-images-idx3-ubyte.gz")));
        Assert.Contains("but this is a web page (HTML)", terminal.OneErrorLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_CaseOfAFolder_Trains()
    {
        using var folder = new TemporaryFolder();
        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("train", "--data", CaseOrSkip("folder-by-class"), "--output", folder.File("out"), "--epochs", "30", "--no-cache", "--quiet"));
        Assert.True(File.Exists(folder.File(Path.Combine("out", "digits.onnx"))));
    }

    [Fact]
    public async Task Evaluate_CaseOfNormalisationOutside_NamesTheOptionThatMendsIt()
    {
        var model = CaseOrSkip("onnx-torch-normalize-outside/norm.onnx");
        var mnist = Environment.GetEnvironmentVariable("DIGITML_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(mnist), "MNIST is not on this machine: set DIGITML_DATA to the folder that holds it.");
        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("evaluate", "--data", mnist!, "--model", model));
        Assert.Contains("with --input-scale 0.5,0.5", terminal.OneErrorLine(), StringComparison.Ordinal);

        terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("evaluate", "--data", mnist!, "--model", model, "--input-scale", "0.5,0.5", "--json"));
        using var evaluation = JsonDocument.Parse(terminal.Output);
        Assert.Equal(0.8881, evaluation.RootElement.GetProperty("accuracy").GetDouble());
        Assert.Equal("", terminal.Error);
    }

    private static string CaseOrSkip(string name)
    {
        var cases = Environment.GetEnvironmentVariable("DIGITML_CASES");
        Assert.SkipWhen(string.IsNullOrEmpty(cases), "The cases are not on this machine: set DIGITML_CASES to the folder that holds them.");
        var path = Path.Combine(cases!, name);
        Assert.SkipUnless(Path.Exists(path), string.Create(CultureInfo.InvariantCulture, $"The cases are not on this machine: DIGITML_CASES has no {name}."));
        return path;
    }
}
