using System.CommandLine;
using DigitML.Cli.Completion;
using DigitML.IO;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml completion</c>: prints the script by which a shell completes commands, options and their words.</summary>
internal sealed class CompletionCommand : Command
{
    private static readonly (string Shell, Func<CommandWords, string> Write)[] Shells =
    [
        ("bash", BashCompletion.Write),
        ("zsh", ZshCompletion.Write),
        ("fish", FishCompletion.Write),
        ("pwsh", PowerShellCompletion.Write),
    ];

    private readonly Argument<string> _shell = new("SHELL")
    {
        Description = $"The shell: {string.Join(", ", Shells.Select(known => known.Shell))}.",
        CompletionSources = { Shells.Select(known => known.Shell).ToArray() },
    };

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public CompletionCommand(Terminal terminal)
        : base("completion", "Prints a script by which a shell completes digitml's commands, options and files. In ~/.bashrc: eval \"$(digitml completion bash)\"")
    {
        Arguments.Add(_shell);
        SetAction(parse =>
        {
            var shell = parse.GetRequiredValue(_shell);
            var write = Shells.FirstOrDefault(known => known.Shell.Equals(shell, StringComparison.OrdinalIgnoreCase)).Write
                ?? throw new DigitException($"SHELL must be one of {string.Join(", ", Shells.Select(known => known.Shell))}; got '{shell}'.");
            terminal.Output.Write(write(CommandWords.Of(parse.RootCommandResult.Command)));
            return ExitCode.Done;
        });
    }
}
