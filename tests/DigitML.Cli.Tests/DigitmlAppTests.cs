namespace DigitML.Cli.Tests;

public class DigitmlAppTests
{
    [Fact]
    public async Task Run_NoArguments_ShowsTheCommands()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await terminal.RunAsync());

        Assert.All(["train", "search", "evaluate", "predict", "serve", "data"], command => Assert.Contains($"  {command}", terminal.Output));
        Assert.Empty(terminal.Error);
    }

    [Fact]
    public async Task Run_Version_PrintsNameAndVersion()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await terminal.RunAsync("--version"));

        Assert.Matches(@"^digitml \d+\.\d+\.\d+", terminal.Output);
        Assert.Single(terminal.Lines);
    }

    [Theory]
    [InlineData("train", "--recipe", "--seed", "--output")]
    [InlineData("evaluate", "--model", "--min-accuracy", "--report")]
    [InlineData("predict", "--index", "--json", "PATH")]
    [InlineData("serve", "--model", "--address", "--port", "--api-key", "--rate-limit")]
    [InlineData("data", "download", "verify", "synthesize")]
    public async Task Run_HelpOfACommand_DescribesItsOptions(string command, params string[] expected)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await terminal.RunAsync(command, "--help"));

        Assert.All(expected, word => Assert.Contains(word, terminal.Output));
    }

    [Theory]
    [InlineData("tarin")]
    [InlineData("train", "--epoch", "3")]
    [InlineData("train", "--epochs")]
    [InlineData("data", "synthesize")]
    [InlineData("predict")]
    public async Task Run_ACommandLineThatIsNone_SaysSoInOneLineAndWhereHelpIs(params string[] args)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync(args));

        Assert.StartsWith("error: ", terminal.OneErrorLine());
        Assert.Contains("--help'", terminal.OneErrorLine());
        Assert.Empty(terminal.Output);
    }

    [Theory]
    [InlineData("train", "--data", "")]
    [InlineData("train", "--output", "")]
    [InlineData("evaluate", "--model", "")]
    [InlineData("evaluate", "--report", "")]
    [InlineData("predict", "x.idx", "--model", "")]
    [InlineData("data", "verify", "--data", "")]
    [InlineData("data", "synthesize", "--output", "")]
    [InlineData("data", "info", "--data", "")]
    public async Task Run_AnEmptyPath_IsAnErrorOfOneLine(params string[] args)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync(args));

        Assert.StartsWith("error: ", terminal.OneErrorLine());
        Assert.DoesNotContain("Parameter", terminal.Error);
        Assert.Empty(terminal.Output);
    }
}
