using System.CommandLine;
using DigitML;
using DigitML.Web;

var options = new ServeOptionSet();
var command = new RootCommand("Serves the page and the HTTP API that read handwritten digits.");
options.AddTo(command);
command.SetAction((parse, cancellationToken) =>
{
    var serve = options.Read(parse);
    return DigitServer.RunAsync(serve, serve.Model is { } file ? LoadedModel.Load(file) : LoadedModel.Shipped(), cancellationToken);
});

try
{
    var parse = command.Parse(args);
    if (parse.Errors.Count > 0)
    {
        throw new DigitException($"{parse.Errors[0].Message} See --help.");
    }

    // The host handles Ctrl+C and SIGTERM: what is running is finished first.
    await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    return 0;
}
catch (Exception error) when (error is DigitException or IOException)
{
    Console.Error.WriteLine($"error: {error.Message}");
    return 1;
}
