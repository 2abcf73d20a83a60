namespace DigitML.Charts.Drawing;

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
