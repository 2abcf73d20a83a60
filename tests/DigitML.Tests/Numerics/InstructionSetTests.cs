using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DigitML.Numerics;
using DigitML.Tests.IO;

namespace DigitML.Tests.Numerics;

/// <summary>
/// The kernels' tests once more on machines that this one is not: processes of their own, in which the runtime leaves
/// instruction sets alone that the processor has.
/// </summary>
public partial class InstructionSetTests
{
    /// <summary>Says in such a process how many bits its kernels must have; names no instruction set of the runtime's.</summary>
    private const string ExpectedBits = "DIGITML_TEST_VECTOR_BITS";

    private static readonly string[] s_tests =
    [
        "DigitML.Tests.Numerics.KernelsTests.*",
        "DigitML.Tests.Numerics.ActivationKernelTests.*",
        "DigitML.Tests.Numerics.ByteKernelsTests.*",
        "DigitML.Tests.Training.GradientTests.*",
        "DigitML.Tests.Training.MlpTrainerTests.Fit_RecordedRun*",
        $"*.{nameof(Best_InThisProcess_IsAsWideAsTheRuntimeAllows)}",
    ];

    // The names are .NET 10's (clrconfignames.h); what they did is asserted below, so a renamed one does not pass unnoticed.
    [Theory]
    [InlineData("DOTNET_EnableAVX512", 256)]
    [InlineData("DOTNET_EnableAVX2", 128)]
    public void Kernels_InstructionSetSwitchedOff_PassTheirTestsNonetheless(string name, int widest)
    {
        var bits = Math.Min(widest, Kernels.Best.VectorBits);
        var (exitCode, output) = RunTests(name, bits);

        Assert.True(exitCode == 0, output);
        var total = Total().Match(output);
        Assert.True(total.Success, output);

        // The kernels at three widths and what else the patterns name: they must not come to nothing.
        Assert.InRange(int.Parse(total.Groups[1].ValueSpan, CultureInfo.InvariantCulture), 20, 200);
    }

    [Fact]
    public void Best_InThisProcess_IsAsWideAsTheRuntimeAllows()
    {
        var widest =
            System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated || System.Runtime.Intrinsics.X86.Avx512F.IsSupported ? 512 :
            System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated ? 256 : 128;
        Assert.Equal(widest, Kernels.Best.VectorBits);
        if (Environment.GetEnvironmentVariable(ExpectedBits) is { } expected)
        {
            Assert.Equal(expected, Kernels.Best.VectorBits.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static (int ExitCode, string Output) RunTests(string switchedOff, int expectedBits)
    {
        // This very program, or the host that runs it.
        var program = Environment.ProcessPath!;
        string[] assembly = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(InstructionSetTests).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, [.. assembly, "-noLogo", "-noColor", "-noAutoReporters", .. s_tests.SelectMany(test => new[] { "-method", test })]);
        start.Environment[switchedOff] = "0";
        start.Environment[ExpectedBits] = expectedBits.ToString(CultureInfo.InvariantCulture);
        var (exitCode, output, errors) = ToolProcess.Run(start);
        return (exitCode, Encoding.UTF8.GetString(output) + errors);
    }

    [GeneratedRegex(@"Total: (\d+), Errors: 0, Failed: 0, Skipped: 0, Not Run: 0")]
    private static partial Regex Total();
}
