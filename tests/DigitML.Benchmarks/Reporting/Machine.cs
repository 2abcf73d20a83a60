using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using DigitML.Numerics;

namespace DigitML.Benchmarks.Reporting;

/// <summary>What a figure must name to mean something later: the machine, the date, the commit and the command.</summary>
internal static class Machine
{
    /// <summary>Four lines of Markdown.</summary>
    public static string Describe() => string.Join(
        Environment.NewLine,
        $"- machine: {Processor()}, {Environment.ProcessorCount} processors, {Kernels.Best.VectorBits}-bit vectors, {Figure.Of(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9)} GB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}",
        $"- date: {DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC",
        $"- commit: {Commit()}",
        $"- command: `{Command()}`") + Environment.NewLine;

    private static string Processor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string Commit()
    {
        if (Git("rev-parse", "--short", "HEAD") is not { } commit)
        {
            return "not known (git is absent)";
        }

        // What reports write does not change what they measure.
        return Git("status", "--porcelain", "--", "src", "tests/*.cs") is { Length: > 0 } ? $"{commit}, with changes not committed" : commit;
    }

    private static string Command() =>
        $"dotnet run --project tests/DigitML.Benchmarks -c Release -- {string.Join(' ', Environment.GetCommandLineArgs().Skip(1))}";

    private static string? Git(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
