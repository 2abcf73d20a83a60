using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DigitML.Cli.Views;

/// <summary>
/// A picture in a terminal: two pixels a character as half blocks, in greys where there is colour and as ink or no
/// ink where there is none; one shade character for two pixels where blocks cannot be shown.
/// </summary>
internal static class DigitDrawing
{
    private const string Shades = " .:-=+*#%@";

    // Where there is no grey: low, because the edges of a stroke are part of it.
    private const int LeastInk = 72;

    /// <summary>The drawing, each line as wide as the picture becomes.</summary>
    /// <param name="pixels">[height, width], 0 ground to 255 ink.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="shrink">So many pixels a side become one: 1 draws 28×28 on 28 columns and 14 lines.</param>
    /// <param name="terminal">What can be shown.</param>
    public static IRenderable Draw(ReadOnlySpan<byte> pixels, int width, int shrink, Terminal terminal)
    {
        var small = Shrink(pixels, width, shrink, out var columns);
        var rows = small.Length / columns;
        var hasGreys = terminal.IsLive && terminal.IsUnicode && terminal.Screen.Profile.Capabilities.ColorSystem >= ColorSystem.EightBit;
        if (!hasGreys)
        {
            return new Text(Plain(small, columns, terminal.IsUnicode));
        }

        var drawing = new Paragraph();
        for (var y = 0; y < rows; y += 2)
        {
            for (var x = 0; x < columns; x++)
            {
                drawing.Append("▀", new Style(Grey(small[y * columns + x]), Grey(y + 1 < rows ? small[(y + 1) * columns + x] : (byte)0)));
            }

            if (y + 2 < rows)
            {
                drawing.Append("\n");
            }
        }

        return drawing;
    }

    /// <summary>The drawing without colour.</summary>
    /// <param name="pixels">[height, <paramref name="columns"/>], 0 ground to 255 ink.</param>
    /// <param name="columns">Pixels a row.</param>
    /// <param name="isUnicode">Half blocks, otherwise shades of ASCII.</param>
    internal static string Plain(ReadOnlySpan<byte> pixels, int columns, bool isUnicode)
    {
        var rows = pixels.Length / columns;
        var text = new StringBuilder();
        for (var y = 0; y < rows; y += 2)
        {
            for (var x = 0; x < columns; x++)
            {
                var upper = pixels[y * columns + x];
                var lower = y + 1 < rows ? pixels[(y + 1) * columns + x] : (byte)0;
                text.Append(isUnicode
                    ? (upper >= LeastInk, lower >= LeastInk) switch { (true, true) => '█', (true, false) => '▀', (false, true) => '▄', _ => ' ' }
                    : Shades[(upper + lower) * (Shades.Length - 1) / 510]);
            }

            if (y + 2 < rows)
            {
                text.Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>Means over squares; what is left over at the right and the bottom joins no square and is dropped.</summary>
    internal static byte[] Shrink(ReadOnlySpan<byte> pixels, int width, int shrink, out int columns)
    {
        columns = Math.Max(1, width / shrink);
        var rows = Math.Max(1, pixels.Length / width / shrink);
        var small = new byte[columns * rows];
        for (var i = 0; i < small.Length; i++)
        {
            int sum = 0, count = 0;
            for (var y = i / columns * shrink; y < Math.Min(pixels.Length / width, (i / columns + 1) * shrink); y++)
            {
                for (var x = i % columns * shrink; x < Math.Min(width, (i % columns + 1) * shrink); x++, count++)
                {
                    sum += pixels[y * width + x];
                }
            }

            small[i] = (byte)(sum / count);
        }

        return small;
    }

    // Averaged strokes are dim; the square root brings them back up without touching black and white.
    private static Color Grey(byte value)
    {
        var level = (byte)Math.Round(Math.Sqrt(value / 255.0) * 255);
        return new Color(level, level, level);
    }
}
