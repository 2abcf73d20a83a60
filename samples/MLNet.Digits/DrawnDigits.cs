using DigitML.Data;
using Microsoft.ML.Data;

namespace MLNet.Digits;

/// <summary>Pictures to try the sample with: digits that the library draws, dark on light. They are synthetic, and easier than people's.</summary>
internal static class DrawnDigits
{
    private const int Scale = 3;
    private const int Side = 28 * Scale;

    /// <summary>Draws digits into a folder, one folder a class.</summary>
    /// <returns>The folder.</returns>
    public static string In(string folder, int count)
    {
        var digits = SyntheticDigits.Create(count, seed: 1);
        var pixels = new byte[Side * Side * 4];
        for (var i = 0; i < count; i++)
        {
            var digit = digits.Image(i);
            for (var p = 0; p < Side * Side; p++)
            {
                var ink = digit[(p / Side / Scale * 28) + (p % Side / Scale)];
                pixels.AsSpan(p * 4, 3).Fill((byte)(245 - (ink * 9 / 10)));
                pixels[(p * 4) + 3] = 255;
            }

            using var picture = MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Bgra32, pixels);
            picture.Save(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, $"{digits.Labels[i]}")).FullName, $"{i:0000}.png"));
        }

        return folder;
    }
}
