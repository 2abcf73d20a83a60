using System.Diagnostics;

namespace DigitML.Benchmarks.Peers;

/// <summary>Programs that take processors and do nothing with them, as a browser beside us may.</summary>
internal sealed class Hogs : IDisposable
{
    private readonly Process[] _processes;

    /// <summary>Starts them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="command">Starts one, which ends when its input does.</param>
    public Hogs(int count, Func<ProcessStartInfo> command) => _processes = [.. Enumerable.Range(0, count).Select(_ =>
    {
        var start = command();
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    })];

    /// <summary>Is one: turns until nobody is left who holds its input.</summary>
    public static void Turn()
    {
        var isOver = false;
        var watch = new Thread(() =>
        {
            while (Console.In.Read() >= 0)
            {
            }

            Volatile.Write(ref isOver, true);
        });
        watch.IsBackground = true;
        watch.Start();
        while (!Volatile.Read(ref isOver))
        {
        }
    }

    /// <summary>Ends them.</summary>
    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
