using System.Collections.Concurrent;
using System.Diagnostics;

namespace DigitML.AutoML.Tests.Studies;

/// <summary>DigitML.AutoML.Worker as a process, with what it says.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="told">Is told each line of its output as it comes.</param>
    /// <param name="arguments">As its Program.cs says.</param>
    public WorkerProcess(Action<string>? told, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "DigitML.AutoML.Worker.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                Lines.Enqueue(text);
                told?.Invoke(text);
            }
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                Errors.Enqueue(text);
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public ConcurrentQueue<string> Lines { get; } = new();

    public ConcurrentQueue<string> Errors { get; } = new();

    public bool HasExited => _process.HasExited;

    /// <summary>Ends it by SIGKILL, and waits until all that it said is read.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Waits for its end, which must be a good one.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The worker ended with {_process.ExitCode}: {string.Join(" | ", Errors)}");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
