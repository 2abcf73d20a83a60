using System.Diagnostics;
using System.Text;
using DigitML.Tests.IO;

namespace DigitML.Tests.Charts;

/// <summary>A headless Chromium, for what only a browser can tell.</summary>
internal static class Chromium
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    // Nothing is asked of the network: every name resolves to nowhere.
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--allow-file-access-from-files", "--host-resolver-rules=MAP * ~NOTFOUND",
    ];

    /// <summary>Opens a page from disk and returns its document as it is when its scripts have run; skips the test without Chromium.</summary>
    public static string DumpDom(string page) => DumpDom(page, out _);

    /// <summary>The same with what the page wrote to the console, errors of its scripts among it, one entry each.</summary>
    public static string DumpDom(string page, out string[] console)
    {
        var program = Places.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, $"Chromium is not installed (looked for {string.Join(", ", Places)}).");
        using var profile = new TemporaryFolder();
        var start = new ProcessStartInfo(program!, [.. Flags, $"--user-data-dir={profile.FullName}", "--virtual-time-budget=20000", "--enable-logging=stderr", "--log-level=0", "--dump-dom", new Uri(Path.GetFullPath(page)).AbsoluteUri]);
        var (exitCode, dom, log) = ToolProcess.Run(start);
        Assert.True(exitCode == 0, $"Chromium ended with {exitCode}: {log}");
        console = [.. log.Split('\n').Where(line => line.Contains("CONSOLE", StringComparison.Ordinal))];
        return Encoding.UTF8.GetString(dom);
    }
}
