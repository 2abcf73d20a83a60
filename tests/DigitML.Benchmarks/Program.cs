using System.CommandLine;
using DigitML.Benchmarks.Micro;
using DigitML.Benchmarks.MLNet;
using DigitML.Benchmarks.Peers;
using DigitML.Benchmarks.Phases;
using DigitML.Benchmarks.Quantization;
using DigitML.Benchmarks.Reporting;
using DigitML.Benchmarks.Scaling;
using DigitML.Benchmarks.Studies;
using DigitML.IO;

var root = new RootCommand("Measures DigitML: its kernels, its training and prediction beside other programs, how time grows, and where it goes.")
{
    new KernelsCommand(),
    new PeersCommand(),
    new MLNetCommand(),
    new QuantizationCommand(),
    new ScalingCommand(),
    new PhasesCommand(),
    new StudyCommand(),
    new ReportCommand(),
    new WorkCommand(),
};

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception error) when (error is DigitException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"error: {error.Message}");
    return 1;
}
