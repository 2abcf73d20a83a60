using System.Globalization;
using System.Text;
using DigitML.Charts.Drawing;

namespace DigitML.Charts;

/// <summary>Draws a figure as SVG, everything where plotly.js draws it. What Plotly tells on pointing is each element's title.</summary>
internal sealed class SvgWriter
{
    /// <summary>The fonts of figures; what Plotly and browsers both find.</summary>
    public const string Fonts = "Helvetica, Arial, sans-serif";

    /// <summary>The space left of the title, in pixels.</summary>
    public const int Edge = 16;

    /// <summary>The middle of the legend, in pixels from the top: below the subtitle, clear of Plotly's buttons.</summary>
    public const int LegendRow = 68;

    private readonly Figure _figure;
    private readonly StringBuilder _svg = new();

    private SvgWriter(Figure figure) => _figure = figure;

    public static string Write(Figure figure) => new SvgWriter(figure).WriteFigure();

    /// <summary>Text for XML: markup escaped, and what no XML file may hold left out.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '"' => result.Append("&quot;"),
                (< ' ' and not '\n' and not '\t') or 0xfffe or 0xffff => result,
                _ => result.Append(rune.ToString()),
            };
        }

        return result.ToString();
    }

    /// <summary>Roughly, since the reader's font is not known: enough to keep texts apart.</summary>
    public static double TextWidth(string text, int size) => text.Sum(c => c is ' ' or '.' or ',' or 'i' or 'l' ? 0.3 : 0.58) * size;

    private static string N(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    private string WriteFigure()
    {
        _svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{_figure.Width}" height="{_figure.Height}" viewBox="0 0 {_figure.Width} {_figure.Height}" role="img" aria-label="{Escape(_figure.ToString())}" font-family="{Fonts}" font-size="12" fill="{Palette.Ink}">""").Append('\n');
        Line($"""<rect width="100%" height="100%" fill="{Palette.Paper}"/>""");
        Text(Edge, 27, _figure.Title, Palette.Ink, 16, "start", isBold: true);
        Text(Edge, 48, _figure.Subtitle, Palette.Muted, 12, "start");
        foreach (var panel in _figure.Panels)
        {
            WriteAxes(panel);
            foreach (var mark in panel.Marks)
            {
                WriteMark(mark, panel);
            }
        }

        if (_figure.HasLegend)
        {
            WriteLegend();
        }

        return _svg.Append("</svg>").ToString();
    }

    private void WriteAxes(Panel panel)
    {
        if (panel.Title is { } title)
        {
            Text(panel.Left, panel.Top - 9, title, Palette.Ink, 13, "start", isBold: true);
        }

        foreach (var tick in panel.Y.Ticks)
        {
            var y = panel.PixelY(tick.Value);
            if (panel.Y.HasGrid)
            {
                Line($"""<line x1="{N(panel.Left)}" y1="{N(y)}" x2="{N(panel.Right)}" y2="{N(y)}" stroke="{Palette.Grid}"/>""");
            }

            Text(panel.Left - 6, y + 4, tick.Text, Palette.Muted, 11, "end");
        }

        foreach (var tick in panel.X.Ticks)
        {
            var x = panel.PixelX(tick.Value);
            if (panel.X.HasGrid)
            {
                Line($"""<line x1="{N(x)}" y1="{N(panel.Top)}" x2="{N(x)}" y2="{N(panel.Bottom)}" stroke="{Palette.Grid}"/>""");
            }

            Text(x, panel.Bottom + 16, tick.Text, Palette.Muted, 11, "middle");
        }

        if (panel.X.Title is { } below)
        {
            Text(panel.Left + panel.Width / 2, panel.Bottom + 36, below, Palette.Muted, 12, "middle");
        }

        if (panel.X.Ticks.Count > 0)
        {
            Line($"""<line x1="{N(panel.Left)}" y1="{N(panel.Bottom)}" x2="{N(panel.Right)}" y2="{N(panel.Bottom)}" stroke="{Palette.Faint}"/>""");
        }

        if (panel.Y.Title is { } beside)
        {
            var widest = panel.Y.Ticks.Select(tick => TextWidth(tick.Text, 11)).DefaultIfEmpty(0).Max();
            Upright(panel.Left - widest - 18, panel.Top + panel.Height / 2, beside);
        }
    }

    private void WriteMark(Mark mark, Panel panel)
    {
        switch (mark)
        {
            case Series series:
                WriteSeries(series, panel);
                break;
            case Bars bars:
                WriteBars(bars, panel);
                break;
            case Heatmap heatmap:
                WriteHeatmap(heatmap, panel);
                break;
            case Picture picture:
                WritePicture(picture, panel);
                break;
            case Label label:
                Text(panel.PixelX(label.X), panel.PixelY(label.Y) + label.Size * 0.35, label.Text, label.Color, label.Size, label.Anchor, label.IsBold, label.HasHalo);
                break;
            case Rule rule:
                var x = N(panel.PixelX(rule.X));
                Line($"""<line x1="{x}" y1="{N(panel.Top)}" x2="{x}" y2="{N(panel.Bottom)}" stroke="{Palette.Muted}" stroke-dasharray="2 3"/>""");
                Text(panel.PixelX(rule.X), panel.Top - 6, rule.Text, Palette.Muted, 11, rule.AnchorOn(panel.X));
                break;
            default:
                throw new InvalidOperationException($"No drawing for {mark.GetType().Name}.");
        }
    }

    private void WriteSeries(Series series, Panel panel)
    {
        var path = new StringBuilder();
        var isDown = false;
        for (var i = 0; i < series.X.Count; i++)
        {
            if (!double.IsFinite(series.X[i]) || !double.IsFinite(series.Y[i]))
            {
                isDown = false;
                continue;
            }

            path.Append(isDown ? 'L' : 'M').Append(N(panel.PixelX(series.X[i]))).Append(' ').Append(N(panel.PixelY(series.Y[i])));
            isDown = true;
        }

        if (series.HasLine)
        {
            var end = series.LineHover is { } hover ? $">{Title(hover)}</path>" : "/>";
            Line($"""<path d="{path}" fill="none" stroke="{series.Color}" stroke-width="{N(series.Width)}" stroke-linejoin="round"{(series.IsDashed ? " stroke-dasharray=\"7 5\"" : "")}{end}""");
        }

        for (var i = 0; i < series.X.Count; i++)
        {
            if (!double.IsFinite(series.X[i]) || !double.IsFinite(series.Y[i]))
            {
                continue;
            }

            var (x, y) = (panel.PixelX(series.X[i]), panel.PixelY(series.Y[i]));
            if (series.Whiskers is { } whiskers)
            {
                Line($"""<line x1="{N(x)}" y1="{N(panel.PixelY(whiskers[i].Low))}" x2="{N(x)}" y2="{N(panel.PixelY(whiskers[i].High))}" stroke="{series.Color}" stroke-width="1.5"/>""");
            }

            if (series.Symbol is { } symbol)
            {
                Shape(symbol, x, y, series.DrawnRadius, series.Color, series.Hover[i]);
            }
        }
    }

    private void WriteBars(Bars bars, Panel panel)
    {
        for (var i = 0; i < bars.Values.Count; i++)
        {
            if (!double.IsFinite(bars.Values[i]))
            {
                continue;
            }

            var half = bars.Thickness / 2;
            var (x1, x2, y1, y2) = bars.IsHorizontal
                ? (panel.PixelX(0), panel.PixelX(bars.Values[i]), panel.PixelY(bars.Positions[i] - half), panel.PixelY(bars.Positions[i] + half))
                : (panel.PixelX(bars.Positions[i] - half), panel.PixelX(bars.Positions[i] + half), panel.PixelY(bars.Values[i]), panel.PixelY(0));
            Line($"""<rect x="{N(Math.Min(x1, x2))}" y="{N(Math.Min(y1, y2))}" width="{N(Math.Abs(x2 - x1))}" height="{N(Math.Abs(y2 - y1))}" fill="{bars.Colors[i]}">{Title(bars.Hover[i])}</rect>""");
            if (bars.Texts is { } texts)
            {
                if (bars.IsHorizontal)
                {
                    Text(x2 + 5, (y1 + y2) / 2 + 4, texts[i], Palette.Ink, 12, "start");
                }
                else
                {
                    Text((x1 + x2) / 2, y1 - 5, texts[i], Palette.Ink, 11, "middle");
                }
            }
        }
    }

    private void WriteHeatmap(Heatmap heatmap, Panel panel)
    {
        for (var r = 0; r < heatmap.Rows; r++)
        {
            for (var c = 0; c < heatmap.Columns; c++)
            {
                var i = r * heatmap.Columns + c;
                var color = Palette.Sequential(heatmap.Values[i]);
                var (left, right) = (panel.PixelX(c - 0.5), panel.PixelX(c + 0.5));
                var (top, bottom) = (panel.PixelY(r - 0.5), panel.PixelY(r + 0.5));
                Line($"""<rect x="{N(left + 0.5)}" y="{N(top + 0.5)}" width="{N(right - left - 1)}" height="{N(bottom - top - 1)}" fill="{Palette.Hex(color)}">{Title(heatmap.Hover[i])}</rect>""");
                if (heatmap.Texts is { } texts && texts[i].Length > 0)
                {
                    var lines = texts[i].Split('\n');
                    for (var l = 0; l < lines.Length; l++)
                    {
                        Text((left + right) / 2, (top + bottom) / 2 + 4 + (l - (lines.Length - 1) / 2.0) * 14, lines[l], Palette.TextOn(color), 12, "middle");
                    }
                }
            }
        }

        WriteScale(heatmap, panel);
    }

    private void WriteScale(Heatmap heatmap, Panel panel)
    {
        const int steps = 64;
        var left = panel.Right + 16;
        for (var s = 0; s < steps; s++)
        {
            Line($"""<rect x="{N(left)}" y="{N(panel.Bottom - (s + 1) * panel.Height / steps)}" width="14" height="{N(panel.Height / steps + 0.5)}" fill="{Palette.Hex(Palette.Sequential((s + 0.5) / steps))}"/>""");
        }

        Line($"""<rect x="{N(left)}" y="{N(panel.Top)}" width="14" height="{N(panel.Height)}" fill="none" stroke="{Palette.Faint}"/>""");
        foreach (var tick in heatmap.ScaleTicks)
        {
            Text(left + 19, panel.Bottom - tick.Value * panel.Height + 4, tick.Text, Palette.Muted, 11, "start");
        }

        Upright(left + 66, panel.Top + panel.Height / 2, heatmap.ScaleTitle, turn: 90);
    }

    private void WritePicture(Picture picture, Panel panel)
    {
        var (x, y) = (panel.PixelX(picture.X), panel.PixelY(picture.Y));
        var (width, height) = (panel.PixelX(picture.X + picture.Width) - x, panel.PixelY(picture.Y + picture.Height) - y);
        var place = $"""x="{N(x)}" y="{N(y)}" width="{N(width)}" height="{N(height)}" """.TrimEnd();
        Line($"""<image {place} href="{picture.DataUri}" preserveAspectRatio="none"/>""");
        Line($"""<rect {place} fill="#fff" fill-opacity="0" stroke="{picture.Frame ?? Palette.Faint}" stroke-width="{(picture.Frame is null ? 1 : 3)}">{Title(picture.Hover)}</rect>""");
    }

    private void WriteLegend()
    {
        var x = (double)_figure.LegendLeft + 4;
        foreach (var series in _figure.Panels.SelectMany(panel => panel.Marks).OfType<Series>().Where(series => series.InLegend).DistinctBy(series => series.Name))
        {
            if (series.HasLine)
            {
                Line($"""<line x1="{N(x)}" y1="{LegendRow}" x2="{N(x + 28)}" y2="{LegendRow}" stroke="{series.Color}" stroke-width="{N(series.Width)}"{(series.IsDashed ? " stroke-dasharray=\"7 5\"" : "")}/>""");
            }

            if (series.Symbol is { } symbol)
            {
                Shape(symbol, x + 14, LegendRow, series.DrawnRadius, series.Color, series.Name);
            }

            Text(x + 34, LegendRow + 4, series.Name, Palette.Ink, 12, "start");
            x += 34 + TextWidth(series.Name, 12) + 18;
        }
    }

    private void Shape(Symbol symbol, double x, double y, double radius, string color, string hover)
    {
        var (r, tip) = (radius * 0.9, radius * 1.3);
        Line(symbol switch
        {
            Symbol.Circle => $"""<circle cx="{N(x)}" cy="{N(y)}" r="{N(radius)}" fill="{color}">{Title(hover)}</circle>""",
            Symbol.Square => $"""<rect x="{N(x - r)}" y="{N(y - r)}" width="{N(2 * r)}" height="{N(2 * r)}" fill="{color}">{Title(hover)}</rect>""",
            _ => $"""<path d="M{N(x)} {N(y - tip)}L{N(x + tip)} {N(y)}L{N(x)} {N(y + tip)}L{N(x - tip)} {N(y)}Z" fill="{color}">{Title(hover)}</path>""",
        });
    }

    private static string Title(string text) => $"<title>{Escape(text)}</title>";

    private void Text(double x, double y, string text, string color, int size, string anchor, bool isBold = false, bool hasHalo = false) =>
        Line($"""<text x="{N(x)}" y="{N(y)}" font-size="{size}" fill="{color}" text-anchor="{anchor}"{(isBold ? " font-weight=\"bold\"" : "")}{(hasHalo ? $" stroke=\"{Palette.Paper}\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\"" : "")}>{Escape(text)}</text>""");

    private void Upright(double x, double y, string text, int turn = -90) =>
        Line($"""<text transform="translate({N(x)} {N(y)}) rotate({turn})" fill="{Palette.Muted}" text-anchor="middle">{Escape(text)}</text>""");

    /// <summary>Ends a line of the file. Its holes are formatted invariantly, since a culture may have another minus.</summary>
    private void Line(FormattableString element) => _svg.AppendFormat(CultureInfo.InvariantCulture, element.Format, element.GetArguments()).Append('\n');
}
