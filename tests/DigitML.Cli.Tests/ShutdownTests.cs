using System.Diagnostics;
using DigitML.Imaging;
using DigitML.Pixels;

namespace DigitML.Cli.Tests;

/// <summary>The process told to end in the middle of things: it ends, with the signal's exit code and one line.</summary>
public sealed class ShutdownTests : IDisposable
{
    // Far more than it takes: what is tested is that the process ends at all.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _place = new();

    public ShutdownTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send to another process.");

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("TERM", 143, "predict", "pipe")]
    [InlineData("INT", 130, "predict", "pipe")]
    [InlineData("TERM", 143, "predict", "-")]
    [InlineData("TERM", 143, "evaluate", "--data", "pipe")]
    [InlineData("INT", 130, "evaluate", "--model", "pipe")]
    [InlineData("TERM", 143, "train", "--data", "pipe")]
    public async Task Signal_WhileAPipeIsReadThatNobodyWrites_EndsTheProcess(string signal, int expected, params string[] args)
    {
        using (var mkfifo = Process.Start("mkfifo", [_place.File("pipe")]))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        using var process = Start(args);
        await SignalsAreTakenAsync(process);

        await EndsAsync(process, signal, expected);
    }

    [Fact]
    public async Task Signal_WhileLargePicturesAreRead_EndsTheProcess()
    {
        await File.WriteAllBytesAsync(_place.File("large.png"), PngEncoder.Encode(new GreyImage(7001, 7001, new byte[7001 * 7001])), TestContext.Current.CancellationToken);
        using var process = Start(["predict", .. Enumerable.Repeat("large.png", 400)]);
        await SignalsAreTakenAsync(process);

        await EndsAsync(process, "TERM", 143);
    }

    [Fact]
    public async Task Signal_WhileDigitsAreDrawn_EndsTheProcessAndWritesNothing()
    {
        using var process = Start("data", "synthesize", "--count", "1000000", "--output", "drawn");
        await SignalsAreTakenAsync(process);

        await EndsAsync(process, "TERM", 143);

        Assert.Empty(_place.Entries);
    }

    [Fact]
    public async Task Signal_WhileACellRuns_EndsTheProcessAndLeavesTheNotebook()
    {
        const string Notebook = """
            {"cells":[{"cell_type":"code","id":"a","source":["while (true) { }"],"metadata":{},"outputs":[],"execution_count":null}],
            "metadata":{"kernelspec":{"name":".net-csharp","language":"C#","display_name":".NET (C#)"}},"nbformat":4,"nbformat_minor":5}
            """;
        await File.WriteAllTextAsync(_place.File("a.ipynb"), Notebook, TestContext.Current.CancellationToken);
        using var process = Start("notebook", "run", "a.ipynb");
        await SignalsAreTakenAsync(process);

        await EndsAsync(process, "TERM", 143);

        Assert.Equal(Notebook, await File.ReadAllTextAsync(_place.File("a.ipynb"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Signal_WhileATrainingRuns_KeepsWhatIsLearntAndEndsWell()
    {
        using var process = Start("train", "--dataset", "synthetic", "--limit", "701", "--epochs", "1000000", "--hidden", "7", "--output", "out");
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.TrimStart().StartsWith("2/1000000", StringComparison.Ordinal))
        {
        }

        var rest = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await KillAsync(process, "TERM");
        using var patience = Patience();
        var error = await process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.Contains("Written: ", await rest, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("note: Cancelled after ", error, StringComparison.Ordinal);
        Assert.Equal(["out", "out/digits.onnx", "out/evaluation.json", "out/history.json"], _place.Entries);
    }

    private Process Start(params string[] args)
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "DigitML.Cli.dll");
        return Process.Start(new ProcessStartInfo("dotnet", ["exec", dll, .. args])
        {
            WorkingDirectory = _place.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    // A signal that comes before the process listens ends it as the system does, without a line.
    private static async Task SignalsAreTakenAsync(Process process)
    {
        const int SigTerm = 15;
        if (!OperatingSystem.IsLinux())
        {
            await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
            return;
        }

        while (!IsCaught(await File.ReadAllLinesAsync($"/proc/{process.Id}/status", TestContext.Current.CancellationToken)))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        // The runtime catches signals a moment before the program says what they mean.
        await Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);

        static bool IsCaught(string[] status) =>
            (Convert.ToUInt64(status.First(line => line.StartsWith("SigCgt:", StringComparison.Ordinal))[7..].Trim(), 16) >> (SigTerm - 1) & 1) != 0;
    }

    private static async Task EndsAsync(Process process, string signal, int expected)
    {
        await KillAsync(process, signal);
        using var patience = Patience();
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = await process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        await output;
        Assert.Equal(expected, process.ExitCode);
        Assert.StartsWith("error: Cancelled", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private static CancellationTokenSource Patience()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(s_patience);
        return source;
    }

    private static async Task KillAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
