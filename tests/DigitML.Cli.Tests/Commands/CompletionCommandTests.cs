using System.ComponentModel;

namespace DigitML.Cli.Tests.Commands;

/// <summary>The scripts are run by the shells they are for, where those are installed, and looked through in any case.</summary>
public sealed class CompletionCommandTests : IDisposable
{
    private readonly TemporaryFolder _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Completion_AnyShell_NamesEveryCommandItsOptionsAndTheirWords(string shell)
    {
        var script = await ScriptAsync(shell);

        Assert.All(["digitml train", "digitml data synthesize", "digitml notebook run", "digitml completion"], path => Assert.Contains(path, script));
        Assert.All(["recipe", "min-accuracy", "single", "rate-limit", "test-count", "timeout", "help"], option => Assert.Contains(option, script));
        Assert.All(["thesis", "reader", "synthetic", "standardize", "pwsh"], word => Assert.Contains(word, script));
        Assert.DoesNotContain("UnitRange", script);
        Assert.DoesNotContain('\r', script);
    }

    [Fact]
    public async Task Completion_AShellThatIsNotKnown_SaysWhichAre()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("completion", "tcsh"));

        Assert.Equal("error: SHELL must be one of bash, zsh, fish, pwsh; got 'tcsh'.", terminal.OneErrorLine());
    }

    [Theory]
    [InlineData("artifacts completion data ensemble evaluate notebook predict quantize search serve train", "")]
    [InlineData("train", "tr")]
    [InlineData("--recipe", "train", "--rec")]
    [InlineData("committee fast plain reader record thesis", "train", "--recipe", "")]
    [InlineData("fast", "train", "--recipe", "=", "f")]
    [InlineData("committee fast plain reader record thesis", "train", "--recipe", "=")]
    [InlineData("standardize unit", "train", "--scaling", "")]
    [InlineData("", "train", "--epochs", "")]
    [InlineData("--data --dataset", "train", "--output", "data", "--da")]
    [InlineData("download info synthesize verify", "data", "")]
    [InlineData("--count", "data", "synthesize", "--co")]
    [InlineData("a.png dashes folder", "predict", "")]
    [InlineData("folder", "train", "-o", "")]
    [InlineData("a.png", "evaluate", "--model", "a")]
    [InlineData("", "predict", "--", "--")]
    public async Task Completion_InBash_OffersWhatMayStandThere(string expected, params string[] words)
    {
        await File.WriteAllTextAsync(_place.File("script"), await ScriptAsync("bash"), TestContext.Current.CancellationToken);
        var test = $"""
            source ./script
            cd at
            COMP_WORDS=(digitml {Quoted(words)})
            COMP_CWORD={words.Length}
            _digitml
            printf '%s\n' "${"{COMPREPLY[@]}"}"
            """;

        Assert.Equal(expected, await RunAsync("bash", test, "--norc", "--noprofile"));
    }

    [Theory]
    [InlineData("artifacts completion data ensemble evaluate notebook predict quantize search serve train", "")]
    [InlineData("committee fast plain reader record thesis", "train", "--recipe", "")]
    [InlineData("committee fast plain reader record thesis", "train", "--recipe=")]
    [InlineData("bash fish pwsh zsh", "completion", "")]
    [InlineData("files", "predict", "")]
    [InlineData("-/ files", "train", "-o", "")]
    public async Task Completion_InZsh_OffersWhatMayStandThere(string expected, params string[] words)
    {
        await File.WriteAllTextAsync(_place.File("script"), await ScriptAsync("zsh"), TestContext.Current.CancellationToken);

        // zsh's own functions, which work within its line editor alone, are stood in for.
        var test = $$"""
            compdef() { }
            compset() { }
            compadd() { shift; print -l -- $* }
            _files() { print -l -- files $* }
            _describe() { print -l -- ${${(P)@[-1]}%%:*} }
            source ./script
            words=(digitml {{Quoted(words)}})
            CURRENT={{words.Length + 1}}
            _digitml
            """;

        Assert.Equal(expected, await RunAsync("zsh", test, "-f"));
    }

    [Theory]
    [InlineData("artifacts completion data ensemble evaluate notebook predict quantize search serve train", "digitml ")]
    [InlineData("--recipe", "digitml train --rec")]
    [InlineData("committee fast plain reader record thesis", "digitml train --recipe ")]
    [InlineData("download info synthesize verify", "digitml data ")]
    [InlineData("a.png", "digitml predict a")]
    public async Task Completion_InFish_OffersWhatMayStandThere(string expected, string line)
    {
        await File.WriteAllTextAsync(_place.File("script"), await ScriptAsync("fish"), TestContext.Current.CancellationToken);

        Assert.Equal(expected, await RunAsync("fish", $"source ./script; cd at; complete -C '{line}' | string split -f 1 \\t", "-N"));
    }

    private static async Task<string> ScriptAsync(string shell)
    {
        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("completion", shell));
        return terminal.Output;
    }

    private static string Quoted(string[] words) => string.Join(' ', words.Select(word => $"'{word}'"));

    // What the shell prints, in order, in one line.
    private async Task<string> RunAsync(string shell, string script, params string[] options)
    {
        Directory.CreateDirectory(_place.File("at/folder"));
        await File.WriteAllTextAsync(_place.File("at/a.png"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_place.File("at/dashes"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_place.File("test"), script.ReplaceLineEndings("\n"), TestContext.Current.CancellationToken);
        try
        {
            var environment = new Dictionary<string, string?> { ["HOME"] = _place.File("at") };
            var (code, output, error) = await ChildProcess.RunAsync(shell, _place.File("."), environment, [.. options, "./test"]);
            Assert.True(code == 0 || error.Length == 0, error);
            return string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal));
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{shell} is not installed.");
            throw;
        }
    }
}
