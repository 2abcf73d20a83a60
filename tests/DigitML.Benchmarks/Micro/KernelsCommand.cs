using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using DigitML.Benchmarks.Reporting;

namespace DigitML.Benchmarks.Micro;

/// <summary><c>kernels</c>: every kernel and prediction by itself, measured by BenchmarkDotNet.</summary>
internal sealed class KernelsCommand : Command
{
    private readonly Option<string> _filter = new("--filter")
    {
        Description = "Which benchmarks, by name with wildcards: '*Predict*'.",
        HelpName = "PATTERN",
        DefaultValueFactory = _ => "*",
    };

    private readonly Option<bool> _quick = new("--quick") { Description = "Three iterations each, to try things out." };

    /// <summary>Creates the command.</summary>
    public KernelsCommand()
        : base("kernels", "Each kernel on one thread at the shapes of the thesis's and the wide network, and Mlp.Predict.")
    {
        Options.Add(_filter);
        Options.Add(_quick);
        SetAction(parse =>
        {
            Console.WriteLine(Machine.Describe());

            // In this process: the kernels are compiled in full at their first call, and nothing has to be built a second time.
            var job = (parse.GetValue(_quick) ? Job.ShortRun : Job.MediumRun.WithLaunchCount(1)).WithToolchain(InProcessEmitToolchain.Instance);
            var config = ManualConfig.CreateEmpty()
                .AddJob(job)
                .AddDiagnoser(MemoryDiagnoser.Default)
                .AddColumnProvider(DefaultColumnProviders.Instance)
                .AddColumn(new OperationRateColumn())
                .AddExporter(MarkdownExporter.GitHub)
                .AddLogger(ConsoleLogger.Default);
            var summaries = BenchmarkSwitcher.FromAssembly(typeof(KernelsCommand).Assembly).Run(["--filter", parse.GetRequiredValue(_filter)], config).ToArray();
            return summaries.Length > 0 && summaries.All(summary => !summary.HasCriticalValidationErrors) ? 0 : 1;
        });
    }
}
