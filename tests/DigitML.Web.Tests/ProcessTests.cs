using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace DigitML.Web.Tests;

/// <summary>The program as it is started: what it says, and how it ends.</summary>
public class ProcessTests
{
    [Theory]
    [InlineData(null, "expected a model but there is no such file")]
    [InlineData("no model", "expected an ONNX model")]
    public async Task Start_ModelMissingOrDamaged_EndsWithOneLine(string? content, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("digits.onnx");
        if (content is not null)
        {
            await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        }

        var (code, error) = await RunAsync("--model", path, "--port", "0");

        Assert.Equal(1, code);
        Assert.StartsWith($"error: {path}: ", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Start_EvaluationOfAnotherModel_EndsWithOneLine()
    {
        using var folder = new TemporaryFolder();
        TestModel.Loaded.Model.Save(folder.PathOf("digits.onnx"));
        (TestModel.Loaded.Evaluation! with { ModelHash = new string('a', 64) }).Save(folder.PathOf("evaluation.json"));

        var (code, error) = await RunAsync("--model", folder.PathOf("digits.onnx"), "--port", "0");

        Assert.Equal(1, code);
        Assert.Contains("it is another model's", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortTakenOrOptionUnknown_EndsWithOneLine()
    {
        using var folder = new TemporaryFolder();
        TestModel.Loaded.Model.Save(folder.PathOf("digits.onnx"));
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var (code, error) = await RunAsync("--model", folder.PathOf("digits.onnx"), "--port", $"{((IPEndPoint)taken.LocalEndpoint).Port}");
        Assert.Equal(1, code);
        Assert.Contains("already in use", error, StringComparison.Ordinal);

        (code, error) = await RunAsync("--modle", "a");
        Assert.Equal(1, code);
        Assert.Contains("--modle", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("127.0.0.1", false)]
    public async Task Run_UntilToldToStop_SaysWhereItListensAndEndsWell(string address, bool isExposed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM to send to another process.");
        using var folder = new TemporaryFolder();
        TestModel.Loaded.Model.Save(folder.PathOf("digits.onnx"));
        using var process = Start("--model", folder.PathOf("digits.onnx"), "--port", "0", "--address", address);
        var lines = new List<string>();
        while (!lines.Any(line => line.Contains("Ready after", StringComparison.Ordinal)) || !lines.Any(line => line.Contains("Serving on http://", StringComparison.Ordinal)))
        {
            lines.Add(await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException(string.Join('\n', lines)));
        }

        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        lines.Add(await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(isExposed, string.Concat(lines).Contains("beyond this machine", StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] args)
    {
        using var process = Start(args);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }

    private static Process Start(params string[] args)
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "DigitML.Web.dll");
        return Process.Start(new ProcessStartInfo("dotnet", ["exec", dll, .. args]) { RedirectStandardError = true, UseShellExecute = false })!;
    }
}
