using DigitML.Data;
using DigitML.Evaluation;

namespace DigitML.Cli.Tests.Commands;

public sealed class EvaluateCommandTests : IClassFixture<TrainedModel>, IDisposable
{
    private readonly TrainedModel _model;
    private readonly TemporaryFolder _place = new();
    private readonly string _images;

    public EvaluateCommandTests(TrainedModel model)
    {
        _model = model;
        _images = _place.File("synthetic-images-idx3-ubyte");
        IdxWriter.WriteImages(model.Digits.Take(211), _images, _place.File("synthetic-labels-idx1-ubyte"));
    }

    public void Dispose() => _place.Dispose();

    private Task<int> Run(TestTerminal terminal, params string[] more) => terminal.RunAsync(["evaluate", "--model", _model.File, .. more]);

    [Fact]
    public async Task Evaluate_AFileWithItsLabelsBesideIt_ShowsFiguresMatrixAndClasses()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await Run(terminal, "--data", _images));

        Assert.Contains("211 images", terminal.Output);
        Assert.All(new[] { "Accuracy on synthetic-", "Confusion matrix, synthetic-", "Each class, synthetic-" }, title => Assert.Contains(title, terminal.Output));
        Assert.Empty(terminal.Error);
    }

    [Fact]
    public async Task Evaluate_Json_PrintsWhatReportWrites()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await Run(terminal, "--data", _images, "--json", "--report", _place.File("report")));

        Assert.Equal(File.ReadAllText(_place.File("report/evaluation.json")), terminal.Output);
        var evaluation = EvaluationResult.FromJson(terminal.Output);
        Assert.Equal(211, evaluation.Count);
        Assert.Equal(ModelFile.HashOf(_model.File), evaluation.ModelHash);
    }

    [Theory]
    [InlineData("0.1", ExitCode.Done)]
    [InlineData("1", ExitCode.GateNotMet)]
    public async Task Evaluate_MinAccuracy_IsAGate(string minimum, int expected)
    {
        // One label that no model of digits gets right, so that 1 is out of reach.
        var labels = _model.Digits.Labels[..211].ToArray();
        labels[7] = (byte)((labels[7] + 5) % 10);
        IdxWriter.Write(_place.File("labels"), new IdxArray(IdxElementType.UInt8, [labels.Length], labels));
        var terminal = new TestTerminal();

        Assert.Equal(expected, await Run(terminal, "--data", _images, "--labels", _place.File("labels"), "--min-accuracy", minimum));

        if (expected == ExitCode.GateNotMet)
        {
            Assert.StartsWith("gate: The accuracy on synthetic-", terminal.OneErrorLine());
        }
    }

    [Theory]
    [InlineData("--min-accuracy", "97", "--min-accuracy must be a share from 0 to 1, such as 0.975; got 97.")]
    [InlineData("--min-accuracy", "NaN", "--min-accuracy must be")]
    [InlineData("--threads", "-1", "--threads must be 0 to 1024; got -1.")]
    public async Task Evaluate_AnOptionOutOfItsRange_IsNamed(string option, string value, string expected)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await Run(terminal, "--data", _images, option, value));

        Assert.StartsWith($"error: {expected}", terminal.OneErrorLine());
    }

    [Fact]
    public async Task Evaluate_MoreClassesThanTheModelHas_NamesTheImageAndItsLabel()
    {
        var labels = new byte[211];
        labels[9] = 10;
        IdxWriter.Write(_place.File("labels"), new IdxArray(IdxElementType.UInt8, [labels.Length], labels));
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await Run(terminal, "--data", _images, "--labels", _place.File("labels"), "--report", _place.File("report")));

        Assert.Contains("image 9 has label 10", terminal.OneErrorLine());
        Assert.False(Directory.Exists(_place.File("report")));
    }

    [Fact]
    public async Task Evaluate_WithoutLabels_SaysThatTheyAreMissing()
    {
        File.Copy(_images, _place.File("bare"));
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await Run(terminal, "--data", _place.File("bare")));

        Assert.Contains("without labels", terminal.OneErrorLine());
    }
}
