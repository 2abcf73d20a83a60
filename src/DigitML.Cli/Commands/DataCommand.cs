using System.CommandLine;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml data</c>: where labelled digits come from.</summary>
internal sealed class DataCommand : Command
{
    /// <summary>Creates the command with its own commands.</summary>
    /// <param name="terminal">Where they speak.</param>
    public DataCommand(Terminal terminal)
        : base("data", "Downloads, checks, draws and describes labelled digits.")
    {
        Subcommands.Add(new DataDownloadCommand(terminal));
        Subcommands.Add(new DataVerifyCommand(terminal));
        Subcommands.Add(new DataSynthesizeCommand(terminal));
        Subcommands.Add(new DataInfoCommand(terminal));
    }
}
