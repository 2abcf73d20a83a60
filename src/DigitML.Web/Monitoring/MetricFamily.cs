using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace DigitML.Web.Monitoring;

/// <summary>One instrument's samples, a series for each set of labels.</summary>
internal sealed class MetricFamily
{
    private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly string _help;
    private readonly string _type;
    private readonly double[] _bounds;

    private MetricFamily(string name, string help, string type, double[] bounds) => (Name, _help, _type, _bounds) = (name, help, type, bounds);

    /// <summary>As Prometheus calls it: <c>digitml_requests_total</c>.</summary>
    public string Name { get; }

    /// <summary>The family of an instrument: dots become underscores, then the unit, then <c>_total</c> for counters.</summary>
    public static MetricFamily Of(Instrument instrument)
    {
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var name = instrument.Name.Replace('.', '_') + unit;
        return instrument switch
        {
            Counter<long> => new MetricFamily($"{name}_total", instrument.Description ?? "", "counter", []),
            Histogram<double> histogram => new MetricFamily(name, instrument.Description ?? "", "histogram", [.. histogram.Advice?.HistogramBucketBoundaries ?? []]),
            _ => new MetricFamily(name, instrument.Description ?? "", "gauge", []),
        };
    }

    /// <summary>Takes a measurement in.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = _series.GetOrAdd(LabelsOf(tags), static (_, bounds) => new Series(bounds.Length), _bounds);
        lock (series)
        {
            series.Sum = _type == "gauge" ? value : series.Sum + value;
            series.Count++;
            for (var i = _bounds.Length - 1; i >= 0 && value <= _bounds[i]; i--)
            {
                series.Buckets[i]++;
            }
        }
    }

    /// <summary>Writes the family's lines.</summary>
    public void Write(StringBuilder text)
    {
        text.Append("# HELP ").Append(Name).Append(' ').Append(_help).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(_type).Append('\n');
        foreach (var (labels, series) in _series.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            lock (series)
            {
                if (_type != "histogram")
                {
                    Sample(text, "", labels, series.Sum);
                    continue;
                }

                for (var i = 0; i < _bounds.Length; i++)
                {
                    Sample(text, "_bucket", With(labels, _bounds[i].ToString("R", CultureInfo.InvariantCulture)), series.Buckets[i]);
                }

                Sample(text, "_bucket", With(labels, "+Inf"), series.Count);
                Sample(text, "_sum", labels, series.Sum);
                Sample(text, "_count", labels, series.Count);
            }
        }
    }

    private void Sample(StringBuilder text, string suffix, string labels, double value)
    {
        text.Append(Name).Append(suffix);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string With(string labels, string bound) => $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"";

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = "";
        foreach (var (name, value) in tags)
        {
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            labels += $"{(labels.Length > 0 ? "," : "")}{name}=\"{escaped}\"";
        }

        return labels;
    }

    private sealed class Series(int buckets)
    {
        /// <summary>The total; of a gauge, the latest value.</summary>
        public double Sum { get; set; }

        /// <summary>Measurements.</summary>
        public long Count { get; set; }

        /// <summary>Measurements at most as large as each bound.</summary>
        public long[] Buckets { get; } = new long[buckets];
    }
}
