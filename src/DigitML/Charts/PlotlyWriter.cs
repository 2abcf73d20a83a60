using System.Buffers;
using System.Text;
using System.Text.Json;
using DigitML.Charts.Drawing;
using static DigitML.Charts.PlotlyJson;

namespace DigitML.Charts;

/// <summary>
/// Writes a figure in Plotly's schema. Margins are 0 and panels are placed by their domains, so that everything lies where
/// the SVG has it. Plotly reads a few HTML tags in text; text from outside therefore has its markup escaped.
/// </summary>
internal sealed class PlotlyWriter
{
    private readonly Figure _figure;
    private readonly Utf8JsonWriter _json;
    private readonly HashSet<string> _inLegend = [];

    private PlotlyWriter(Figure figure, Utf8JsonWriter json)
    {
        _figure = figure;
        _json = json;
    }

    public static string Write(Figure figure)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            new PlotlyWriter(figure, json).WriteFigure();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void WriteFigure()
    {
        _json.WriteStartObject();
        _json.WriteStartArray("data");
        for (var p = 0; p < _figure.Panels.Count; p++)
        {
            foreach (var mark in _figure.Panels[p].Marks)
            {
                WriteTrace(mark, p);
            }

            WritePicturePoints(p);
        }

        _json.WriteEndArray();
        _json.WriteStartObject("layout");
        PlotlyLayoutWriter.Write(_figure, _json);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteTrace(Mark mark, int panel)
    {
        switch (mark)
        {
            case Series series:
                StartTrace("scatter", panel, series.Name, series.InLegend && _inLegend.Add(series.Name));
                WriteSeries(series);
                break;
            case Bars bars:
                StartTrace("bar", panel, bars.Name, inLegend: false);
                WriteBars(bars);
                break;
            case Heatmap heatmap:
                StartTrace("heatmap", panel, null, inLegend: false);
                WriteHeatmap(heatmap, _figure.Panels[panel]);
                break;
            default:
                return;
        }

        _json.WriteEndObject();
    }

    private void StartTrace(string type, int panel, string? name, bool inLegend)
    {
        _json.WriteStartObject();
        _json.WriteString("type", type);
        _json.WriteString("xaxis", AxisId('x', panel));
        _json.WriteString("yaxis", AxisId('y', panel));
        if (name is not null)
        {
            _json.WriteString("name", Plain(name));
            _json.WriteString("legendgroup", Plain(name));
        }

        if (type != "heatmap")
        {
            _json.WriteBoolean("showlegend", inLegend);
        }
    }

    private void WriteSeries(Series series)
    {
        _json.WriteString("mode", (series.HasLine, series.Symbol) switch { (true, null) => "lines", (true, _) => "lines+markers", _ => "markers" });
        // Plotly drops a trace without points, and its axes with it; a point that is nowhere keeps them.
        _json.WriteNumbers("x", series.X.Count > 0 ? series.X : [double.NaN]);
        _json.WriteNumbers("y", series.Y.Count > 0 ? series.Y : [double.NaN]);
        if (series.HasLine)
        {
            _json.WriteStartObject("line");
            _json.WriteString("color", series.Color);
            _json.WriteNumber("width", series.Width);
            _json.WriteString("dash", series.IsDashed ? "dash" : "solid");
            _json.WriteEndObject();
        }

        if (series.Symbol is { } symbol)
        {
            _json.WriteStartObject("marker");
            _json.WriteString("color", series.Color);
            _json.WriteNumber("size", 2 * series.DrawnRadius);
            _json.WriteString("symbol", symbol.ToString().ToLowerInvariant());
            _json.WriteEndObject();
        }

        if (series.Whiskers is { } whiskers)
        {
            _json.WriteStartObject("error_y");
            _json.WriteString("type", "data");
            _json.WriteBoolean("symmetric", false);
            _json.WriteNumbers("array", [.. whiskers.Select((whisker, i) => whisker.High - series.Y[i])]);
            _json.WriteNumbers("arrayminus", [.. whiskers.Select((whisker, i) => series.Y[i] - whisker.Low)]);
            _json.WriteNumber("width", 0);
            _json.WriteNumber("thickness", 1.5);
            _json.WriteEndObject();
        }

        _json.WriteHover(series.Hover);
    }

    private void WriteBars(Bars bars)
    {
        _json.WriteString("orientation", bars.IsHorizontal ? "h" : "v");
        _json.WriteNumbers(bars.IsHorizontal ? "y" : "x", bars.Positions);
        _json.WriteNumbers(bars.IsHorizontal ? "x" : "y", bars.Values);
        _json.WriteNumber("width", bars.Thickness);
        _json.WriteStartObject("marker");
        _json.WriteTexts("color", bars.Colors);
        _json.WriteEndObject();
        if (bars.Texts is { } texts)
        {
            _json.WriteTexts("text", texts.Select(Plain));
            _json.WriteString("textposition", "outside");
            _json.WriteBoolean("cliponaxis", false);
        }

        _json.WriteHover(bars.Hover);
    }

    private void WriteHeatmap(Heatmap heatmap, Panel panel)
    {
        _json.WriteStartArray("z");
        for (var r = 0; r < heatmap.Rows; r++)
        {
            _json.WriteNumbers(null, [.. heatmap.Values.Skip(r * heatmap.Columns).Take(heatmap.Columns)]);
        }

        _json.WriteEndArray();
        if (heatmap.Texts is { } texts)
        {
            WriteTable("text", texts, heatmap);
            _json.WriteString("texttemplate", "%{text}");
        }

        WriteTable("hovertext", heatmap.Hover, heatmap);
        _json.WriteString("hoverinfo", "text");
        _json.WriteNumber("zmin", 0);
        _json.WriteNumber("zmax", 1);
        _json.WriteNumber("xgap", 1);
        _json.WriteNumber("ygap", 1);
        _json.WriteStartArray("colorscale");
        foreach (var (at, color) in Palette.SequentialScale)
        {
            _json.WriteStartArray();
            _json.WriteNumberValue(at);
            _json.WriteStringValue(color);
            _json.WriteEndArray();
        }

        _json.WriteEndArray();
        _json.WriteStartObject("colorbar");
        _json.WriteStartObject("title");
        _json.WriteString("text", Plain(heatmap.ScaleTitle));
        _json.WriteString("side", "right");
        _json.WriteFont("font", 12, Palette.Muted);
        _json.WriteEndObject();
        _json.WriteString("lenmode", "pixels");
        _json.WriteNumber("len", panel.Height);
        _json.WriteNumber("thickness", 14);
        _json.WriteNumber("x", (panel.Right + 16) / _figure.Width);
        _json.WriteNumber("xpad", 0);
        _json.WriteNumber("y", 1 - (panel.Top + panel.Height / 2) / _figure.Height);
        _json.WriteNumber("ypad", 0);
        _json.WriteTicks(heatmap.ScaleTicks);
        _json.WriteEndObject();
    }

    private void WriteTable(string name, IReadOnlyList<string> texts, Heatmap heatmap)
    {
        _json.WriteStartArray(name);
        for (var r = 0; r < heatmap.Rows; r++)
        {
            _json.WriteTexts(null, texts.Skip(r * heatmap.Columns).Take(heatmap.Columns).Select(Plain));
        }

        _json.WriteEndArray();
    }

    /// <summary>Pictures are part of the layout and cannot be pointed at; unseen points in their middles can.</summary>
    private void WritePicturePoints(int panel)
    {
        var pictures = _figure.Panels[panel].Marks.OfType<Picture>().ToArray();
        if (pictures.Length == 0)
        {
            return;
        }

        StartTrace("scatter", panel, null, inLegend: false);
        _json.WriteString("mode", "markers");
        _json.WriteNumbers("x", [.. pictures.Select(picture => picture.X + picture.Width / 2)]);
        _json.WriteNumbers("y", [.. pictures.Select(picture => picture.Y + picture.Height / 2)]);
        _json.WriteStartObject("marker");
        _json.WriteNumber("opacity", 0);
        _json.WriteNumber("size", 40);
        _json.WriteEndObject();
        _json.WriteHover([.. pictures.Select(picture => picture.Hover)]);
        _json.WriteEndObject();
    }
}
