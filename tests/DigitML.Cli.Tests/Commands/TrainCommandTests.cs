using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DigitML.Evaluation;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Cli.Tests.Commands;

public sealed partial class TrainCommandTests : IClassFixture<DrawnDigits>, IDisposable
{
    private readonly DrawnDigits _drawn;
    private readonly TemporaryFolder _place = new();

    public TrainCommandTests(DrawnDigits drawn)
    {
        _drawn = drawn;
    }

    public void Dispose() => _place.Dispose();

    /// <summary>A command line that trains in a moment, with options put in place of its own.</summary>
    private string[] Tiny(params string[] more)
    {
        var args = new List<string> { "train" };
        string[] own = ["--data", _drawn.Folder, "--hidden", "19", "--epochs", "2", "--seed", "31", "--output", _place.File("out")];
        foreach (var pair in own.Chunk(2))
        {
            args.AddRange(more.Contains(pair[0]) ? [] : pair);
        }

        return [.. args, .. more];
    }

    [Fact]
    public async Task Train_SyntheticDigits_WritesModelHistoryAndEvaluation()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await terminal.RunAsync(Tiny("--epochs", "9")));

        Assert.Empty(terminal.Error);
        Assert.Equal(["out", "out/digits.onnx", "out/evaluation.json", "out/history.json"], _place.Entries);
        var model = Mlp.Load(_place.File("out/digits.onnx"));
        var history = TrainingHistory.Load(_place.File("out/history.json"));
        var evaluation = EvaluationResult.Load(_place.File("out/evaluation.json"));
        Assert.Equal([784, 19], model.Layers.Select(layer => layer.Inputs));
        Assert.Equal(DrawnDigits.TrainCount, history.TrainingImages + history.ValidationImages);
        Assert.Equal(DrawnDigits.TestCount, evaluation.Count);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_place.File("out/digits.onnx")))), evaluation.ModelHash);

        // Nineteen units and nine epochs on a few hundred digits learn something: chance is 0.1.
        Assert.True(evaluation.MicroAccuracy > 0.25, $"{evaluation}");
    }

    [Fact]
    public async Task Train_SyntheticDigits_SaysSoWhereverAFigureIs()
    {
        var terminal = new TestTerminal();

        await terminal.RunAsync(Tiny());

        // Losses and shares by line; the confusion matrix and the samples stand under titles that say it.
        var figures = terminal.Lines.Where(line => Figure().IsMatch(line)).ToArray();
        Assert.Equal(2 + 1 + 3 + 10, figures.Length);
        Assert.All(figures, line => Assert.Contains("synthetic", line));
        Assert.All(new[] { "Accuracy on", "Confusion matrix", "Each class", "Samples of" }, title => Assert.Contains("synthetic", terminal.Lines.Single(line => line.StartsWith(title, StringComparison.Ordinal))));
        Assert.DoesNotContain("MNIST", terminal.Output);
        Assert.All(Directory.GetFiles(_place.File("out"), "*.json"), file => Assert.Contains("\"synthetic\": true", File.ReadAllText(file)));
        Assert.Equal("true", Mlp.Load(_place.File("out/digits.onnx")).Metadata["synthetic"]);
    }

    [Fact]
    public async Task Train_Verbose_SaysWhereTheTimeWent()
    {
        var terminal = new TestTerminal();
        await terminal.RunAsync(Tiny("--verbose"));

        var title = Assert.Single(terminal.Lines, line => line.StartsWith("Where the time went at ", StringComparison.Ordinal));
        Assert.Matches(@" \d[\d,]* images/s .*synthetic", title);
        var phases = terminal.Lines.SkipWhile(line => line != title).Skip(2).TakeWhile(line => line.Length > 0).Select(line => PhaseLine().Match(line)).ToArray();
        Assert.All(phases, phase => Assert.True(phase.Success));
        Assert.Contains("setup", phases.Select(phase => phase.Groups[1].Value));

        // What is too little to show, and each line's rounding.
        Assert.InRange(phases.Sum(phase => double.Parse(phase.Groups[2].ValueSpan, CultureInfo.InvariantCulture)), 98.5, 101);

        var plain = new TestTerminal();
        await plain.RunAsync(Tiny());
        Assert.DoesNotContain("Where the time went", plain.Output);
    }

    [GeneratedRegex(@"^  ([a-z ]+?) +\d+\.\d{3} +(\d+\.\d) %$")]
    private static partial Regex PhaseLine();

    [Fact]
    public async Task Train_SameSeedOnOtherThreads_WritesTheSameModel()
    {
        await new TestTerminal().RunAsync(Tiny("--threads", "1"));
        var first = File.ReadAllBytes(_place.File("out/digits.onnx"));
        await new TestTerminal().RunAsync(Tiny("--threads", "3"));

        Assert.Equal(first, File.ReadAllBytes(_place.File("out/digits.onnx")));
    }

    [Fact]
    public async Task Train_WithoutATerminal_PrintsPlainTextOnly()
    {
        var terminal = new TestTerminal();

        await terminal.RunAsync(Tiny());

        Assert.DoesNotContain('\u001b', terminal.Output);
        Assert.DoesNotContain("\r ", terminal.Output);
        Assert.All(terminal.Lines, line => Assert.True(line.Length <= 80 || line.StartsWith("Written:", StringComparison.Ordinal) || line.StartsWith("Next:", StringComparison.Ordinal), line));
    }

    [Fact]
    public async Task Train_InATerminal_DrawsTenSamples()
    {
        var terminal = new TestTerminal(isLive: true);

        await terminal.RunAsync(Tiny());

        Assert.Contains("▀", terminal.Output);
        Assert.Contains("\u001b[", terminal.Output);
    }

    [Fact]
    public async Task Train_Json_PrintsOneObjectAndNothingElse()
    {
        var terminal = new TestTerminal(isLive: true);

        Assert.Equal(ExitCode.Done, await terminal.RunAsync(Tiny("--json")));

        using var summary = JsonDocument.Parse(Assert.Single(terminal.Lines));
        Assert.Equal("drawn test", summary.RootElement.GetProperty("dataset").GetString());
        Assert.True(summary.RootElement.GetProperty("synthetic").GetBoolean());
        Assert.Equal(2, summary.RootElement.GetProperty("epochs").GetInt32());
        Assert.Equal("completed", summary.RootElement.GetProperty("stopReason").GetString());
        Assert.Equal(_place.File(Path.Combine("out", "digits.onnx")), summary.RootElement.GetProperty("model").GetString());
    }

    [Fact]
    public async Task Train_Quiet_PrintsTheResultAlone()
    {
        var terminal = new TestTerminal();

        await terminal.RunAsync(Tiny("--quiet"));

        Assert.Contains("drawn test (synthetic): accuracy", Assert.Single(terminal.Lines));
    }

    [Fact]
    public async Task Train_CancelledBeforeTheFirstEpochIsOver_WritesNothing()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Cancelled, await terminal.RunAsync(new CancellationToken(canceled: true), Tiny()));

        Assert.Contains("othing was written", terminal.OneErrorLine());
        Assert.Empty(_place.Entries);
    }

    [Fact]
    public async Task Train_CancelledAfterAnEpoch_KeepsTheModelAndSaysSo()
    {
        using var cancellation = new CancellationTokenSource();
        using var output = new Watched(line => line.Contains(" 1/400 ", StringComparison.Ordinal), cancellation.Cancel);
        var terminal = new TestTerminal(output: output);

        Assert.Equal(ExitCode.Done, await terminal.RunAsync(cancellation.Token, Tiny("--epochs", "400")));

        Assert.StartsWith("note: Cancelled after ", terminal.OneErrorLine());
        Assert.Equal(3, Directory.GetFiles(_place.File("out")).Length);
        Assert.Equal(StopReason.Cancelled, TrainingHistory.Load(_place.File("out/history.json")).StopReason);
    }

    [Fact]
    public async Task Train_LossThatBecomesNaN_SaysWhatToChangeAndEndsWith1()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync(Tiny("--optimizer", "sgd", "--learning-rate", "1e30")));

        var line = terminal.OneErrorLine();
        Assert.Contains("NaN or infinite", line);
        Assert.Contains("Lower --learning-rate", line);
        Assert.Empty(_place.Entries);
    }

    [Fact]
    public async Task Train_ALearningRateAtWhichNothingIsLearnt_SaysSoAndEndsWith1()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync(Tiny("--learning-rate", "1e9")));

        var line = terminal.OneErrorLine();
        Assert.StartsWith("error: Nothing was learnt: the accuracy of ", line);
        Assert.Contains("Lower --learning-rate (1E+09)", line);
        Assert.Equal(3, Directory.GetFiles(_place.File("out")).Length);
    }

    [Fact]
    public async Task Train_Help_SaysWhatEachRecipeIs()
    {
        var terminal = new TestTerminal(width: 400);

        Assert.Equal(ExitCode.Done, await terminal.RunAsync("train", "--help"));

        var help = string.Join(' ', terminal.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.All([.. Recipes.Names, "reader"], recipe => Assert.Contains($" {recipe}: ", help));
        Assert.Contains("as published, 784-128-32-10.", help);
        Assert.Contains("784-1536-768-10.", help);
    }

    [Theory]
    [InlineData("--learning-rate", "NaN")]
    [InlineData("--learning-rate", "-1")]
    [InlineData("--epochs", "0")]
    [InlineData("--hidden", "128,,32")]
    [InlineData("--validation", "1")]
    [InlineData("--limit", "0")]
    [InlineData("--dataset", "mnits")]
    [InlineData("--recipe", "slow")]
    [InlineData("--test", "x.csv")]
    public async Task Train_AnOptionOutOfItsRange_IsNamedAndNothingIsWritten(string option, string value)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync(Tiny(option, value)));

        Assert.StartsWith($"error: {option} ", terminal.OneErrorLine());
        Assert.Empty(_place.Entries);
    }

    [Fact]
    public async Task Train_OutputThatCannotBeWritten_IsFoundBeforeTraining()
    {
        File.WriteAllText(_place.File("file"), "");
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync(Tiny("--output", _place.File("file/out"))));

        Assert.Contains("--output", terminal.OneErrorLine());
        Assert.Empty(terminal.Output);
        Assert.Equal(["file"], _place.Entries);
    }

    [Fact]
    public async Task Train_FoldersAndFilesOfOnesOwn_AreCalledByTheirNames()
    {
        var mine = Directory.CreateDirectory(_place.File("mine")).FullName;
        foreach (var file in Directory.GetFiles(_drawn.Folder))
        {
            File.Copy(file, Path.Combine(mine, Path.GetFileName(file).Replace("synthetic-", "", StringComparison.Ordinal)));
        }

        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync(Tiny("--data", mine)));

        Assert.Contains("Train: mine train, 907 images", terminal.Lines[0]);
        Assert.Contains("called by their folder's name", terminal.OneErrorLine());
        Assert.DoesNotContain("on MNIST", terminal.Output);
    }

    [Fact]
    public async Task Train_DatasetSynthetic_DrawsItsDigits()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await terminal.RunAsync("train", "--dataset", "synthetic", "--limit", "703", "--epochs", "1", "--output", _place.File("out")));

        Assert.StartsWith("Train: synthetic digits train, 703 images", terminal.Lines[0]);
        Assert.Contains(terminal.Lines, line => line.StartsWith("Accuracy on synthetic digits test: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Train_LimitAndTestFile_AreTaken()
    {
        var terminal = new TestTerminal();
        var images = Path.Combine(_drawn.Folder, "synthetic-train-images-idx3-ubyte.gz");
        var test = Path.Combine(_drawn.Folder, "synthetic-t10k-images-idx3-ubyte.gz");

        Assert.Equal(ExitCode.Done, await terminal.RunAsync(Tiny("--data", images, "--test", test, "--limit", "501")));

        Assert.Contains("501 images", terminal.Lines[0]);
        Assert.Contains($"{DrawnDigits.TestCount} images", terminal.Lines[1]);
    }

    [Fact]
    public async Task Train_FolderWithAPartOfMnist_IsDamagedMnistAndNoOther()
    {
        var mine = Directory.CreateDirectory(_place.File("mine")).FullName;
        foreach (var file in Directory.GetFiles(_drawn.Folder))
        {
            File.Copy(file, Path.Combine(mine, Path.GetFileName(file).Replace("synthetic-", "", StringComparison.Ordinal)));
        }

        File.Copy(Path.Combine(RealMnist.FolderOrSkip(), "t10k-labels-idx1-ubyte.gz"), Path.Combine(mine, "t10k-labels-idx1-ubyte.gz"), overwrite: true);
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync(Tiny("--data", mine)));

        Assert.Contains("expected MNIST's", terminal.OneErrorLine());
    }

    [Fact]
    public async Task Train_RealMnist_LearnsIt()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await terminal.RunAsync("train", "--data", RealMnist.FolderOrSkip(), "--dataset", "mnist", "--epochs", "1", "--output", _place.File("out")));

        Assert.Contains(terminal.Lines, line => line.StartsWith("Accuracy on MNIST test: 9", StringComparison.Ordinal));
        Assert.True(EvaluationResult.Load(_place.File("out/evaluation.json")).MicroAccuracy > 0.93);
    }

    // A loss, a share with two decimals, or a run's own line of them; the matrix's shares have one.
    [GeneratedRegex(@"loss \d|\d\.\d\d %")]
    private static partial Regex Figure();

    /// <summary>Output that acts when a certain line comes by.</summary>
    private sealed class Watched(Func<string, bool> isIt, Action act) : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (isIt(value ?? ""))
            {
                act();
            }
        }
    }
}
