using Microsoft.Playwright;

namespace DigitML.Web.Tests.Browser;

/// <summary>One Chromium and one server for all tests in the browser.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] s_places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private static readonly string[] s_flags =
        ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private RunningServer? _server;

    /// <summary>Where the page is.</summary>
    public Uri Address => _server!.Client.BaseAddress!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Chromium() is { } path)
        {
            _server = await RunningServer.StartAsync();
            // A machine that does other things too is slow, not wrong.
            Assertions.SetDefaultExpectTimeout(60_000);
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = s_flags });
        }
    }

    /// <summary>A fresh visitor; skips the test where there is no Chromium.</summary>
    /// <param name="how">Screen, touch and colours.</param>
    /// <param name="address">Another server; null for the one of all tests.</param>
    internal async Task<Visitor> VisitAsync(BrowserNewContextOptions? how = null, Uri? address = null)
    {
        Assert.SkipWhen(_browser is null, $"No Chromium at {string.Join(", ", s_places)}; set CHROMIUM to its path.");
        return await Visitor.ComeAsync(_browser, address ?? Address, how ?? new());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private static string? Chromium() =>
        Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : s_places.FirstOrDefault(File.Exists);
}
