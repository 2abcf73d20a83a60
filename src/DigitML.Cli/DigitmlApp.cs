using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using DigitML.Cli.Commands;
using DigitML.IO;

namespace DigitML.Cli;

/// <summary>The tool: its commands, and what every one of them has in common when it fails.</summary>
internal static class DigitmlApp
{
    /// <summary>The tool's version, as <c>--version</c> prints it.</summary>
    public static string Version { get; } =
        typeof(DigitmlApp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Runs one command line.</summary>
    /// <param name="args">What follows the tool's name.</param>
    /// <param name="terminal">Where it speaks.</param>
    /// <param name="cancellationToken">Ends the command in an orderly way.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellationToken)
    {
        using var pipes = PipeFile.Remember(Console.OpenStandardInput);
        try
        {
            // A file may be called @x.png, so @ does not stand for a file of arguments.
            var parse = Build(terminal, args).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parse.Action is not { ClearsParseErrors: true } && Mistakes.Describe(parse, args) is { } mistake)
            {
                terminal.Complain("error", mistake);
                return ExitCode.Failed;
            }

            // Program.cs handles the signals, so that the tool's own rule for a second Ctrl+C holds.
            var configuration = new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parse.InvokeAsync(configuration, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            terminal.Complain("error", "Cancelled; nothing was written.");
            return ExitCode.Cancelled;
        }
        catch (Exception error) when (error is DigitException or IOException or UnauthorizedAccessException)
        {
            terminal.Complain("error", error.Message);
        }
        catch (ArgumentException error)
        {
            // An argument of a method, given by the command line: an empty path, say. The method's name for it is of no use here.
            terminal.Complain("error", error.ParamName is { } name ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : error.Message);
        }
        catch (OutOfMemoryException)
        {
            terminal.Complain("error", "The machine has not enough memory for this. Take a smaller network, batch or data set.");
        }

        return ExitCode.Failed;
    }

    /// <summary>The command line's commands. Of a command that is named first, the others are not made: with all their options they take longer than reading a digit.</summary>
    private static Command Build(Terminal terminal, IReadOnlyList<string> args)
    {
        var root = new Command("digitml", "Trains, evaluates and uses a handwritten-digit recogniser.");
        Command? named = args is [var first, ..]
            ? first switch
            {
                "train" => new TrainCommand(terminal),
                "evaluate" => new EvaluateCommand(terminal),
                "predict" => new PredictCommand(terminal),
                _ => null,
            }
            : null;
        Command[] commands = named is not null
            ? [named]
            :
            [
                new TrainCommand(terminal),
                new SearchCommand(terminal),
                new EvaluateCommand(terminal),
                new PredictCommand(terminal),
                new QuantizeCommand(terminal),
                new EnsembleCommand(terminal),
                new ServeCommand(terminal),
                new DataCommand(terminal),
                new ArtifactsCommand(terminal),
                new NotebookCommand(terminal),
                new CompletionCommand(terminal),
            ];
        Array.ForEach(commands, root.Subcommands.Add);
        root.Options.Add(new HelpOption { Recursive = true });
        root.Options.Add(new VersionOption { Action = new Print(terminal, $"digitml {Version}") });
        root.SetAction(_ => root.Parse("--help").Invoke(new InvocationConfiguration { Output = terminal.Output }));
        return root;
    }

    /// <summary>Prints one line and ends.</summary>
    private sealed class Print(Terminal terminal, string line) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            terminal.Output.WriteLine(line);
            return ExitCode.Done;
        }
    }
}
