using System.CommandLine;
using DigitML.Cli.Options;
using DigitML.IO;
using DigitML.Notebooks;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml notebook run</c>: runs notebooks, keeps their outputs, and stops at the first cell that fails.</summary>
internal sealed class NotebookRunCommand : Command
{
    private readonly Terminal _terminal;
    private readonly Argument<string[]> _files = new("notebooks") { Description = "The .ipynb files.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<double?> _timeout = OptionOf.Number<double>("--timeout", "Seconds that a cell may take. Default: 300.");
    private readonly Option<bool> _check = new("--check") { Description = "Write nothing; fail when the saved outputs are not those that the code gives now." };
    private readonly Option<string?> _html = new("--html") { Description = "A folder to write each notebook to as a page.", HelpName = "DIR" };

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public NotebookRunCommand(Terminal terminal)
        : base("run", "Runs notebooks top to bottom and keeps their outputs. A notebook is a program: run what you trust.")
    {
        _terminal = terminal;
        Arguments.Add(_files);
        Options.Add(_timeout);
        Options.Add(_check);
        Options.Add(_html);
        SetAction((parse, cancellationToken) => Task.Run(() => Run(parse, cancellationToken), cancellationToken));
    }

    private int Run(ParseResult parse, CancellationToken cancellationToken)
    {
        var seconds = parse.GetValue(_timeout) ?? 300;
        if (!(seconds > 0 && seconds <= 86_400))
        {
            throw new DigitException(FormattableString.Invariant($"--timeout must be above 0 and at most 86400 seconds; got {seconds}."));
        }

        var pages = parse.GetValue(_html);
        if (pages is not null)
        {
            OutputFolder.Check(pages, "--html");
        }

        // All are read before the first is run, so that a file that is no notebook costs no minute.
        var notebooks = parse.GetRequiredValue(_files).SelectMany(Expand).Select(Notebook.Load).ToArray();
        var runner = new NotebookRunner(new NotebookOptions { CellTimeout = TimeSpan.FromSeconds(seconds) });
        foreach (var notebook in notebooks)
        {
            try
            {
                RunOne(runner, notebook, parse.GetValue(_check), pages, cancellationToken);
            }
            catch (CellFailedException error)
            {
                _terminal.Complain("error", error.Message);
                return ExitCode.Failed;
            }
        }

        return ExitCode.Done;
    }

    /// <summary>The files that a name with * or ? stands for, in order, where the shell has left that to us, as Windows's do.</summary>
    private static IEnumerable<string> Expand(string path)
    {
        var name = Path.GetFileName(path);
        var folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        if (name.AsSpan().IndexOfAny('*', '?') < 0 || File.Exists(path))
        {
            return [path];
        }

        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, name) : [];
        return files.Length > 0 ? files.Order(StringComparer.Ordinal) : throw new DigitException($"{path}: expected notebooks but no file has such a name.");
    }

    private void RunOne(NotebookRunner runner, Notebook notebook, bool isCheck, string? pages, CancellationToken cancellationToken)
    {
        var total = 0.0;
        var cells = 0;
        runner.Run(
            notebook,
            Path.GetDirectoryName(Path.GetFullPath(notebook.Name))!,
            new CellLines(report => (total, cells) = (total + report.Seconds, report.Cells)),
            cancellationToken);
        if (isCheck)
        {
            if (NotebookComparison.FirstDifference(Notebook.Load(notebook.Name), notebook) is { } difference)
            {
                throw new DigitException(difference);
            }
        }
        else
        {
            notebook.Save(notebook.Name);
        }

        if (pages is not null)
        {
            Directory.CreateDirectory(pages);
            NotebookPage.Save(notebook, Path.Combine(pages, Path.GetFileNameWithoutExtension(notebook.Name) + ".html"));
        }

        _terminal.Say(FormattableString.Invariant($"{notebook.Name}: {cells} cells ran in {total:F1} s{(isCheck ? ", outputs are as saved" : "")}"));
    }

    /// <summary>Told on the thread that runs.</summary>
    private sealed class CellLines(Action<CellReport> onCell) : IProgress<CellReport>
    {
        public void Report(CellReport value) => onCell(value);
    }
}
