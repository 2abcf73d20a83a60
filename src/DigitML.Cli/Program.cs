using System.Runtime.InteropServices;
using DigitML.Cli;

using var cancellation = new CancellationTokenSource();

// The first Ctrl+C (or a service manager's SIGTERM) asks for an orderly end; the second ends the process at once.
void Cancel(PosixSignalContext signal)
{
    signal.Cancel = !cancellation.IsCancellationRequested;
    cancellation.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);

return await DigitmlApp.RunAsync(args, Terminal.OfProcess(), cancellation.Token);
