using System.Diagnostics.Metrics;
using DigitML.Reading;
using DigitML.Web.Http;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace DigitML.Web.Monitoring;

/// <summary>What the server measures, for <c>/metrics</c> and for any listener of <see cref="MeterName"/>.</summary>
internal sealed class WebMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "DigitML.Web";

    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _requestTime;
    private readonly Counter<long> _readings;
    private readonly Counter<long> _digits;
    private readonly Histogram<double> _readTime;

    /// <summary>Creates the instruments.</summary>
    public WebMetrics(BodyBudget bodies)
    {
        var buckets = new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds };
        _requests = _meter.CreateCounter<long>("digitml.requests", null, "Requests answered, by route and status.");
        _requestTime = _meter.CreateHistogram("digitml.request.duration", "s", "Time from a request's headers to the end of its answer.", tags: null, buckets);
        _readings = _meter.CreateCounter<long>("digitml.readings", null, "Pictures read, by verdict.");
        _digits = _meter.CreateCounter<long>("digitml.digits", null, "Pieces of ink judged, by verdict.");
        _readTime = _meter.CreateHistogram("digitml.read.duration", "s", "Time to decode and read a picture, without waiting.", tags: null, buckets);
        _meter.CreateObservableGauge("digitml.bodies", () => bodies.Held, "By", "Bytes of pictures held in memory.");
        _meter.CreateObservableGauge("digitml.memory", () => Environment.WorkingSet, "By", "Memory of the process.");
        _meter.CreateObservableGauge("digitml.uptime", () => (DateTime.UtcNow - Started).TotalSeconds, "s", "Time since the server started.");
    }

    private DateTime Started { get; } = DateTime.UtcNow;

    /// <summary>Keeps the state of the instruments for <c>/metrics</c>; of this server alone, where several run in one process.</summary>
    public MeterProvider ToPrometheus() => Sdk.CreateMeterProviderBuilder()
        .AddMeter(MeterName)
        .AddView(instrument => ReferenceEquals(instrument.Meter, _meter) ? null : MetricStreamConfiguration.Drop)
        .AddPrometheusExporter(prometheus =>
        {
            prometheus.ScrapeResponseCacheDurationMilliseconds = 0;
            prometheus.ScopeInfoEnabled = false;
            prometheus.TargetInfoEnabled = false;
        })
        .Build();

    /// <summary>Counts a request.</summary>
    /// <param name="route">The route's pattern, never the path: paths are endless.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="seconds">How long it took.</param>
    public void Request(string route, int status, double seconds)
    {
        _requests.Add(1, new("route", route), new("status", status));
        _requestTime.Record(seconds, new KeyValuePair<string, object?>("route", route));
    }

    /// <summary>Counts a reading.</summary>
    /// <param name="reading">What was read.</param>
    /// <param name="seconds">How long it took.</param>
    public void Read(ReadingResult reading, double seconds)
    {
        _readings.Add(1, new KeyValuePair<string, object?>("verdict", reading.Verdict.ToName()));
        foreach (var digit in reading.Digits)
        {
            _digits.Add(1, new KeyValuePair<string, object?>("verdict", digit.Verdict.ToName()));
        }

        _readTime.Record(seconds);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
