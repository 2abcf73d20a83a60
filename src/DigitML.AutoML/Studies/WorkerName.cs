using System.Diagnostics;
using System.Globalization;

namespace DigitML.AutoML.Studies;

/// <summary>What workers are called: the machine, the process, when it began, and which of its workers.</summary>
internal static class WorkerName
{
    /// <summary>The name of one of this process's workers.</summary>
    public static string Of(int index)
    {
        using var process = Process.GetCurrentProcess();
        return Invariant($"{Environment.MachineName}/{process.Id}/{StartOf(process)}/{index}");
    }

    /// <summary>Whether a worker was on this machine and its process is gone, so that nobody will ever renew its claim.</summary>
    public static bool IsGone(string worker)
    {
        if (worker.Split('/') is not [var machine, var id, var start, _] || machine != Environment.MachineName || !int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(number);
            return StartOf(process) != start;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or IOException)
        {
            return true;
        }
    }

    /// <summary>When it began, the same whoever asks. On Linux the kernel's own count: <see cref="Process.StartTime"/> is reckoned from a clock that is set, and differs by a moment between processes.</summary>
    private static string StartOf(Process process)
    {
        if (!OperatingSystem.IsLinux())
        {
            return process.StartTime.ToUniversalTime().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        }

        // The name in brackets may hold anything; after it come the state, and 19 fields later the start (proc(5)). A zombie works no more.
        var stat = File.ReadAllText(Invariant($"/proc/{process.Id}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? "gone" : fields[19];
    }
}
