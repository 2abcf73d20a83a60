namespace DigitML.Charts.Drawing;

/// <summary>Points, joined by a line or not. A point that is not finite is left out and parts the line.</summary>
internal sealed record Series : Mark
{
    /// <summary>What the legend calls it; series of one name in several panels share one entry.</summary>
    public required string Name { get; init; }

    public required IReadOnlyList<double> X { get; init; }

    public required IReadOnlyList<double> Y { get; init; }

    public required string Color { get; init; }

    /// <summary>What is told of each point; one line each.</summary>
    public required IReadOnlyList<string> Hover { get; init; }

    public bool HasLine { get; init; } = true;

    public bool IsDashed { get; init; }

    /// <summary>The points' shape; null draws the line alone.</summary>
    public Symbol? Symbol { get; init; }

    /// <summary>Where each point's whiskers end, below and above; null for none.</summary>
    public IReadOnlyList<(double Low, double High)>? Whiskers { get; init; }

    public bool InLegend { get; init; } = true;
}
