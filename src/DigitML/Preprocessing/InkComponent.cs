namespace DigitML.Preprocessing;

/// <summary>One connected piece of ink (eight neighbours).</summary>
internal sealed class InkComponent
{
    /// <summary>Its number in the label map, from 1.</summary>
    public required int Label { get; init; }

    /// <summary>The tight box around it.</summary>
    public required PixelBox Box { get; init; }

    /// <summary>Its pixels.</summary>
    public required int Area { get; init; }

    /// <summary>The sum of its ink, 0 to 1 a pixel.</summary>
    public required double Mass { get; init; }
}
