using System.CommandLine;
using DigitML.Data;
using DigitML.IO;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml data verify</c>: checks MNIST's files to the last byte.</summary>
internal sealed class DataVerifyCommand : Command
{
    private readonly Option<string?> _data = new("--data")
    {
        Description = "The folder to check. Default: the first of the usual folders that is there.",
        HelpName = "DIR",
    };

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public DataVerifyCommand(Terminal terminal)
        : base("verify", "Checks the files of MNIST by the SHA-256 of what they hold.")
    {
        Options.Add(_data);
        SetAction(async (parse, cancellationToken) =>
        {
            var folder = parse.GetValue(_data) ?? Mnist.SearchFolders().FirstOrDefault(Directory.Exists)
                ?? throw new DigitException($"No folder to check: none of {string.Join(", ", Mnist.SearchFolders())} is there. Name one with --data, or run 'digitml data download'.");
            var checks = await Mnist.VerifyAsync(folder, cancellationToken);
            terminal.Say($"MNIST in {folder}:");
            foreach (var check in checks)
            {
                terminal.Say(check.Problem is null ? $"  right    {Path.GetFileName(check.Path)}" : $"  wrong    {check.File.Name}");
            }

            var problems = checks.Where(check => check.Problem is not null).Select(check => check.Problem!).ToArray();
            return problems.Length == 0
                ? ExitCode.Done
                : throw new DigitException($"{problems.Length} of {checks.Count} files are not right. {problems[0]}");
        });
    }
}
