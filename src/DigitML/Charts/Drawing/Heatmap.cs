namespace DigitML.Charts.Drawing;

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
