namespace DigitML.Preprocessing;

/// <summary>Questions about masks.</summary>
internal static class Masks
{
    /// <summary>Whether a pixel or one of its eight neighbours is in the mask.</summary>
    public static bool HasBeside(bool[] mask, int width, int height, int x, int y)
    {
        for (var ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
        {
            for (var nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
            {
                if (mask[(ny * width) + nx])
                {
                    return true;
                }
            }
        }

        return false;
    }
}
