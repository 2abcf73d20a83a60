using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

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
        using var process = Start(program, arguments);
        using var output = new MemoryStream();
        var copy = process.StandardOutput.BaseStream.CopyToAsync(output);
        var errors = process.StandardError.ReadToEndAsync();
        using (var stdin = process.StandardInput.BaseStream)
        {
            stdin.Write(input);
        }

        copy.GetAwaiter().GetResult();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors.GetAwaiter().GetResult()}");
        return output.ToArray();
    }

    private static bool Starts(string program)
    {
        try
        {
            using var process = Start(program, ["-version"]);
            process.StandardInput.Close();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static Process Start(string program, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
