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
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_model.File))), evaluation.ModelHash);
    }

    [Fact]
    public async Task Evaluate_Views_AreSaidInEveryReport()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await Run(terminal, "--data", _images, "--views", "--report", _place.File("report")));

        Assert.Contains("211 images in 13 views each", terminal.Output);
        Assert.Contains("\"views\": 13", File.ReadAllText(_place.File("report/evaluation.json")));
        Assert.Contains("means over 13 views of each image", File.ReadAllText(_place.File("report/report.md")));
    }

    [Fact]
    public async Task Evaluate_ATableOfWholeNumbers_IsReadAsItWasTrainedButForViews()
    {
        // Whole numbers from 0 to 255 are learnt as pixels are, and yet this is no picture.
        var text = string.Join('\n', Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{i % 3},{i % 7},{(i % 3 > 0 ? "a" : "b")}")));
        File.WriteAllText(_place.File("table.csv"), $"first,second,label\n{text}\n");
        Assert.Equal(ExitCode.Done, await new TestTerminal().RunAsync("train", "--data", _place.File("table.csv"), "--epochs", "2", "-o", _place.File("out")));
        File.WriteAllText(_place.File("rows.csv"), "first,second\n5,6\n1,2\n");
        var (rows, predicted, terminal) = (new TestTerminal(), new TestTerminal(), new TestTerminal());

        Assert.Equal(ExitCode.Done, await rows.RunAsync("evaluate", "--model", _place.File("out/model.onnx"), "--data", _place.File("table.csv")));
        Assert.Equal(ExitCode.Done, await predicted.RunAsync("predict", "--model", _place.File("out/model.onnx"), _place.File("rows.csv")));
        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("evaluate", "--model", _place.File("out/model.onnx"), "--data", _place.File("table.csv"), "--views"));

        Assert.Contains("60 rows", rows.Output);
        Assert.Matches(@"1 +[ab] +\d", predicted.Output);
        Assert.Equal("error: --views is for pictures; a row of a table has one view.", terminal.OneErrorLine());
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
    public async Task Evaluate_AgainstABaseline_IsAGateWithItsReasonAndAReport()
    {
        Assert.Equal(ExitCode.Done, await Run(new TestTerminal(), "--data", _images, "--report", _place.File("before")));
        var baseline = _place.File("before/evaluation.json");
        var same = new TestTerminal();
        Assert.Equal(ExitCode.Done, await Run(same, "--data", _images, "--baseline", baseline, "--max-drop", "0", "--report", _place.File("report")));
        Assert.Contains("Gate met: The accuracy went from", same.Output);
        Assert.Contains("Change against the baseline", File.ReadAllText(_place.File("report/report.md")));
        Assert.StartsWith("<!doctype html>", File.ReadAllText(_place.File("report/report.html")));

        // The same model on images of which twenty are labelled wrongly does worse by far more than may be lost.
        var labels = _model.Digits.Labels[..211].ToArray();
        foreach (ref var label in labels.AsSpan(0, 20))
        {
            label = (byte)((label + 5) % 10);
        }

        IdxWriter.Write(_place.File("labels"), new IdxArray(IdxElementType.UInt8, [labels.Length], labels));
        var worse = new TestTerminal();
        Assert.Equal(ExitCode.GateNotMet, await Run(worse, "--data", _images, "--labels", _place.File("labels"), "--baseline", baseline, "--max-drop", "0.01"));
        Assert.StartsWith("gate: The accuracy went from", worse.OneErrorLine());
        Assert.Contains("more than the 1 points that may be lost", worse.OneErrorLine());

        var other = new TestTerminal();
        Assert.Equal(ExitCode.Failed, await Run(other, "--data", _images, "--labels", _place.File("labels"), "--baseline", baseline));
        Assert.Contains("baseline: expected an evaluation of the same images", other.OneErrorLine());
    }

    [Fact]
    public async Task Evaluate_WithTheHistoryOfItsTraining_DrawsLearningCurves()
    {
        Assert.Equal(ExitCode.Done, await Run(new TestTerminal(), "--data", _images, "--history", _model.History, "--report", _place.File("report")));
        Assert.Contains("aria-label=\"Learning curves (", File.ReadAllText(_place.File("report/report.html")));

        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Failed, await Run(terminal, "--data", _images, "--history", _place.File("none.json")));
        Assert.Contains("none.json", terminal.OneErrorLine());
    }

    [Fact]
    public async Task Evaluate_Interactive_PutsPlotlyIntoTheReportOnce()
    {
        Assert.Equal(ExitCode.Done, await Run(new TestTerminal(), "--data", _images, "--history", _model.History, "--report", _place.File("plain")));
        Assert.Equal(ExitCode.Done, await Run(new TestTerminal(), "--data", _images, "--history", _model.History, "--report", _place.File("report"), "--interactive"));

        Assert.DoesNotContain("<script", File.ReadAllText(_place.File("plain/report.html")));
        var page = File.ReadAllText(_place.File("report/report.html"));
        Assert.Equal(2, page.Split("* plotly.js v").Length);
        Assert.Contains("drawFigure({\"data\":[", page);

        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Failed, await Run(terminal, "--data", _images, "--interactive"));
        Assert.Equal("error: --interactive needs --report, the folder whose report.html gets the charts.", terminal.OneErrorLine());
    }

    [Fact]
    public async Task Evaluate_InAStepOfGitHubActions_AppendsItsReportToTheSummary()
    {
        var summary = _place.File("summary.md");
        await File.WriteAllTextAsync(summary, "before\n", TestContext.Current.CancellationToken);

        var (code, _, error) = await ChildProcess.RunAsync(
            "dotnet",
            _place.FullName,
            new Dictionary<string, string?> { [StepSummary.Variable] = summary },
            Path.Combine(AppContext.BaseDirectory, "DigitML.Cli.dll"), "evaluate", "--model", _model.File, "--data", _images);

        Assert.True(code == ExitCode.Done, error);
        var text = await File.ReadAllTextAsync(summary, TestContext.Current.CancellationToken);
        Assert.StartsWith("before\n# Evaluation on synthetic-images", text);
        Assert.DoesNotContain("data:", text);
    }

    [Fact]
    public async Task Evaluate_MaxDropWithoutABaseline_SaysWhatIsMissing()
    {
        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Failed, await Run(terminal, "--data", _images, "--max-drop", "0.01"));
        Assert.Equal("error: --max-drop needs --baseline, the evaluation.json that accuracy may drop from.", terminal.OneErrorLine());
    }

    [Fact]
    public async Task Artifacts_AModel_AreWrittenByOneCommand()
    {
        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("artifacts", "--model", _model.File, "--data", _images, "--output", _place.File("artifacts")));
        Assert.Contains("model-index:", File.ReadAllText(_place.File("artifacts/README.md")));
        Assert.True(File.Exists(_place.File("artifacts/charts/worst-errors.svg")));
        Assert.Contains("Command | <code>digitml artifacts", File.ReadAllText(_place.File("artifacts/report.md")));
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
