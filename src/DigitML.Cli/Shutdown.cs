using System.Runtime.InteropServices;

namespace DigitML.Cli;

/// <summary>
/// How the process ends when it is told to, by Ctrl+C or a service manager's SIGTERM. The first signal asks for an orderly end; whatever has not
/// come to one after a moment (a pipe that nobody writes to, a large picture, a notebook's cell) is left where it is, unless its result is
/// kept (<see cref="KeptWork"/>). The second signal ends the process at once.
/// </summary>
internal sealed class Shutdown : IDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(500);
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Terminal _terminal;
    private readonly PosixSignalRegistration[] _signals;
    private int _code = ExitCode.Cancelled;
    private int _isOver;

    /// <summary>Listens for signals from now on.</summary>
    /// <param name="terminal">Where an end that is not orderly is said.</param>
    public Shutdown(Terminal terminal)
    {
        _terminal = terminal;
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>The process's exit code, which names the signal that ended a command; nothing ends the process otherwise from now on.</summary>
    /// <param name="code">What the command returned.</param>
    public int Finish(int code)
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            // The other thread is ending the process already, with the same code.
            Thread.Sleep(Timeout.Infinite);
        }

        return code == ExitCode.Cancelled ? Volatile.Read(ref _code) : code;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_signals, signal => signal.Dispose());
        _cancellation.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        if (_cancellation.IsCancellationRequested || Volatile.Read(ref _isOver) != 0)
        {
            return;
        }

        signal.Cancel = true;
        Volatile.Write(ref _code, signal.Signal == PosixSignal.SIGTERM ? ExitCode.Terminated : ExitCode.Cancelled);

        // A thread of its own: the pool's may all be waiting for what does not come.
        new Thread(EndAfterGrace) { IsBackground = true, Name = "digitml end" }.Start();
        _cancellation.Cancel();
    }

    private void EndAfterGrace()
    {
        Thread.Sleep(s_grace);
        while (KeptWork.IsRunning)
        {
            Thread.Sleep(20);
        }

        // What has just been kept still has its last lines to say.
        Thread.Sleep(100);
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _terminal.Complain("error", "Cancelled before it was done.");
            Environment.Exit(Volatile.Read(ref _code));
        }
    }
}
