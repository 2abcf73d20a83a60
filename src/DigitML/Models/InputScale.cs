using System.Globalization;
using DigitML.IO;

namespace DigitML.Models;

/// <summary>
/// The words for what happens to pixel values before a model that another program wrote: <c>0-255</c> for nothing, <c>0-1</c> for
/// pixel / 255, and <c>MEAN,STD</c> for (pixel / 255 − mean) / deviation, as torchvision's <c>Normalize</c> takes them.
/// </summary>
public static class InputScale
{
    /// <summary>The key under which a loaded model's metadata say what was taken for its input and why, unless DigitML wrote it: <c>0-1, by default</c>.</summary>
    public const string MetadataKey = "inputScale";

    private const float Unit = 1f / 255f;

    /// <summary>Pixel values as they are.</summary>
    internal static PixelNormalization Raw { get; } = new(1, 0, 1);

    /// <summary>The normalisation that words stand for.</summary>
    /// <param name="text"><c>0-255</c>, <c>0-1</c> or <c>MEAN,STD</c>, two numbers with points.</param>
    /// <exception cref="DigitException">The text is none of them, or the deviation is not above 0.</exception>
    public static PixelNormalization Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        switch (text.Trim())
        {
            case "0-255":
                return Raw;
            case "0-1":
                return PixelNormalization.UnitRange;
        }

        var parts = text.Split(',');
        if (parts.Length != 2 || !TryNumber(parts[0], out var mean) || !TryNumber(parts[1], out var deviation))
        {
            throw new DigitException($"expected 0-255, 0-1 or a mean and a deviation on the scale of 0 to 1, such as 0.1307,0.3081; got '{text}'.");
        }

        return deviation > 0
            ? new PixelNormalization(Unit, mean, deviation)
            : throw new DigitException($"the deviation of an input scale must be above 0; got '{text}'.");
    }

    /// <summary>The words for a normalisation; for one that has none, its formula.</summary>
    /// <param name="normalization">What happens to pixel values.</param>
    public static string Format(PixelNormalization normalization)
    {
        var (scale, mean, deviation) = normalization;
        return (scale, mean, deviation) switch
        {
            (1, 0, 1) => "0-255",
            (Unit, 0, 1) => "0-1",
            (Unit, _, _) => Invariant($"{mean},{deviation}"),
            _ => Invariant($"(pixel · {scale} − {mean}) / {deviation}"),
        };
    }

    private static bool TryNumber(string text, out float number) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && float.IsFinite(number);
}
