using System.Text;
using DigitML.Charts.Drawing;
using DigitML.IO;

namespace DigitML.Charts;

/// <summary>
/// A chart, made by <see cref="Chart"/>: as a figure in Plotly's schema, which plotly.js and, by the package DigitML.Plotly,
/// Plotly.NET draw, and as a picture of the same in SVG for places that run no script. Immutable; the same results give the same bytes.
/// </summary>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Svg, RichDisplay.PlotlyFigure])]
public sealed class Figure
{
    internal Figure(string title, string subtitle, int width, int height, IReadOnlyList<Panel> panels, int legendLeft = int.MaxValue)
    {
        Title = title;
        Subtitle = subtitle;
        Width = width;
        Height = height;
        Panels = panels;
        HasLegend = legendLeft != int.MaxValue;
        LegendLeft = legendLeft;
    }

    /// <summary>What it shows, in a few words.</summary>
    public string Title { get; }

    /// <summary>Of what: the data's name, how many, the headline.</summary>
    public string Subtitle { get; }

    /// <summary>In CSS pixels.</summary>
    public int Width { get; }

    /// <summary>In CSS pixels.</summary>
    public int Height { get; }

    internal IReadOnlyList<Panel> Panels { get; }

    internal bool HasLegend { get; }

    /// <summary>Where the legend starts, in pixels from the left.</summary>
    internal int LegendLeft { get; }

    /// <summary>The figure in Plotly's schema: an object with <c>data</c> and <c>layout</c>, on one line.</summary>
    public string ToJson() => PlotlyWriter.Write(this);

    /// <summary>The figure as a picture: one SVG element without script, fonts or references to the outside.</summary>
    public string ToSvg() => SvgWriter.Write(this);

    /// <summary>Writes the figure to a file, as its name says: <c>.svg</c> or <c>.json</c>.</summary>
    /// <param name="path">The file; its folder must exist. It is replaced whole or, on a failure, not at all.</param>
    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    /// <exception cref="DigitException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var content = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".svg" => ToSvg(),
            ".json" => ToJson(),
            var other => throw new ArgumentException($"A figure's file must end in .svg or .json; got '{other}'. A page is written by SaveHtml of the package DigitML.Plotly.", nameof(path)),
        };
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(content + "\n"));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Title} ({Subtitle})";
}
