using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using DigitML.Reading;

namespace DigitML.Cli.Tests.Commands;

/// <summary>The server as it is started: what it says, and how it ends.</summary>
public class ServeCommandTests
{
    [Theory]
    [InlineData(null, "expected a model but there is no such file")]
    [InlineData("no model", "expected an ONNX model")]
    public async Task Serve_ModelMissingOrDamaged_EndsWithOneLine(string? content, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("digits.onnx");
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
    public async Task Serve_EvaluationOfAnotherModel_EndsWithOneLine()
    {
        using var folder = new TemporaryFolder();
        ShippedModel.Mlp.Save(folder.File("digits.onnx"));
        (ShippedModel.Evaluation with { ModelHash = new string('a', 64) }).Save(folder.File("evaluation.json"));

        var (code, error) = await RunAsync("--model", folder.File("digits.onnx"), "--port", "0");

        Assert.Equal(1, code);
        Assert.Contains("it is another model's", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortTakenOrAddressNotHereOrOptionUnknown_SaysSo()
    {
        using var folder = new TemporaryFolder();
        ShippedModel.Mlp.Save(folder.File("digits.onnx"));
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var (code, error) = await RunAsync("--model", folder.File("digits.onnx"), "--port", $"{((IPEndPoint)taken.LocalEndpoint).Port}");
        Assert.Equal(1, code);
        Assert.Contains("already in use", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));

        // An address of documentation (RFC 5737), which no machine has.
        (code, error) = await RunAsync("--model", folder.File("digits.onnx"), "--address", "192.0.2.1", "--port", "0");
        Assert.Equal(1, code);
        Assert.StartsWith("error: --address 192.0.2.1, --port 0: cannot be listened on: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));

        (code, error) = await RunAsync("--modle", "a");
        Assert.Equal(1, code);
        Assert.Contains("--modle", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("127.0.0.1", false)]
    public async Task Serve_UntilToldToStop_SaysWhereItListensAndEndsWell(string address, bool isExposed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM to send to another process.");
        using var folder = new TemporaryFolder();
        ShippedModel.Mlp.Save(folder.File("digits.onnx"));
        using var process = Start("--model", folder.File("digits.onnx"), "--port", "0", "--address", address);
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
        Assert.Equal("Stopped.", (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
        Assert.Equal(isExposed, string.Concat(lines).Contains("beyond this machine", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Probe_OfAServerThatRunsAndHasEnded_SaysWhetherItIsReady()
    {
        using var process = Start("--port", "0");
        string port;
        try
        {
            port = $"{(await AddressAsync(process)).Port}";
            while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("Ready after", StringComparison.Ordinal))
            {
            }

            var terminal = new TestTerminal();
            Assert.Equal(ExitCode.Done, await terminal.RunAsync("serve", "--probe", "--port", port));
            Assert.Equal($"http://127.0.0.1:{port}/readyz: ready", terminal.Output.Trim());
        }
        finally
        {
            process.Kill();
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var (code, error) = await RunAsync("--probe", "--port", port);
        Assert.Equal(1, code);
        Assert.StartsWith($"error: http://127.0.0.1:{port}/readyz: no server answers (", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Serve_AStudy_ShowsItsTrials()
    {
        using var folder = new TemporaryFolder();
        await SearchAsync(folder, "evening", trials: 2);
        using var process = Start("--study", folder.File("study.db"), "--port", "0");
        try
        {
            using var client = new HttpClient { BaseAddress = await AddressAsync(process) };
            var study = JsonNode.Parse(await client.GetStringAsync("/api/study", TestContext.Current.CancellationToken))!;

            Assert.Equal("evening", (string?)study["name"]);
            Assert.Equal(2, (int)study["counts"]!["finished"]!);
            Assert.Contains("study.js", await client.GetStringAsync("/study", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task Serve_AStudyThatIsNotThere_EndsWithOneLine()
    {
        using var folder = new TemporaryFolder();
        await SearchAsync(folder, "evening", trials: 1);
        await SearchAsync(folder, "morning", trials: 1);
        await File.WriteAllTextAsync(folder.File("text.db"), new string('x', 5_000), TestContext.Current.CancellationToken);
        foreach (var (expected, args) in (IEnumerable<(string, string[])>)
            [
                ("there is no such file; digitml search makes it", ["--study", folder.File("none.db")]),
                ("expected a study's SQLite database", ["--study", folder.File("text.db")]),
                ("--study-name must say which: evening, morning", ["--study", folder.File("study.db")]),
                ("--study-name must be one of evening, morning", ["--study", folder.File("study.db"), "--study-name", "noon"]),
                ("--study-name must stand beside --study", ["--study-name", "noon"]),
            ])
        {
            var (code, error) = await RunAsync([.. args, "--port", "0"]);

            Assert.Equal(1, code);
            Assert.Contains(expected, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("none.db", folder.Entries);
    }

    private static async Task SearchAsync(TemporaryFolder folder, string name, int trials)
    {
        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync(
            "search", "--dataset", "synthetic", "--limit", "100", "--trials", $"{trials}", "--epochs", "1", "--fix", "units1=8", "--no-refit",
            "--study", folder.File("study.db"), "--study-name", name, "--output", folder.File("out")));
    }

    /// <summary>Where the server says that it listens.</summary>
    private static async Task<Uri> AddressAsync(Process process)
    {
        const string Serving = "Serving on ";
        while (true)
        {
            var line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("The server has ended.");
            if (line.IndexOf(Serving, StringComparison.Ordinal) is >= 0 and var at)
            {
                return new Uri(line[(at + Serving.Length)..].Split(' ')[0].TrimEnd('.', ',', ':', ';'));
            }
        }
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
        var dll = Path.Combine(AppContext.BaseDirectory, "DigitML.Cli.dll");
        return Process.Start(new ProcessStartInfo("dotnet", ["exec", dll, "serve", .. args]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
    }
}
