using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace DigitML.Cli.Tests;

/// <summary>A terminal that remembers, and the tool run in it as a user would.</summary>
internal sealed partial class TestTerminal
{
    private readonly StringBuilder _error = new();

    /// <summary>Creates the terminal.</summary>
    /// <param name="isLive">Whether somebody is watching.</param>
    /// <param name="isUnicode">Whether it shows blocks.</param>
    /// <param name="width">Columns.</param>
    /// <param name="output">Standard output; null to remember it.</param>
    public TestTerminal(bool isLive = false, bool isUnicode = true, int width = 80, TextWriter? output = null)
    {
        var writer = output ?? new StringWriter();
        Writer = writer;
        var screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isLive ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = isLive ? ColorSystemSupport.TrueColor : ColorSystemSupport.NoColors,
            Interactive = isLive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        screen.Profile.Width = width;
        screen.Profile.Capabilities.Unicode = isUnicode;
        Terminal = new Terminal(screen, writer, new StringWriter(_error), isLive);
    }

    /// <summary>What the code under test gets.</summary>
    public Terminal Terminal { get; }

    /// <summary>All of standard output.</summary>
    public string Output => Writer.ToString()!;

    /// <summary>Standard output line by line, without what ends it.</summary>
    public string[] Lines => Output.TrimEnd().ReplaceLineEndings("\n").Split('\n');

    /// <summary>All of standard error.</summary>
    public string Error => _error.ToString();

    private TextWriter Writer { get; }

    /// <summary>Text without the codes that colour it.</summary>
    public static string Plain(string text) => Escapes().Replace(text, "");

    /// <summary>Runs the tool.</summary>
    public Task<int> RunAsync(params string[] args) => RunAsync(TestContext.Current.CancellationToken, args);

    /// <summary>Runs the tool with a Ctrl+C of the test's own.</summary>
    public Task<int> RunAsync(CancellationToken cancellationToken, params string[] args) => DigitmlApp.RunAsync(args, Terminal, cancellationToken);

    /// <summary>Standard error as the one line that the contract promises.</summary>
    public string OneErrorLine()
    {
        Assert.EndsWith(Environment.NewLine, Error);
        return Assert.Single(Error.TrimEnd().ReplaceLineEndings("\n").Split('\n'));
    }

    [GeneratedRegex("\u001b\\[[0-9;]*[A-Za-z]")]
    private static partial Regex Escapes();
}
