namespace DigitML.Preprocessing;

/// <summary>The ink of a picture under one assumption about its polarity.</summary>
internal sealed class InkMap
{
    /// <summary>Whether the ink was taken to be lighter than its ground.</summary>
    public required bool IsLightOnDark { get; init; }

    /// <summary>The ground, as it was estimated in the polarity that has dark ink.</summary>
    public required Plane Ground { get; init; }

    /// <summary>How much darker than the ground each pixel is, as a share of the ground: 0 to 1.</summary>
    public required Plane Darkness { get; init; }

    /// <summary>Ink with soft edges: 0 the ground, 1 full ink; 0 outside the mask and its seam.</summary>
    public required Plane Ink { get; init; }

    /// <summary>Which pixels are ink: [height, width].</summary>
    public required bool[] Mask { get; init; }

    /// <summary>How dark full ink is, 0 to 1.</summary>
    public required float Level { get; init; }

    /// <summary>The darkness that parts ink from ground.</summary>
    public required float Threshold { get; init; }

    /// <summary>Standard deviation of the darkness from pixel to pixel where there is no ink.</summary>
    public required float Noise { get; init; }

    public int Width => Ink.Width;

    public int Height => Ink.Height;
}
