using System.CommandLine;
using DigitML.Cli.Views;
using DigitML.Data;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml data download</c>: fetches MNIST's files that are missing or damaged, each checked.</summary>
internal sealed class DataDownloadCommand : Command
{
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The folder to download into. Default: the user's cache folder, where the other commands look too.",
        HelpName = "DIR",
    };

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public DataDownloadCommand(Terminal terminal)
        : base("download", "Downloads MNIST from its public mirrors; each file is checked by its SHA-256.")
    {
        Options.Add(_output);
        SetAction(async (parse, cancellationToken) =>
        {
            var options = new MnistOptions { Folder = parse.GetValue(_output) };
            var folder = await Mnist.DownloadAsync(options, new DownloadView(terminal), cancellationToken);
            terminal.Say($"MNIST is in {folder}; all four files are complete and right.");
            return ExitCode.Done;
        });
    }
}
