using System.Diagnostics;
using System.Text.Json;
using DigitML.IO;

namespace DigitML.Benchmarks.Peers;

/// <summary>What one run of a program of its own printed, and how much memory it took.</summary>
/// <param name="Figures">The last line of JSON that it printed.</param>
/// <param name="PeakMiB">The most memory it had resident, from its start to its end.</param>
internal sealed record ChildRun(JsonElement Figures, double PeakMiB)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="DigitException">It does not start, fails or prints no JSON.</exception>
    public static ChildRun Of(ProcessStartInfo start) => Of(start, Timeout.InfiniteTimeSpan)!;

    /// <summary>Runs a program to its end, or for as long as it may take.</summary>
    /// <returns>null when it took longer, and was ended.</returns>
    /// <exception cref="DigitException">It does not start, fails or prints no JSON.</exception>
    public static ChildRun? Of(ProcessStartInfo start, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        long peak = 0;
        do
        {
            peak = Math.Max(peak, PeakBytes(process));
            if (limit != Timeout.InfiniteTimeSpan && clock.Elapsed > limit)
            {
                process.Kill(entireProcessTree: true);
                return null;
            }
        }
        while (!process.WaitForExit(s_poll));

        process.WaitForExit();
        var lines = output.Result.TrimEnd().Split('\n');
        var last = lines.LastOrDefault(line => line.StartsWith('{')) ?? lines[^1];
        if (process.ExitCode != 0 || !last.StartsWith('{'))
        {
            var reason = errors.Result.Trim().Split('\n')[^1];
            throw new DigitException($"{Path.GetFileName(start.FileName)} {string.Join(' ', start.ArgumentList.Take(1).Select(Path.GetFileName))} ended with exit code {process.ExitCode}: {(reason.Length > 0 ? reason : last)}");
        }

        var figures = JsonDocument.Parse(last).RootElement;

        // A script that asks the system at its own end knows better than one who looked in from outside now and then.
        var own = figures.TryGetProperty("peakRssMiB", out var value) || figures.TryGetProperty("peakMiB", out value) ? value.GetDouble() : 0;
        return new ChildRun(figures, Math.Max(own, peak / (1024.0 * 1024.0)));
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new DigitException($"{start.FileName} does not start: {error.Message}", error);
        }
    }

    private static long PeakBytes(Process process)
    {
        try
        {
            process.Refresh();
            return process.HasExited ? 0 : process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            // It ended between the two questions.
            return 0;
        }
    }
}
