using System.Diagnostics.Metrics;
using System.Text;

namespace DigitML.Web.Monitoring;

/// <summary>
/// Listens to the server's meter and tells its state in Prometheus's text format
/// (version 0.0.4: a HELP and a TYPE line for each family, then its samples).
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    /// <summary>The format's media type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    /// <summary>Creates it; it hears nothing before <see cref="Start"/>.</summary>
    /// <param name="metrics">Whose meter is listened to; asked for so that it is there.</param>
    public PrometheusText(WebMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (metrics.Owns(instrument.Meter))
            {
                var family = MetricFamily.Of(instrument);
                lock (_lock)
                {
                    _families[family.Name] = family;
                }

                listener.EnableMeasurementEvents(instrument, family);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
    }

    /// <summary>Begins to listen.</summary>
    public void Start() => _listener.Start();

    /// <summary>The state now.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder(4_096);
        lock (_lock)
        {
            foreach (var family in _families.Values)
            {
                family.Write(text);
            }
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
