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
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return true;
        }
    }

    private static string StartOf(Process process) => process.StartTime.ToUniversalTime().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
}
