using DigitML.Data;
using DigitML.Pixels;

namespace DigitML.Tests.Reading;

/// <summary>Synthetic digits side by side, black on white.</summary>
internal static class WrittenPage
{
    private const int Cell = 84;

    /// <summary>Draws rows of digits.</summary>
    /// <param name="rows">Their texts, all as long as the first.</param>
    /// <param name="seed">Of the writer.</param>
    /// <param name="margin">White around, in pixels.</param>
    public static GreyImage Draw(string[] rows, int seed, int margin = 50)
    {
        var (width, height) = ((rows[0].Length * Cell) + (2 * margin), (rows.Length * Cell * 3 / 2) + (2 * margin));
        var pixels = new byte[width * height];
        pixels.AsSpan().Fill(255);
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < rows[row].Length; column++)
            {
                var digit = SyntheticDigits.Draw(rows[row][column] - '0', seed, (row * rows[0].Length) + column, Cell, penWidth: 6, margin: 0.12f);
                for (var y = 0; y < Cell; y++)
                {
                    for (var x = 0; x < Cell; x++)
                    {
                        pixels[((margin + (row * Cell * 3 / 2) + y) * width) + margin + (column * Cell) + x] = (byte)(255 - digit[(y * Cell) + x]);
                    }
                }
            }
        }

        return new GreyImage(width, height, pixels);
    }
}
