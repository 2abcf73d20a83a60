using System.Diagnostics;
using DigitML.Benchmarks.Peers;
using DigitML.IO;

namespace DigitML.Benchmarks.Reporting;

/// <summary>This program's modes on a machine that has 512-bit vectors, as they are on one that has none.</summary>
internal static class HeldToAvx2
{
    /// <summary>What stands above the tables.</summary>
    public const string How = "`DOTNET_EnableAVX512=0` for us, `OPENBLAS_CORETYPE=Haswell ATEN_CPU_CAPABILITY=avx2` for the peers; ONNX Runtime knows no such setting and keeps its 512 bits.";

    /// <summary>Runs a mode in a process of its own.</summary>
    /// <param name="arguments">The mode and its options.</param>
    /// <returns>The tables it printed, without the lines on the machine.</returns>
    /// <exception cref="DigitException">It failed.</exception>
    public static string Run(params string[] arguments)
    {
        Progress.Say($"Held to AVX2: {arguments[0]}");
        var start = PeersRun.Own(arguments);
        start.RedirectStandardOutput = true;
        start.Environment["DOTNET_EnableAVX512"] = "0";
        start.Environment["OPENBLAS_CORETYPE"] = "Haswell";
        start.Environment["ATEN_CPU_CAPABILITY"] = "avx2";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new DigitException($"{arguments[0]}, held to AVX2, ended with exit code {process.ExitCode}.");
        }

        var lines = output.ReplaceLineEndings("\n").Split('\n');
        return string.Join('\n', lines.SkipWhile(line => line.Length == 0 || line.StartsWith("- ", StringComparison.Ordinal))).TrimEnd() + "\n";
    }
}
