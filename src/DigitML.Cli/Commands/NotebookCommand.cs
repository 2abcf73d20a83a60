using System.CommandLine;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml notebook</c>: what can be done with notebooks.</summary>
internal sealed class NotebookCommand : Command
{
    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public NotebookCommand(Terminal terminal)
        : base("notebook", "Runs C# notebooks.") => Subcommands.Add(new NotebookRunCommand(terminal));
}
