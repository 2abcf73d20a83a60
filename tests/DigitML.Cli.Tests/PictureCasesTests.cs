using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DigitML.Web;

namespace DigitML.Cli.Tests;

/// <summary>
/// Pictures that were once read wrongly, in a folder that DIGITML_CASES names: each case's README.txt says what is right. They are not
/// part of the repository; the tests of the parts make pictures of the same kinds.
/// </summary>
public class PictureCasesTests
{
    [Theory]
    [InlineData("png-16bit-12bit-range", "5_16bit_12range.png", "5", true)]
    [InlineData("png-16bit-low-range", "5_16bit_0to255.png", "5", true)]
    [InlineData("png-hole-in-white", "5_hole_in_white.png", "5", true)]
    [InlineData("png-isoluminant-colours", "5_redgreen.png", "5", true)]
    [InlineData("png-white-ink-on-transparent", "5_alpha_whiteink.png", "5", true)]
    [InlineData("plot-frame", "plot.png", "7", false)]
    [InlineData("plot-frame", "viridis.png", "7", false)]
    [InlineData("pad-wide-strokes", "seven-a.png", "7", false)]
    [InlineData("pad-wide-strokes", "seven-e.png", "7", false)]
    [InlineData("pad-wide-strokes", "two-b.png", "2", false)]
    [InlineData("picture-formats", "cmyk.jpg", "7", false)]
    [InlineData("picture-formats", "one.avif", "7", false)]
    [InlineData("picture-formats", "one.gif", "7", false)]
    [InlineData("picture-formats", "one.tiff", "7", false)]
    [InlineData("picture-formats", "one.webp", "7", false)]
    public async Task Predict_Case_GivesWhatIsRight(string name, string file, string expected, bool single)
    {
        var path = Path.Combine(CaseOrSkip(name), file);
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await terminal.RunAsync(["predict", path, "--json", .. single ? ["--single"] : Array.Empty<string>()]));

        using var line = JsonDocument.Parse(Assert.Single(terminal.Lines));
        Assert.Equal((file, expected, "digit"), (file, line.RootElement.GetProperty("text").GetString(), line.RootElement.GetProperty("verdict").GetString()));
    }

    [Fact]
    public async Task Predict_CaseOfAFolder_SpeaksOfEveryFile()
    {
        var folder = CaseOrSkip("folder-skips-unread-formats");
        var terminal = new TestTerminal();

        // The HEIC is not one that can be decoded, which is an error of its own.
        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("predict", folder, "--json"));

        foreach (var file in new[] { "a.jpg", "b.webp", "c.gif", "d.tiff" })
        {
            Assert.Contains("\"text\":\"5\"", Assert.Single(terminal.Lines, line => line.Contains(file, StringComparison.Ordinal)), StringComparison.Ordinal);
        }

        var lines = terminal.Error.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.EndsWith("left out 1 file that is not read as pictures: 1 .txt.", Assert.Single(lines, line => line.StartsWith("note: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("IMG_0001.HEIC: HEIC cannot be decoded", Assert.Single(lines, line => line.StartsWith("error: ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_CaseOfADataUrl_ReadsIt()
    {
        var url = (await File.ReadAllTextAsync(Path.Combine(CaseOrSkip("api-data-url"), "body.txt"), TestContext.Current.CancellationToken)).Trim();
        await using var app = DigitServer.Build(new WebOptions { Port = 0, QueueTime = TimeSpan.FromMinutes(5) }, LoadedModel.Shipped());
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        foreach (var (type, body) in new[] { ("text/plain", url), ("application/json", JsonSerializer.Serialize(new { image = url })) })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.ContentType = new MediaTypeHeaderValue(type);

            var answer = await client.PostAsync("/api/read", content, TestContext.Current.CancellationToken);

            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal((type, 200, "7"), (type, (int)answer.StatusCode, document.RootElement.GetProperty("text").GetString()));
        }
    }

    private static string CaseOrSkip(string name)
    {
        var cases = Environment.GetEnvironmentVariable("DIGITML_CASES");
        Assert.SkipWhen(string.IsNullOrEmpty(cases), "The cases are not on this machine: set DIGITML_CASES to the folder that holds them.");
        var folder = Path.Combine(cases!, name);
        Assert.SkipUnless(Directory.Exists(folder), $"DIGITML_CASES has no case {name}.");
        return folder;
    }
}
