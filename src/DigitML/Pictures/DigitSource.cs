using DigitML.Data;

namespace DigitML.Pictures;

/// <summary>Draws labelled digits by chance from a set.</summary>
internal sealed class DigitSource(LabelledImages digits, Random random)
{
    public Random Random => random;

    /// <summary>A digit's pixels and label.</summary>
    public (byte[] Pixels, int Label) Next()
    {
        var index = random.Next(digits.Count);
        return (digits.Image(index).ToArray(), digits.Label(index));
    }
}
