using System.CommandLine;
using DigitML.IO;
using DigitML.Web;

namespace DigitML.Cli.Options;

/// <summary>The server's options on the command line; ranges are <see cref="WebOptions.Validate"/>'s.</summary>
internal sealed class ServeOptionSet
{
    // Holds the key where a command line would show it to other users.
    private const string ApiKeyVariable = "DIGITML_API_KEY";

    // OpenTelemetry's own: where it is set, there is somebody to send traces to.
    private const string TraceVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly WebOptions Defaults = new();

    private readonly Option<string> _address = new("--address") { Description = "The IP address to listen on; * for all.", HelpName = "IP", DefaultValueFactory = _ => Defaults.Address };
    private readonly Option<int> _port = Number("--port", "The port to listen on; 0 takes a free one.", Defaults.Port);
    private readonly Option<int> _maximumBody = Number("--max-body", "Bytes that a request's body may have.", Defaults.MaximumBodyBytes);
    private readonly Option<long> _maximumPixels = Number("--max-pixels", "Pixels that a picture may have.", Defaults.MaximumPixels);
    private readonly Option<int> _concurrency = Number("--concurrency", "Pictures read at the same time; 0 takes one per processor.", Defaults.ConcurrentReads);
    private readonly Option<int> _queue = Number("--queue", "Requests that may wait; more are answered with 503.", Defaults.QueueLength);
    private readonly Option<double> _queueSeconds = Number("--queue-seconds", "Seconds that a request waits before it is answered with 503.", Defaults.QueueTime.TotalSeconds);
    private readonly Option<double> _bodySeconds = Number("--body-seconds", "Seconds that a request's body may take to arrive.", Defaults.BodyTime.TotalSeconds);
    private readonly Option<int> _rateLimit = Number("--rate-limit", "Requests a minute from one address; 0 sets no limit.", Defaults.RequestsPerMinute);
    private readonly Option<string?> _apiKey = new("--api-key") { Description = $"A key that callers must send as X-Api-Key. Default: {ApiKeyVariable}, else none.", HelpName = "KEY" };
    private readonly Option<string[]> _cors = new("--cors") { Description = "An origin whose pages may call the API; may be given more than once.", HelpName = "ORIGIN", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _corrections = new("--keep-corrections") { Description = "A folder for pictures that visitors say were read wrongly, a sub-folder a digit, for train and evaluate --data. Default: none is kept.", HelpName = "DIR" };
    private readonly Option<long> _correctionBytes = Number("--max-corrections", "Bytes that corrections may take, all together.", Defaults.MaximumCorrectionBytes);
    private readonly Option<bool> _training = new("--allow-training") { Description = "Adds /train, where the user of this machine trains a network and watches it learn." };
    private readonly Option<bool> _jsonLog = new("--json-log") { Description = "Log lines of JSON." };

    // What the library calls each option, in the order of the help text.
    private readonly (string Property, Option Option)[] _all;

    /// <summary>Creates the options.</summary>
    public ServeOptionSet() => _all =
    [
        (nameof(WebOptions.Address), _address),
        (nameof(WebOptions.Port), _port),
        (nameof(WebOptions.ApiKey), _apiKey),
        (nameof(WebOptions.CorsOrigins), _cors),
        (nameof(WebOptions.RequestsPerMinute), _rateLimit),
        (nameof(WebOptions.MaximumBodyBytes), _maximumBody),
        (nameof(WebOptions.MaximumPixels), _maximumPixels),
        (nameof(WebOptions.ConcurrentReads), _concurrency),
        (nameof(WebOptions.QueueLength), _queue),
        ($"{nameof(WebOptions.QueueTime)}.TotalSeconds", _queueSeconds),
        ($"{nameof(WebOptions.BodyTime)}.TotalSeconds", _bodySeconds),
        (nameof(WebOptions.CorrectionsFolder), _corrections),
        (nameof(WebOptions.MaximumCorrectionBytes), _correctionBytes),
        (nameof(WebOptions.AllowTraining), _training),
        (nameof(WebOptions.JsonLog), _jsonLog),
    ];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var (_, option) in _all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was given.</summary>
    /// <exception cref="DigitException">An option is out of its range; the message calls it as it is typed.</exception>
    public WebOptions Read(ParseResult parse)
    {
        var options = new WebOptions
        {
            Address = parse.GetValue(_address)!,
            Port = parse.GetValue(_port),
            MaximumBodyBytes = parse.GetValue(_maximumBody),
            MaximumPixels = parse.GetValue(_maximumPixels),
            ConcurrentReads = parse.GetValue(_concurrency),
            QueueLength = parse.GetValue(_queue),
            QueueTime = Seconds(parse.GetValue(_queueSeconds)),
            BodyTime = Seconds(parse.GetValue(_bodySeconds)),
            RequestsPerMinute = parse.GetValue(_rateLimit),
            ApiKey = parse.GetValue(_apiKey) ?? Environment.GetEnvironmentVariable(ApiKeyVariable),
            CorsOrigins = parse.GetValue(_cors)!,
            Trace = Environment.GetEnvironmentVariable(TraceVariable) is { Length: > 0 },
            CorrectionsFolder = parse.GetValue(_corrections),
            MaximumCorrectionBytes = parse.GetValue(_correctionBytes),
            AllowTraining = parse.GetValue(_training),
            JsonLog = parse.GetValue(_jsonLog),
        };
        try
        {
            options.Validate();
            return options;
        }
        catch (ArgumentException error)
        {
            throw new DigitException(AsTyped(error.Message), error);
        }
    }

    /// <summary>A message of the library, which names its properties, in the words of the command line.</summary>
    public string AsTyped(string message) => OptionOf.AsTyped(message, _all);

    private static Option<T> Number<T>(string name, string description, T byDefault) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => byDefault };

    // What is too large for a time is out of range as well; Validate says so.
    private static TimeSpan Seconds(double seconds) =>
        double.IsFinite(seconds) && Math.Abs(seconds) < 1e9 ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
}
