using DigitML.Cli;

var terminal = Terminal.OfProcess();
using var shutdown = new Shutdown(terminal);
return shutdown.Finish(await DigitmlApp.RunAsync(args, terminal, shutdown.Token));
