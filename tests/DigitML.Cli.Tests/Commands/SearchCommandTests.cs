using System.Text.Json.Nodes;

namespace DigitML.Cli.Tests.Commands;

public sealed class SearchCommandTests : IDisposable
{
    private static readonly string[] s_small = ["--dataset", "synthetic", "--limit", "200", "--trials", "3", "--epochs", "3", "--workers", "1", "--fix", "units1=8,16", "--fix", "units2=8", "--fix", "units3=8", "--fix", "augmentation=0"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Search_TheSameSeedAndTrials_PrintTheSameJson()
    {
        var first = await JsonOf("a", [.. s_small, "--seed", "5"]);
        var second = await JsonOf("b", [.. s_small, "--seed", "5"]);
        var other = await JsonOf("c", [.. s_small, "--seed", "6"]);
        Assert.Equal(first.ToJsonString(), second.ToJsonString());
        Assert.NotEqual(first.ToJsonString(), other.ToJsonString());
        Assert.Equal(3, (int)first["trials"]!);
        Assert.True((bool)first["synthetic"]!);
        Assert.Equal(File.ReadAllBytes(_folder.File(Path.Combine("a", "digits.onnx"))), File.ReadAllBytes(_folder.File(Path.Combine("b", "digits.onnx"))));
    }

    [Fact]
    public async Task Search_FoldersOfNamedClasses_WritesAllThatItSays()
    {
        DrawnLetters.Write(_folder.File("letters"), each: 6, seed: 5);
        var terminal = new TestTerminal(width: 400);
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("search", _folder.File("letters"), "--no-cache", "--trials", "2", "--epochs", "3", "--fix", "units1=16", "--output", _folder.File("out")));
        Assert.Equal("", terminal.Error);
        Assert.Contains("The top 2 of 2 trials", terminal.Output, StringComparison.Ordinal);
        var written = terminal.Lines.Single(line => line.StartsWith("Written: ", StringComparison.Ordinal))["Written: ".Length..].Split(", ");
        Assert.All(written, path => Assert.True(Path.Exists(path), path));
        var report = await File.ReadAllTextAsync(_folder.File(Path.Combine("out", "report.md")), TestContext.Current.CancellationToken);
        Assert.Contains("digitml search ", report, StringComparison.Ordinal);
        Assert.DoesNotContain("| Machine | not known", report.Replace("`", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.All(["model.onnx", "evaluation.json", "consume/console/Program.cs", "consume/api/Program.cs", "training/Program.cs", "lib/DigitML.dll"], name => Assert.Contains($"out/{name}", _folder.Entries));
    }

    [Fact]
    public async Task Search_ATableAndATrainerOfMLNet_WritesItsModelAndNamesItsClasses()
    {
        await WriteTable("birds.csv", ofLast: 30);
        var result = await JsonOf("out", "--tabular", _folder.File("birds.csv"), "--label-column", "kind", "--trials", "2", "--epochs", "3", "--trainers", "sdca");
        Assert.Equal("sdca", (string?)result["trainer"]);
        Assert.True((double)result["testAccuracy"]! > 0.8, result.ToJsonString());
        Assert.Contains("out/model.zip", _folder.Entries);
        Assert.Contains(" rows, log-loss ", await File.ReadAllTextAsync(_folder.File(Path.Combine("out", "report.md")), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("[\"heron\", \"robin\", \"wren\"]", await File.ReadAllTextAsync(_folder.File(Path.Combine("out", "consume", "api", "Program.cs")), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_TheConsoleProgramOfANetwork_BuildsWithoutWarningsAndRuns()
    {
        await JsonOf("out", s_small);
        var program = _folder.File(Path.Combine("out", "consume", "console"));
        var build = await ChildProcess.RunAsync("dotnet", program, new Dictionary<string, string?>(), "build", "-nologo", "-warnaserror", "-p:UseSharedCompilation=false", "--output", _folder.File("built"));
        Assert.True(build.ExitCode == 0, build.Output + build.Error);
        var run = await ChildProcess.RunAsync("dotnet", program, new Dictionary<string, string?>(), _folder.File(Path.Combine("built", "Console.dll")));
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Equal(10, run.Output.Split('\n').Count(line => line.StartsWith("synthetic digit ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("--trainers must be some of mlp, lightgbm", "--trainers", "foo")]
    [InlineData("--fix must be a name and a value", "--fix", "activation")]
    [InlineData("activation must be one of relu, leakyRelu", "--fix", "activation=foo")]
    [InlineData("HiddenLayers must hold 1 to 65536", "--fix", "units1=-3")]
    [InlineData("learningRate must be a number; got 'fast'", "--fix", "learningRate=fast")]
    [InlineData("The search space has no setting 'foo'", "--fix", "foo=1")]
    [InlineData("got 2 to 1", "--range", "learningRate=2..1")]
    [InlineData("--range must be a name and two numbers", "--range", "learningRate=a..b")]
    [InlineData("--minutes must be above 0", "--minutes", "0")]
    public async Task Search_WhatCannotBe_IsSaidInOneLine(string expected, params string[] options)
    {
        await WriteTable("birds.csv", ofLast: 30);
        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Failed, await terminal.RunAsync(["search", "--tabular", _folder.File("birds.csv"), "--label-column", "kind", "--output", _folder.File("out"), .. options]));
        Assert.Contains(expected, terminal.OneErrorLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_AClassWithOneExample_IsNamed()
    {
        await WriteTable("birds.csv", ofLast: 1);
        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("search", "--tabular", _folder.File("birds.csv"), "--label-column", "kind", "--output", _folder.File("out")));
        Assert.Contains("class 'wren' has one example", terminal.OneErrorLine(), StringComparison.Ordinal);
    }

    /// <summary>What <c>--json</c> prints, without what differs from run to run: seconds and the folder.</summary>
    private async Task<JsonObject> JsonOf(string output, params string[] options)
    {
        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync(["search", .. options, "--json", "--output", _folder.File(output)]));
        var result = JsonNode.Parse(Assert.Single(terminal.Lines))!.AsObject();
        Assert.All(["searchSeconds", "refitSeconds", "model"], name => Assert.True(result.Remove(name), name));
        return result;
    }

    private Task WriteTable(string name, int ofLast)
    {
        var random = new Random(3);
        var lines = new List<string> { "length,weight,kind" };
        foreach (var (kind, index, count) in new[] { ("robin", 1, 30), ("heron", 2, 30), ("wren", 0, ofLast) })
        {
            lines.AddRange(Enumerable.Range(0, count).Select(_ => Invariant($"{10 + (30 * index) + random.Next(8)},{0.5 + (2 * index) + random.NextDouble():F2},{kind}")));
        }

        return File.WriteAllLinesAsync(_folder.File(name), lines, TestContext.Current.CancellationToken);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
