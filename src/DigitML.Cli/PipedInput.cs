using DigitML.Imaging;
using DigitML.IO;

namespace DigitML.Cli;

/// <summary>What comes through a pipe, whose name says nothing about it.</summary>
internal static class PipedInput
{
    /// <summary>Reads a path to its writer's end if it is a pipe or standard input; whoever opens it again gets the same bytes.</summary>
    /// <param name="path">A file of any kind, or none.</param>
    /// <param name="isData">Whether it holds many digits at once, as IDX or CSV, rather than a picture.</param>
    /// <returns>Whether it is a pipe.</returns>
    /// <exception cref="DigitException">It holds more than is read.</exception>
    public static bool TryRead(string path, out bool isData)
    {
        var content = PipeFile.TryRead(path, head => IsData(head.Span) ? (PipeFile.MaximumBytes, "digits") : (ImageLimits.Default.MaximumFileBytes, "a picture"));
        isData = content is not null && IsData(content);
        return content is not null;
    }

    /// <summary>Whether a file that begins so is IDX, gzip or CSV.</summary>
    public static bool IsData(ReadOnlySpan<byte> start) => start switch
    {
        [0, 0, >= 0x08 and <= 0x0E, ..] or [0x1F, 0x8B, ..] => true,

        // PNM in letters and digits, and SVG.
        [(byte)'P', >= (byte)'1' and <= (byte)'7', ..] or [(byte)'<', ..] => false,
        _ => IsLineOfColumns(start),
    };

    private static bool IsLineOfColumns(ReadOnlySpan<byte> start)
    {
        // A first line that goes on beyond what is looked at has more columns than are needed to tell.
        const int Enough = 4096;
        var line = start[..Math.Min(start.Length, Enough)];
        var end = line.IndexOfAny((byte)'\r', (byte)'\n');
        line = end < 0 ? line : line[..end];
        return line.IndexOfAny(",;\t"u8) >= 0 && !line.ContainsAnyExceptInRange((byte)'\t', (byte)'~') && !line.ContainsAnyInRange((byte)'\n', (byte)0x1F);
    }
}
