namespace DigitML.Charts.Drawing;

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
