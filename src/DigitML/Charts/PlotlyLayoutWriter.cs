using System.Text.Json;
using DigitML.Charts.Drawing;
using static DigitML.Charts.PlotlyJson;

namespace DigitML.Charts;

/// <summary>Writes the layout of a figure in Plotly's schema: places, axes, and the texts, frames and pictures that are no trace.</summary>
internal sealed class PlotlyLayoutWriter
{
    private readonly Figure _figure;
    private readonly Utf8JsonWriter _json;

    private PlotlyLayoutWriter(Figure figure, Utf8JsonWriter json)
    {
        _figure = figure;
        _json = json;
    }

    /// <summary>Writes the members of <c>layout</c>.</summary>
    public static void Write(Figure figure, Utf8JsonWriter json) => new PlotlyLayoutWriter(figure, json).Write();

    private void Write()
    {
        _json.WriteNumber("width", _figure.Width);
        _json.WriteNumber("height", _figure.Height);
        _json.WriteString("paper_bgcolor", Palette.Paper);
        _json.WriteString("plot_bgcolor", Palette.Paper);
        _json.WriteString("hovermode", "closest");
        _json.WriteBoolean("showlegend", _figure.HasLegend);
        _json.WriteFont("font", 12, Palette.Ink);
        _json.WriteStartObject("margin");
        foreach (var side in (ReadOnlySpan<string>)["l", "r", "t", "b", "pad"])
        {
            _json.WriteNumber(side, 0);
        }

        _json.WriteEndObject();
        _json.WriteStartObject("title");
        _json.WriteString("text", $"<b>{Plain(_figure.Title)}</b>");
        _json.WritePlace(SvgWriter.Edge / (double)_figure.Width, 1 - 14.0 / _figure.Height, "left", "top");
        _json.WriteFont("font", 16, Palette.Ink);
        _json.WriteEndObject();
        if (_figure.HasLegend)
        {
            _json.WriteStartObject("legend");
            _json.WriteString("orientation", "h");
            _json.WritePlace(_figure.LegendLeft / (double)_figure.Width, 1 - SvgWriter.LegendRow / (double)_figure.Height, "left", "middle");
            _json.WriteEndObject();
        }

        for (var p = 0; p < _figure.Panels.Count; p++)
        {
            var panel = _figure.Panels[p];
            WriteAxis('x', p, panel.X, panel.Left / _figure.Width, panel.Right / _figure.Width);
            WriteAxis('y', p, panel.Y, 1 - panel.Bottom / _figure.Height, 1 - panel.Top / _figure.Height);
        }

        WriteAnnotations();
        WriteShapes();
        WriteImages();
    }

    private void WriteAxis(char letter, int panel, Axis axis, double start, double end)
    {
        _json.WriteStartObject(AxisId(letter, panel).Insert(1, "axis"));
        _json.WriteNumbers("domain", [Math.Max(0, start), Math.Min(1, end)]);
        _json.WriteString("anchor", AxisId(letter == 'x' ? 'y' : 'x', panel));
        _json.WriteNumbers("range", [axis.Start, axis.End]);
        // Plotly.validate holds every key that has no effect against a figure, so each is written where it has one.
        if (axis.Ticks.Count == 0 && axis.Title is null)
        {
            _json.WriteBoolean("visible", false);
        }
        else
        {
            _json.WriteBoolean("zeroline", false);
            // Beside a heatmap Plotly draws marks by default.
            _json.WriteString("ticks", "");
            _json.WriteBoolean("showgrid", axis.HasGrid);
            if (axis.HasGrid)
            {
                _json.WriteString("gridcolor", Palette.Grid);
            }

            _json.WriteBoolean("showline", letter == 'x');
            if (letter == 'x')
            {
                _json.WriteString("linecolor", Palette.Faint);
            }

            _json.WriteTicks(axis.Ticks);
            if (axis.Title is { } title)
            {
                _json.WriteStartObject("title");
                _json.WriteString("text", Plain(title));
                _json.WriteFont("font", 12, Palette.Muted);
                _json.WriteNumber("standoff", 8);
                _json.WriteEndObject();
            }
        }

        _json.WriteEndObject();
    }

    private void WriteAnnotations()
    {
        _json.WriteStartArray("annotations");
        WriteNote("paper", "paper", SvgWriter.Edge / (double)_figure.Width, 1 - 38.0 / _figure.Height, _figure.Subtitle, Palette.Muted, 12, "left", "top");
        for (var p = 0; p < _figure.Panels.Count; p++)
        {
            var panel = _figure.Panels[p];
            if (panel.Title is { } title)
            {
                WriteNote("paper", "paper", panel.Left / _figure.Width, 1 - (panel.Top - 6) / _figure.Height, title, Palette.Ink, 13, "left", "bottom", isBold: true);
            }

            foreach (var mark in panel.Marks)
            {
                if (mark is Label label)
                {
                    WriteNote(AxisId('x', p), AxisId('y', p), label.X, label.Y, label.Text, label.Color, label.Size, AnchorOf(label.Anchor), "middle", label.IsBold, label.HasHalo);
                }
                else if (mark is Rule rule)
                {
                    WriteNote(AxisId('x', p), "paper", rule.X, 1 - (panel.Top - 4) / _figure.Height, rule.Text, Palette.Muted, 11, AnchorOf(rule.AnchorOn(panel.X)), "bottom");
                }
            }
        }

        _json.WriteEndArray();
    }

    /// <summary>Plotly's word for the part of a text that is at its point.</summary>
    private static string AnchorOf(string anchor) => anchor switch { "start" => "left", "end" => "right", _ => "center" };

    private void WriteNote(string xref, string yref, double x, double y, string text, string color, int size, string xanchor, string yanchor, bool isBold = false, bool hasHalo = false)
    {
        _json.WriteStartObject();
        _json.WriteString("xref", xref);
        _json.WriteString("yref", yref);
        _json.WritePlace(x, y, xanchor, yanchor);
        _json.WriteString("text", isBold ? $"<b>{Plain(text)}</b>" : Plain(text));
        _json.WriteBoolean("showarrow", false);
        if (hasHalo)
        {
            _json.WriteString("bgcolor", Palette.Paper);
        }

        _json.WriteNumber("borderpad", 0);
        _json.WriteFont("font", size, color);
        _json.WriteEndObject();
    }

    private void WriteShapes()
    {
        _json.WriteStartArray("shapes");
        for (var p = 0; p < _figure.Panels.Count; p++)
        {
            foreach (var mark in _figure.Panels[p].Marks)
            {
                if (mark is Rule rule)
                {
                    WriteShape("line", AxisId('x', p), $"{AxisId('y', p)} domain", (rule.X, 0), (rule.X, 1), Palette.Muted, 1, "dot");
                }
                else if (mark is Picture picture)
                {
                    WriteShape("rect", AxisId('x', p), AxisId('y', p), (picture.X, picture.Y), (picture.X + picture.Width, picture.Y + picture.Height), picture.Frame ?? Palette.Faint, picture.Frame is null ? 1 : 3, "solid");
                }
            }
        }

        _json.WriteEndArray();
    }

    private void WriteShape(string type, string xref, string yref, (double X, double Y) from, (double X, double Y) to, string color, double width, string dash)
    {
        _json.WriteStartObject();
        _json.WriteString("type", type);
        _json.WriteString("xref", xref);
        _json.WriteString("yref", yref);
        _json.WriteNumber("x0", from.X);
        _json.WriteNumber("y0", from.Y);
        _json.WriteNumber("x1", to.X);
        _json.WriteNumber("y1", to.Y);
        _json.WriteStartObject("line");
        _json.WriteString("color", color);
        _json.WriteNumber("width", width);
        _json.WriteString("dash", dash);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteImages()
    {
        _json.WriteStartArray("images");
        for (var p = 0; p < _figure.Panels.Count; p++)
        {
            foreach (var picture in _figure.Panels[p].Marks.OfType<Picture>())
            {
                _json.WriteStartObject();
                _json.WriteString("source", picture.DataUri);
                _json.WriteString("xref", AxisId('x', p));
                _json.WriteString("yref", AxisId('y', p));
                _json.WritePlace(picture.X, picture.Y, "left", "top");
                _json.WriteNumber("sizex", picture.Width);
                _json.WriteNumber("sizey", picture.Height);
                _json.WriteString("sizing", "stretch");
                _json.WriteString("layer", "below");
                _json.WriteEndObject();
            }
        }

        _json.WriteEndArray();
    }
}
