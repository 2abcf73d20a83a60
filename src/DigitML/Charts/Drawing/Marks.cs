namespace DigitML.Charts.Drawing;

/// <summary>Something drawn in a panel, in the panel's own coordinates.</summary>
internal abstract record Mark;

/// <summary>Points, joined by a line or not. A point that is not finite is left out and parts the line.</summary>
internal sealed record Series : Mark
{
    /// <summary>What the legend calls it; series of one name in several panels share one entry.</summary>
    public required string Name { get; init; }

    public required IReadOnlyList<double> X { get; init; }

    public required IReadOnlyList<double> Y { get; init; }

    public required string Color { get; init; }

    /// <summary>What is shown of each point; one line each.</summary>
    public required IReadOnlyList<string> Hover { get; init; }

    public bool HasLine { get; init; } = true;

    public bool IsDashed { get; init; }

    /// <summary>The line's width, in pixels.</summary>
    public double Width { get; init; } = 2;

    /// <summary>What is told of the line as a whole, where its points have no symbols to point at; null for nothing.</summary>
    public string? LineHover { get; init; }

    /// <summary>The points' shape; null draws the line alone.</summary>
    public Symbol? Symbol { get; init; }

    /// <summary>The points' radius, in pixels; null for what suits a line or points alone.</summary>
    public double? Radius { get; init; }

    /// <summary>The radius that is drawn.</summary>
    public double DrawnRadius => Radius ?? (HasLine ? 3 : 4.5);

    /// <summary>Where each point's whiskers end, below and above; null for none.</summary>
    public IReadOnlyList<(double Low, double High)>? Whiskers { get; init; }

    public bool InLegend { get; init; } = true;
}

/// <summary>The shape of a point; series differ in it as well as in colour. Plotly's names in lower case.</summary>
internal enum Symbol
{
    Circle,
    Diamond,
    Square,
}

/// <summary>Bars from 0, upright or lying.</summary>
internal sealed record Bars : Mark
{
    public required string Name { get; init; }

    /// <summary>Each bar's middle on the axis it stands on.</summary>
    public required IReadOnlyList<double> Positions { get; init; }

    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>One colour a bar.</summary>
    public required IReadOnlyList<string> Colors { get; init; }

    public required IReadOnlyList<string> Hover { get; init; }

    /// <summary>Written beyond each bar's end; null for nothing.</summary>
    public IReadOnlyList<string>? Texts { get; init; }

    /// <summary>In units of the axis they stand on.</summary>
    public double Thickness { get; init; } = 0.8;

    /// <summary>Whether the bars lie: positions on the y axis, values on the x axis.</summary>
    public bool IsHorizontal { get; init; }
}

/// <summary>A table of coloured cells around whole numbers: row r at y = r, column c at x = c.</summary>
internal sealed record Heatmap : Mark
{
    public required int Rows { get; init; }

    public required int Columns { get; init; }

    /// <summary>Row-major [rows, columns], 0 to 1: the place on <see cref="Palette.Sequential"/>.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>Row-major, written into the cells; null for nothing. Lines are parted by \n.</summary>
    public required IReadOnlyList<string>? Texts { get; init; }

    public required IReadOnlyList<string> Hover { get; init; }

    /// <summary>What the colours mean, for the bar beside the table.</summary>
    public required string ScaleTitle { get; init; }

    public required IReadOnlyList<Tick> ScaleTicks { get; init; }
}

/// <summary>A small picture, with a frame when it stands out.</summary>
internal sealed record Picture : Mark
{
    /// <summary>A PNG file, larger than its pixels so that no viewer blurs them.</summary>
    public required byte[] Png { get; init; }

    /// <summary>Left edge.</summary>
    public required double X { get; init; }

    /// <summary>Upper edge, on an axis that runs downwards.</summary>
    public required double Y { get; init; }

    public required double Width { get; init; }

    public required double Height { get; init; }

    public required string Hover { get; init; }

    /// <summary>The frame's colour; null for a faint one.</summary>
    public string? Frame { get; init; }

    public string DataUri => "data:image/png;base64," + Convert.ToBase64String(Png);
}

/// <summary>A line of text, centred on its point unless it shall start or end there.</summary>
internal sealed record Label(double X, double Y, string Text, string Color, int Size = 12, bool IsBold = false) : Mark
{
    /// <summary>Which part of the text is at the point: its start, middle or end.</summary>
    public string Anchor { get; init; } = "middle";

    /// <summary>Whether paper keeps the text clear of the lines beneath it.</summary>
    public bool HasHalo { get; init; }
}

/// <summary>An upright dashed line through the whole panel, named at its top.</summary>
internal sealed record Rule(double X, string Text) : Mark
{
    /// <summary>Which way the text runs, so that it stays above its panel: its start, middle or end is at the line.</summary>
    public string AnchorOn(Axis axis) => axis.Share(X) switch
    {
        > 0.85 => "end",
        < 0.15 => "start",
        _ => "middle",
    };
}
