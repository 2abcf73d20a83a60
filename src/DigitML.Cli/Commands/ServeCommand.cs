using System.CommandLine;
using DigitML.Web;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml serve</c>: the web page and its API, until Ctrl+C.</summary>
internal sealed class ServeCommand : Command
{
    private readonly ModelFile _model = new();
    private readonly ServeOptionSet _options = new();

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public ServeCommand(Terminal terminal)
        : base("serve", "Serves a web page on which digits are drawn, uploaded or photographed, and its HTTP API.")
    {
        _model.AddTo(this);
        _options.AddTo(this, withModel: false);
        SetAction(async (parse, cancellationToken) =>
        {
            var options = _options.Read(parse);
            await DigitServer.RunAsync(options, _model.Named(parse) is { } file ? LoadedModel.Load(file) : LoadedModel.Shipped(), cancellationToken);
            terminal.Say("Stopped.");
            return ExitCode.Done;
        });
    }
}
