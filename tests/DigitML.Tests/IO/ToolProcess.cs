using System.Diagnostics;

namespace DigitML.Tests.IO;

/// <summary>Runs programs that tests compare with or look through, and not for ever: one that hangs fails its test by name.</summary>
internal static class ToolProcess
{
    /// <summary>Far more than any of them needs on a busy machine.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="start">The program; its streams are redirected here.</param>
    /// <param name="input">What it is fed.</param>
    /// <param name="limit">Time it has; null for five minutes.</param>
    /// <exception cref="TimeoutException">It took longer, and was ended with all that it had started.</exception>
    public static (int ExitCode, byte[] Output, string Errors) Run(ProcessStartInfo start, ReadOnlySpan<byte> input = default, TimeSpan? limit = null)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        var copy = process.StandardOutput.BaseStream.CopyToAsync(output);
        var errors = process.StandardError.ReadToEndAsync();
        var isKilled = false;
        using var clock = new Timer(_ => Kill(process, ref isKilled), null, limit ?? s_limit, Timeout.InfiniteTimeSpan);
        try
        {
            using var stdin = process.StandardInput.BaseStream;
            stdin.Write(input);
        }
        catch (IOException)
        {
            // It ended without reading all; its exit code says why.
        }

        copy.GetAwaiter().GetResult();
        process.WaitForExit();
        var said = errors.GetAwaiter().GetResult();
        return !Volatile.Read(ref isKilled)
            ? (process.ExitCode, output.ToArray(), said)
            : throw new TimeoutException($"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end within {limit ?? s_limit}: {said}");
    }

    private static void Kill(Process process, ref bool isKilled)
    {
        Volatile.Write(ref isKilled, true);
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
        }
    }
}
