using System.Text.Json;
using DigitML.Charts.Drawing;

namespace DigitML.Charts;

/// <summary>The words that Plotly's traces and layouts share.</summary>
internal static class PlotlyJson
{
    /// <summary>Text as Plotly shows it letter by letter.</summary>
    public static string Plain(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("\n", "<br>", StringComparison.Ordinal);

    /// <summary>Plotly's name of a panel's axis: <c>x</c>, <c>x2</c> and so on.</summary>
    public static string AxisId(char letter, int panel) => panel == 0 ? $"{letter}" : Invariant($"{letter}{panel + 1}");

    public static void WriteTicks(this Utf8JsonWriter json, IReadOnlyList<Tick> ticks)
    {
        json.WriteString("tickmode", "array");
        json.WriteNumbers("tickvals", [.. ticks.Select(tick => tick.Value)]);
        json.WriteTexts("ticktext", ticks.Select(tick => Plain(tick.Text)));
        json.WriteFont("tickfont", 11, Palette.Muted);
    }

    public static void WritePlace(this Utf8JsonWriter json, double x, double y, string xanchor, string yanchor)
    {
        json.WriteNumber("x", x);
        json.WriteNumber("y", y);
        json.WriteString("xanchor", xanchor);
        json.WriteString("yanchor", yanchor);
    }

    public static void WriteFont(this Utf8JsonWriter json, string name, int size, string color)
    {
        json.WriteStartObject(name);
        json.WriteString("family", SvgWriter.Fonts);
        json.WriteNumber("size", size);
        json.WriteString("color", color);
        json.WriteEndObject();
    }

    public static void WriteHover(this Utf8JsonWriter json, IReadOnlyList<string> texts)
    {
        json.WriteTexts("hovertext", texts.Select(Plain));
        json.WriteString("hoverinfo", "text");
    }

    public static void WriteTexts(this Utf8JsonWriter json, string? name, IEnumerable<string> texts)
    {
        json.StartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    public static void WriteNumbers(this Utf8JsonWriter json, string? name, IReadOnlyList<double> numbers)
    {
        json.StartArray(name);
        foreach (var number in numbers)
        {
            if (double.IsFinite(number))
            {
                json.WriteNumberValue(number);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndArray();
    }

    private static void StartArray(this Utf8JsonWriter json, string? name)
    {
        if (name is null)
        {
            json.WriteStartArray();
        }
        else
        {
            json.WriteStartArray(name);
        }
    }
}
