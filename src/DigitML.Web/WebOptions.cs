using System.Net;
using DigitML.Data;
using DigitML.Imaging.Magick;
using DigitML.Reading;

namespace DigitML.Web;

/// <summary>How the server listens and what it allows. Checked before it starts.</summary>
public sealed record WebOptions
{
    /// <summary>The IP address to listen on; <c>localhost</c> and <c>*</c> (all) are understood too.</summary>
    /// <value>127.0.0.1: this machine alone.</value>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>The port to listen on; 0 takes a free one.</summary>
    /// <value>5080. 0 to 65,535.</value>
    public int Port { get; init; } = 5080;

    /// <summary>The most bytes of a request's body, held to while it is read.</summary>
    /// <value>10,000,000. 1 to 200,000,000.</value>
    public int MaximumBodyBytes { get; init; } = 10_000_000;

    /// <summary>The most pixels of a picture.</summary>
    /// <value>50,000,000. 1 to 1,000,000,000.</value>
    public long MaximumPixels { get; init; } = 50_000_000;

    /// <summary>Pictures read at the same time; 0 takes one per processor.</summary>
    /// <value>0. 0 to 1,024.</value>
    public int ConcurrentReads { get; init; }

    /// <summary>Requests that may wait for their picture to be read; more are answered with 503.</summary>
    /// <value>1,000. 0 to 100,000.</value>
    public int QueueLength { get; init; } = 1_000;

    /// <summary>How long a request waits at most before it is answered with 503.</summary>
    /// <value>2 seconds. Greater than 0, at most an hour.</value>
    public TimeSpan QueueTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the body of a request may take to arrive.</summary>
    /// <value>30 seconds. Greater than 0, at most an hour.</value>
    public TimeSpan BodyTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests a minute that one address may make to the API, in bursts of up to a minute's worth; 0 sets no limit.</summary>
    /// <value>1,200: twenty a second, more than drawing makes. 0 to 10,000,000.</value>
    public int RequestsPerMinute { get; init; } = 1_200;

    /// <summary>What callers of the API must send as <c>X-Api-Key</c>; null asks for nothing.</summary>
    /// <value>null. At least 8 characters.</value>
    public string? ApiKey { get; init; }

    /// <summary>Origins whose pages may call the API, such as <c>https://example.org</c>.</summary>
    /// <value>Empty: none but its own.</value>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>How pictures are read: thresholds, and whatever else the host sets. Its limits and <see cref="ReaderOptions.KeepSteps"/> are the server's own.</summary>
    /// <value>The reader's defaults.</value>
    public ReaderOptions Reader { get; init; } = new() { Decoders = MagickDecoders.All };

    /// <summary>Whether the log is lines of JSON rather than of text.</summary>
    /// <value>false.</value>
    public bool JsonLog { get; init; }

    /// <summary>A study that <c>/study</c> shows while it runs.</summary>
    /// <value>null: there is no such page.</value>
    public StudySource? Study { get; init; }

    /// <summary>
    /// Whether requests and the steps of each reading are traced, and sent by OTLP to where OpenTelemetry's variables say
    /// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its kin).
    /// </summary>
    /// <value>false.</value>
    public bool Trace { get; init; }

    /// <summary>Whether <c>/study</c> is there: for a study, or for the searches that are begun at <c>/train</c>.</summary>
    internal bool HasStudyPage => Study is not null || AllowTraining;

    /// <summary>Whether <c>/train</c> lets the user of this machine train a network: it takes all processors for as long as it lasts.</summary>
    /// <value>false: there is no such page.</value>
    public bool AllowTraining { get; init; }

    /// <summary>What is trained on.</summary>
    /// <value>MNIST where it can be had, else synthetic digits.</value>
    public DigitDataOptions TrainingData { get; init; } = new();

    /// <summary>
    /// Where pictures go that a visitor says were read wrongly, each in a sub-folder of its digit, as <c>train --data</c> and
    /// <c>evaluate --data</c> take them. Nothing else is ever written.
    /// </summary>
    /// <value>null: no picture is kept.</value>
    public string? CorrectionsFolder { get; init; }

    /// <summary>Bytes that corrections may take, all together; more are refused.</summary>
    /// <value>100,000,000. 1 to 1,000,000,000,000.</value>
    public long MaximumCorrectionBytes { get; init; } = 100_000_000;

    /// <summary>Throws when an option is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the option, its range and what was given.</exception>
    public void Validate()
    {
        Require(Address is "localhost" or "*" || IPAddress.TryParse(Address, out _), nameof(Address), "be an IP address, localhost or *", Address);
        Require(Port is >= 0 and <= 65_535, nameof(Port), "be 0 to 65535", Port);
        Require(MaximumBodyBytes is >= 1 and <= 200_000_000, nameof(MaximumBodyBytes), "be 1 to 200000000 bytes", MaximumBodyBytes);
        Require(MaximumPixels is >= 1 and <= 1_000_000_000, nameof(MaximumPixels), "be 1 to 1000000000", MaximumPixels);
        Require(ConcurrentReads is >= 0 and <= 1_024, nameof(ConcurrentReads), "be 0 to 1024", ConcurrentReads);
        Require(QueueLength is >= 0 and <= 100_000, nameof(QueueLength), "be 0 to 100000", QueueLength);
        Require(InRange(QueueTime), $"{nameof(QueueTime)}.TotalSeconds", "be greater than 0 and at most 3600", QueueTime.TotalSeconds);
        Require(InRange(BodyTime), $"{nameof(BodyTime)}.TotalSeconds", "be greater than 0 and at most 3600", BodyTime.TotalSeconds);
        Require(RequestsPerMinute is >= 0 and <= 10_000_000, nameof(RequestsPerMinute), "be 0 to 10000000", RequestsPerMinute);
        Require(ApiKey is null or { Length: >= 8 }, nameof(ApiKey), "have at least 8 characters", Invariant($"{ApiKey?.Length} characters"));
        Require(CorrectionsFolder is null || !string.IsNullOrWhiteSpace(CorrectionsFolder), nameof(CorrectionsFolder), "be the path of a folder", $"'{CorrectionsFolder}'");
        Require(MaximumCorrectionBytes is >= 1 and <= 1_000_000_000_000, nameof(MaximumCorrectionBytes), "be 1 to 1000000000000", MaximumCorrectionBytes);
        foreach (var origin in CorsOrigins)
        {
            Require(IsOrigin(origin), nameof(CorsOrigins), "be an origin such as https://example.org", origin);
        }

        ArgumentNullException.ThrowIfNull(Reader);
        Reader.Validate();
    }

    private static bool InRange(TimeSpan time) => time > TimeSpan.Zero && time <= TimeSpan.FromHours(1);

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);

    private static void Require<T>(bool condition, string option, string range, T found)
    {
        if (!condition)
        {
            throw new ArgumentException(FormattableString.Invariant($"{option} must {range}; got {found}."));
        }
    }
}
