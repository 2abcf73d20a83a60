using System.CommandLine;
using System.Net.Sockets;
using DigitML.Cli.Options;
using DigitML.IO;
using DigitML.Web;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml serve</c>: the web page and its API, until Ctrl+C.</summary>
internal sealed class ServeCommand : Command
{
    private readonly Terminal _terminal;
    private readonly ModelFile _model = new();
    private readonly ServeOptionSet _options = new();

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public ServeCommand(Terminal terminal)
        : base("serve", "Serves a web page on which digits are drawn, uploaded or photographed, and its HTTP API.")
    {
        _terminal = terminal;
        _model.AddTo(this);
        _options.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var options = _options.Read(parse);
        var loading = _model.LoadOptions(parse);
        var model = _model.Named(parse) is { } file ? LoadedModel.Of(ModelFile.Read(file, loading), file) : LoadedModel.Shipped();

        // A server that is told to end answers first what it was asked.
        using var kept = KeptWork.Begin();
        try
        {
            await DigitServer.RunAsync(options, model, cancellationToken);
        }
        catch (DigitException error) when (error.InnerException is SocketException or IOException)
        {
            throw new DigitException(_options.AsTyped(error.Message), error);
        }

        _terminal.Say("Stopped.");
        return ExitCode.Done;
    }
}
