using System.CommandLine;
using System.Net.Sockets;
using DigitML.AutoML.Studies;
using DigitML.Cli.Options;
using DigitML.IO;
using DigitML.Web;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml serve</c>: the web page and its API, until Ctrl+C.</summary>
internal sealed class ServeCommand : Command
{
    /// <summary>How long a database may be away when the server starts. The page itself never waits for it.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>A server that does not say within this time that it is ready is not.</summary>
    private static readonly TimeSpan s_probeTime = TimeSpan.FromSeconds(4);

    private readonly Terminal _terminal;
    private readonly ModelFile _model = new();
    private readonly ServeOptionSet _options = new();
    private readonly Option<string?> _study = new("--study") { Description = "A study to show at /study while it runs: the file that digitml search writes, or the database that its --study names.", HelpName = "TEXT" };
    private readonly Option<string?> _studyName = new("--study-name") { Description = "Which study, when --study holds several.", HelpName = "NAME" };

    private readonly Option<bool> _probe = new("--probe") { Description = "Serves nothing, but asks the server at --address and --port whether it is ready: exit code 0, or 1. For health checks of containers." };

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public ServeCommand(Terminal terminal)
        : base("serve", "Serves a web page on which digits are drawn, uploaded or photographed, and its HTTP API.")
    {
        _terminal = terminal;
        _model.AddTo(this);
        _options.AddTo(this);
        Options.Add(_study);
        Options.Add(_studyName);
        Options.Add(_probe);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var options = _options.Read(parse);
        if (parse.GetValue(_probe))
        {
            return await ProbeAsync(options, cancellationToken);
        }

        var loading = _model.LoadOptions(parse);
        var model = _model.Named(parse) is { } file ? LoadedModel.Of(ModelFile.Read(file, loading), file) : LoadedModel.Shipped();

        if (parse.GetValue(_study) is null && parse.GetValue(_studyName) is { } lone)
        {
            throw new DigitException($"--study-name must stand beside --study, which says where it is; got '{lone}' alone.");
        }

        await using var store = parse.GetValue(_study) is { } text ? StudyStore.Existing(text, s_patience) : null;
        if (store is not null)
        {
            options = options with { Study = new StudySource(store, await OpenAsync(store, parse.GetValue(_studyName), cancellationToken)) };
        }

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

    /// <summary>Asks a server that runs whether it takes pictures.</summary>
    private async Task<int> ProbeAsync(WebOptions options, CancellationToken cancellationToken)
    {
        // Who listens on all addresses is asked on this machine's own.
        var host = options.Address is "*" or "0.0.0.0" or "::" ? "127.0.0.1" : options.Address.Contains(':', StringComparison.Ordinal) ? $"[{options.Address}]" : options.Address;
        var url = Invariant($"http://{host}:{options.Port}/readyz");
        using var client = new HttpClient { Timeout = s_probeTime };
        try
        {
            using var answer = await client.GetAsync(url, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                _terminal.Say($"{url}: ready");
                return ExitCode.Done;
            }

            throw new DigitException(Invariant($"{url}: expected 200 but the server answered {(int)answer.StatusCode}. It is starting or stopping."));
        }
        catch (Exception error) when (error is HttpRequestException || (error is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DigitException($"{url}: no server answers ({error.Message.TrimEnd('.')}). Start one with digitml serve, or name its --address and --port.", error);
        }
    }

    /// <summary>Opens the study of a name, or the only one there is.</summary>
    private static async Task<StudyDescription> OpenAsync(DatabaseStudy store, string? name, CancellationToken cancellationToken)
    {
        var studies = await store.StudiesAsync(cancellationToken);
        if (studies.Count == 0)
        {
            throw new DigitException($"--study {store.Name}: holds no study yet; digitml search begins one.");
        }

        var names = string.Join(", ", studies.Select(study => study.Name));
        var description = name is null
            ? studies.Count == 1 ? studies[0] : throw new DigitException($"--study {store.Name}: holds {studies.Count} studies, so --study-name must say which: {names}.")
            : studies.FirstOrDefault(study => study.Name == name) ?? throw new DigitException($"--study-name must be one of {names}, which {store.Name} holds; got '{name}'.");
        await store.OpenAsync(description, cancellationToken);
        return description;
    }
}
