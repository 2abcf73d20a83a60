namespace DigitML.Models;

/// <summary>What happens to a pixel value before the first layer: <c>(pixel · Scale − Mean) / Deviation</c>.</summary>
/// <param name="Scale">1/255 brings bytes to [0, 1].</param>
/// <param name="Mean">Subtracted after scaling; 0 for none.</param>
/// <param name="Deviation">Divided by last; 1 for none. Greater than 0.</param>
public readonly record struct PixelNormalization(float Scale, float Mean, float Deviation)
{
    /// <summary>pixel / 255: values in [0, 1].</summary>
    public static PixelNormalization UnitRange { get; } = new(1f / 255f, 0f, 1f);
}
