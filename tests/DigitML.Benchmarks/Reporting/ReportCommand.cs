using System.CommandLine;
using System.Text;
using DigitML.Benchmarks.Peers;
using DigitML.Benchmarks.Phases;
using DigitML.Benchmarks.Scaling;
using DigitML.IO;
using DigitML.Numerics;

namespace DigitML.Benchmarks.Reporting;

/// <summary><c>report</c>: peers, scaling and phases in one run, written to <c>artifacts/performance.md</c> and into the benchmarks' README.</summary>
internal sealed class ReportCommand : Command
{
    private const string ReadmeStart = "<!-- phases -->";
    private const int Hogs = 2;
    private const string ReadmeEnd = "<!-- end of phases -->";

    private readonly PeersOptionSet _peers = new();
    private readonly Option<int> _repeats = CommonOptions.Positive("--repeats", "Epochs measured of each setting of the scaling tables.", 2);
    private readonly Option<string> _output = new("--output")
    {
        Description = "The file to write.",
        HelpName = "FILE",
        DefaultValueFactory = _ => Path.Combine(Repository.Root, "artifacts", "performance.md"),
    };

    /// <summary>Creates the command.</summary>
    public ReportCommand()
        : base("report", "All of peers, scaling and phases, peers beside busy loops, and peers and phases on AVX2 where the machine has more: some forty minutes on a quiet machine; writes artifacts/performance.md and the tables in tests/DigitML.Benchmarks/README.md.")
    {
        _peers.AddTo(this);
        Options.Add(_repeats);
        Options.Add(_output);
        SetAction(parse =>
        {
            var options = _peers.Read(parse);
            var machine = Machine.Describe();
            var phases = $"## Where the time goes\n\n{PhasesRun.Measure(options.DataFolder, epochs: 5)}";
            var peers = PeersRun.Compare(options);
            var scaling = ScalingRun.Measure(parse.GetValue(_repeats));
            var hogged = PeersRun.Compare(options with { Hogs = Hogs });
            if (Kernels.Best.VectorBits > 256)
            {
                peers = $"{peers}\n### Held to AVX2\n\n{HeldToAvx2.How}\n\n{HeldToAvx2.Run(["peers", .. options.ToArguments()])}";
                phases = $"{phases}\n## Where the time goes, held to AVX2\n\n{HeldToAvx2.Run("phases", "--data", options.DataFolder)}";
            }

            var text = new StringBuilder()
                .AppendLine("# Performance")
                .AppendLine()
                .AppendLine("Written by the command below; how each table is measured is said in [tests/DigitML.Benchmarks](../tests/DigitML.Benchmarks/README.md).")
                .AppendLine()
                .Append(machine)
                .AppendLine()
                .AppendLine("## Beside other programs")
                .AppendLine()
                .Append(peers)
                .AppendLine()
                .AppendLine("## Beside busy loops")
                .AppendLine()
                .Append(hogged)
                .AppendLine()
                .AppendLine("## How time grows")
                .AppendLine()
                .Append(scaling)
                .AppendLine()
                .Append(phases);
            Write(parse.GetRequiredValue(_output), text.ToString());
            UpdateReadme(machine + Environment.NewLine + phases);
        });
    }

    private static void UpdateReadme(string block)
    {
        var file = Path.Combine(Repository.Root, "tests", "DigitML.Benchmarks", "README.md");
        var text = File.ReadAllText(file);
        var start = text.IndexOf(ReadmeStart, StringComparison.Ordinal);
        var end = text.IndexOf(ReadmeEnd, StringComparison.Ordinal);
        if (start < 0 || end < start)
        {
            throw new DigitException($"{file}: expected the lines '{ReadmeStart}' and '{ReadmeEnd}' with the table of phases between them.");
        }

        Write(file, $"{text[..(start + ReadmeStart.Length)]}\n\n{block.TrimEnd()}\n\n{text[end..]}");
    }

    private static void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        AtomicFile.Write(file, Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n")));
        Progress.Say($"Wrote {Path.GetRelativePath(Directory.GetCurrentDirectory(), file)}");
    }
}
