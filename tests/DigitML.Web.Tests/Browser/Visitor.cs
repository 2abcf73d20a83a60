using Microsoft.Playwright;

namespace DigitML.Web.Tests.Browser;

/// <summary>A person at the page. Whatever they do, nothing may fail and nothing may be asked of another host.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    private Visitor(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>Statuses of the API that the test brings about itself; the browser reports them as errors.</summary>
    public List<int> ExpectedStatuses { get; } = [];

    public static async Task<Visitor> ComeAsync(IBrowser browser, Uri address, BrowserNewContextOptions how)
    {
        how.BaseURL = address.AbsoluteUri;
        var context = await browser.NewContextAsync(how);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        var visitor = new Visitor(context, page);
        page.PageError += (_, error) => visitor._complaints.Add($"error: {error}");
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !visitor.ExpectedStatuses.Any(status => message.Text.Contains($"status of {status}", StringComparison.Ordinal)))
            {
                visitor._complaints.Add($"console: {message.Text}");
            }
        };
        page.RequestFailed += (_, request) =>
        {
            // A question that a newer one has replaced is taken back by the page itself.
            if (request.Failure != "net::ERR_ABORTED")
            {
                visitor._complaints.Add($"failed: {request.Url} {request.Failure}");
            }
        };
        page.Request += (_, request) =>
        {
            var url = new Uri(request.Url);
            if (url.Scheme is "http" or "https" && url.Authority != address.Authority)
            {
                visitor._complaints.Add($"foreign: {request.Url}");
            }
        };
        await page.GotoAsync("/");
        return visitor;
    }

    /// <summary>Waits for the answer to read so.</summary>
    public Task SeeAsync(string text) => Assertions.Expect(Page.Locator("#predicted")).ToHaveTextAsync(text, new() { Timeout = 60_000 });

    /// <summary>Waits for the error message to hold so.</summary>
    public Task SeeErrorAsync(string text) => Assertions.Expect(Page.Locator("#error")).ToContainTextAsync(text, new() { Timeout = 60_000 });

    /// <summary>Draws strokes with the mouse; points are shares of the pad.</summary>
    public async Task DrawAsync(IEnumerable<(double X, double Y)[]> strokes)
    {
        var pad = (await Page.Locator("#pad").BoundingBoxAsync())!;
        foreach (var stroke in strokes)
        {
            await Page.Mouse.MoveAsync((float)(pad.X + (stroke[0].X * pad.Width)), (float)(pad.Y + (stroke[0].Y * pad.Height)));
            await Page.Mouse.DownAsync();
            foreach (var (x, y) in stroke.Skip(1))
            {
                await Page.Mouse.MoveAsync((float)(pad.X + (x * pad.Width)), (float)(pad.Y + (y * pad.Height)));
            }

            await Page.Mouse.UpAsync();
        }
    }

    /// <summary>Chooses a file in the uploader.</summary>
    public Task ChooseAsync(string name, byte[] content, string type = "image/png") =>
        Page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = type, Buffer = content });

    /// <summary>Keeps a picture of the page in the test run's results.</summary>
    public async Task PhotographAsync(string name)
    {
        var folder = Environment.GetEnvironmentVariable("DIGITML_SCREENSHOTS") ?? Path.Combine(AppContext.BaseDirectory, "screenshots");
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(_complaints);
    }
}
