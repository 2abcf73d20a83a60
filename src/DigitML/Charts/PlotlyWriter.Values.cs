using DigitML.Charts.Drawing;

namespace DigitML.Charts;

internal sealed partial class PlotlyWriter
{
    private void WritePlace(double x, double y, string xanchor, string yanchor)
    {
        _json.WriteNumber("x", x);
        _json.WriteNumber("y", y);
        _json.WriteString("xanchor", xanchor);
        _json.WriteString("yanchor", yanchor);
    }

    private void WriteFont(string name, int size, string color)
    {
        _json.WriteStartObject(name);
        _json.WriteString("family", SvgWriter.Fonts);
        _json.WriteNumber("size", size);
        _json.WriteString("color", color);
        _json.WriteEndObject();
    }

    private void WriteHover(IReadOnlyList<string> texts)
    {
        WriteTexts("hovertext", texts.Select(Plain));
        _json.WriteString("hoverinfo", "text");
    }

    private void WriteTable(string name, IReadOnlyList<string> texts, Heatmap heatmap)
    {
        _json.WriteStartArray(name);
        for (var r = 0; r < heatmap.Rows; r++)
        {
            WriteTexts(null, texts.Skip(r * heatmap.Columns).Take(heatmap.Columns).Select(Plain));
        }

        _json.WriteEndArray();
    }

    private void WriteTexts(string? name, IEnumerable<string> texts)
    {
        StartArray(name);
        foreach (var text in texts)
        {
            _json.WriteStringValue(text);
        }

        _json.WriteEndArray();
    }

    private void WriteNumbers(string? name, IReadOnlyList<double> numbers)
    {
        StartArray(name);
        foreach (var number in numbers)
        {
            if (double.IsFinite(number))
            {
                _json.WriteNumberValue(number);
            }
            else
            {
                _json.WriteNullValue();
            }
        }

        _json.WriteEndArray();
    }

    private void StartArray(string? name)
    {
        if (name is null)
        {
            _json.WriteStartArray();
        }
        else
        {
            _json.WriteStartArray(name);
        }
    }
}
