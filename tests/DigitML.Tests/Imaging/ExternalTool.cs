using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using DigitML.Tests.IO;

namespace DigitML.Tests.Imaging;

/// <summary>Runs the reference programs that tests compare with; a test skips, and says so, where one is absent.</summary>
internal static class ExternalTool
{
    public const string Convert = "convert";
    public const string Djpeg = "djpeg";
    public const string Cjpeg = "cjpeg";
    public const string JpegTran = "jpegtran";

    private static readonly ConcurrentDictionary<string, bool> _present = new();

    /// <summary>Skips the running test unless all the programs start.</summary>
    public static void Require(params string[] programs)
    {
        foreach (var program in programs)
        {
            Assert.SkipUnless(_present.GetOrAdd(program, Starts), $"{program} is not installed (Debian: imagemagick, libjpeg-turbo-progs).");
        }
    }

    /// <summary>Feeds a program and returns what it writes.</summary>
    public static byte[] Run(string program, ReadOnlySpan<byte> input, params string[] arguments)
    {
        var (exitCode, output, errors) = ToolProcess.Run(new ProcessStartInfo(program, arguments), input);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors}");
        return output;
    }

    private static bool Starts(string program)
    {
        try
        {
            ToolProcess.Run(new ProcessStartInfo(program, ["-version"]));
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
