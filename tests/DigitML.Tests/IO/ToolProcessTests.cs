using System.Diagnostics;
using System.Text;

namespace DigitML.Tests.IO;

public class ToolProcessTests
{
    [Fact]
    public void Run_AProgram_ReturnsItsOutputErrorsAndExitCode()
    {
        var (code, output, errors) = ToolProcess.Run(Shell("cat; echo wrong >&2; exit 3"), "fed"u8);
        Assert.Equal((3, "fed", "wrong\n"), (code, Encoding.UTF8.GetString(output), errors));
    }

    [Fact]
    public void Run_AProgramThatHangsWithAChild_EndsBothAndSaysWhich()
    {
        var clock = Stopwatch.StartNew();
        var error = Assert.Throws<TimeoutException>(() => ToolProcess.Run(Shell("sleep 1000 & echo before >&2; wait"), limit: TimeSpan.FromSeconds(1)));
        Assert.Contains("sleep 1000", error.Message, StringComparison.Ordinal);
        Assert.Contains("before", error.Message, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Run_AProgramThatDoesNotRead_IsNoErrorOfWriting() => Assert.Equal(0, ToolProcess.Run(Shell("exec <&-; exit 0"), new byte[1 << 20]).ExitCode);

    private static ProcessStartInfo Shell(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no sh.");
        return new ProcessStartInfo("/bin/sh", ["-c", script]);
    }
}
