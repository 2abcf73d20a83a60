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

    private readonly Terminal _terminal;
    private readonly ModelFile _model = new();
    private readonly ServeOptionSet _options = new();
    private readonly Option<string?> _study = new("--study") { Description = "A study to show at /study while it runs: the file that digitml search writes, or the database that its --study names.", HelpName = "TEXT" };
    private readonly Option<string?> _studyName = new("--study-name") { Description = "Which study, when --study holds several.", HelpName = "NAME" };

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
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var options = _options.Read(parse);
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
