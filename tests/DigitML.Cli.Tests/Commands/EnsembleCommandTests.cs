using DigitML.Evaluation;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Cli.Tests.Commands;

/// <summary><c>ensemble</c>, and <c>train --recipe committee</c>.</summary>
public sealed class EnsembleCommandTests(DrawnDigits drawn) : IClassFixture<DrawnDigits>, IDisposable
{
    private readonly TemporaryFolder _place = new();

    public void Dispose() => _place.Dispose();

    private string[] Committee(string output, params string[] more) =>
        ["train", "--recipe", "committee", "--data", drawn.Folder, "--hidden", "19,11", "--epochs", "3", "--batch-size", "16", "--validation", "0.2", "--output", _place.File(output), .. more];

    [Fact]
    public async Task Train_Committee_WritesMembersOfFollowingSeedsAndTheirEnsemble()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await terminal.RunAsync(Committee("out", "--members", "3", "--seed", "8")));

        Mlp[] members = [.. Enumerable.Range(1, 3).Select(member => Mlp.Load(_place.File($"out/member-{member}/digits.onnx")))];
        Assert.Equal([8, 9, 10], Enumerable.Range(1, 3).Select(member => TrainingHistory.Load(_place.File($"out/member-{member}/history.json")).Options.Seed));
        Assert.Equal(3, members.Select(member => member.Hash).Distinct().Count());
        var ensemble = Mlp.Load(_place.File("out/digits.onnx"));
        Assert.Equal(MlpEnsemble.Join(members).Hash, ensemble.Hash);
        Assert.Equal(ensemble.Hash, EvaluationResult.Load(_place.File("out/evaluation.json")).ModelHash);
        Assert.Contains(terminal.Lines, line => line.Contains("Network 2 of 3, seed 9", StringComparison.Ordinal));
        Assert.Matches(@"Validation accuracy of each: (\d+\.\d\d %, ){2}\d+\.\d\d %; of all together: \d+\.\d\d %", terminal.Output);

        var joined = new TestTerminal();
        var file = _place.File("new/joined.onnx");
        Assert.Equal(ExitCode.Done, await joined.RunAsync(["ensemble", .. Enumerable.Range(1, 3).Select(member => _place.File($"out/member-{member}/digits.onnx")), "--output", file]));
        Assert.Equal(ensemble.Hash, Mlp.Load(file).Hash);
        Assert.Contains("Joined:  3 networks 784-19-11-10", joined.Output);
        Assert.Equal(ExitCode.Done, await new TestTerminal().RunAsync("evaluate", "--model", file, "--data", drawn.Folder));
    }

    [Fact]
    public async Task Train_ATeacher_SaysSoAndIsNamedInTheModel()
    {
        Assert.Equal(ExitCode.Done, await new TestTerminal().RunAsync(Committee("teacher", "--members", "2")));
        var file = _place.File("teacher/digits.onnx");
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await terminal.RunAsync(["train", "--data", drawn.Folder, "--hidden", "9", "--epochs", "2", "--teacher", file, "--teacher-share", "0.7", "-o", _place.File("student")]));

        Assert.Contains("70 % of the loss from the teacher's answers", terminal.Output);
        Assert.Equal(Mlp.Load(file).Hash, Mlp.Load(_place.File("student/digits.onnx")).Metadata["teacher"]);
        Assert.Equal(0.7f, TrainingHistory.Load(_place.File("student/history.json")).Options.Distillation!.Share);

        var none = new TestTerminal();
        Assert.Equal(ExitCode.Failed, await none.RunAsync(["train", "--data", drawn.Folder, "--teacher", _place.File("nowhere.onnx"), "-o", _place.File("none")]));
        Assert.Contains("nowhere.onnx", none.OneErrorLine());
    }

    [Fact]
    public async Task Train_CommitteeBrokenOff_GoesOnToTheSameBytes()
    {
        await new TestTerminal().RunAsync(Committee("whole", "--members", "2"));
        await new TestTerminal().RunAsync(Committee("first", "--members", "2", "--checkpoint", _place.File("states")));
        File.Delete(_place.File("states/member-2/epoch-3.checkpoint"));

        var again = new TestTerminal();
        Assert.Equal(ExitCode.Done, await again.RunAsync(Committee("again", "--members", "2", "--checkpoint", _place.File("states"))));

        Assert.Contains("Going on after epoch 2 of 3", again.Error);
        var expected = await File.ReadAllBytesAsync(_place.File("whole/digits.onnx"), TestContext.Current.CancellationToken);
        Assert.Equal(expected, await File.ReadAllBytesAsync(_place.File("again/digits.onnx"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("--members must be 2 to 100; got 1.", "--recipe", "committee", "--members", "1")]
    [InlineData("--members needs --recipe committee; the other recipes train one network.", "--recipe", "fast", "--members", "3")]
    public async Task Train_MembersThatDoNotFit_SaysSoBeforeAnythingIsRead(string expected, params string[] more)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync(["train", "--data", _place.File("nowhere"), .. more]));

        Assert.Equal($"error: {expected}", terminal.OneErrorLine());
    }

    [Fact]
    public async Task Ensemble_ModelsThatDoNotGoTogether_SaysWhich()
    {
        Save("a.onnx", 5);
        Save("b.onnx", 6);
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("ensemble", _place.File("a.onnx"), _place.File("b.onnx"), "--output", _place.File("c.onnx")));

        Assert.Equal("error: Member 2 is a network 4-6-3; expected 4-5-3, as the first.", terminal.OneErrorLine());
        Assert.False(File.Exists(_place.File("c.onnx")));

        void Save(string name, int hidden) => new Mlp(
            PixelNormalization.UnitRange,
            [new DenseLayer(4, hidden, new float[4 * hidden], new float[hidden]), new DenseLayer(hidden, 3, new float[3 * hidden], new float[3])]).Save(_place.File(name));
    }
}
