using System.Text.Json;
using DigitML.Imaging;
using DigitML.Reading;
using Microsoft.Playwright;

namespace DigitML.Web.Tests.Browser;

/// <summary>What a visitor does beside drawing and choosing one picture.</summary>
public sealed class VisitTests : IClassFixture<BrowserFixture>
{
    private readonly BrowserFixture _browser;

    public VisitTests(BrowserFixture browser)
    {
        _browser = browser;
    }

    [Fact]
    public async Task Examples_OnePressed_IsRead()
    {
        await using var visitor = await _browser.VisitAsync();
        var example = visitor.Page.Locator("#examples-list button[aria-label='Example photo-ruled-8']");
        await example.ClickAsync();

        await visitor.SeeAsync("Predicted: 8");
        await Assertions.Expect(visitor.Page.Locator("#caption")).ToContainTextAsync("photo-ruled-8.png");
    }

    [Fact]
    public async Task Pictures_SeveralAtOnce_AreReadIntoATableThatCanBeSaved()
    {
        await using var visitor = await _browser.VisitAsync(new() { AcceptDownloads = true });
        visitor.ExpectedStatuses.Add(422);
        var files = Enumerable.Range(0, 4).Select(i => new FilePayload { Name = $"a \"{i}\", b.png", MimeType = "image/png", Buffer = i == 2 ? "no picture"u8.ToArray() : PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(i))) }).ToArray();
        var readings = files.Select((file, i) => i == 2 ? null : new DigitReader(TestModel.Loaded.Model).Read(file.Buffer)).ToArray();

        await visitor.Page.Locator("#file").SetInputFilesAsync(files);

        await Assertions.Expect(visitor.Page.Locator("#batch-count")).ToHaveTextAsync("4 of 4 read");
        var texts = await visitor.Page.Locator("#batch-rows td.text").AllTextContentsAsync();
        Assert.Equal(readings.OfType<ReadingResult>().Select(reading => reading.Text.Length == 0 ? "–" : reading.Text), texts);
        await Assertions.Expect(visitor.Page.Locator("#batch-rows td.wrong")).ToContainTextAsync("a \"2\", b.png: expected a picture");
        await visitor.PhotographAsync("batch");

        var csv = await SavedAsync("#batch-csv");
        var lines = csv.TrimEnd().Split("\r\n");
        Assert.Equal("file,text,verdict,digits,least_probability,error", lines[0]);
        Assert.Equal(5, lines.Length);
        Assert.Matches($"^\"a \"\"0\"\", b\\.png\",{readings[0]!.Text},{readings[0]!.Verdict.ToName()},1,(0\\.\\d+|1),", lines[1]);
        using var json = JsonDocument.Parse(await SavedAsync("#batch-json"));
        Assert.Equal(readings.Select(reading => reading?.Text), json.RootElement.EnumerateArray().Select(row => row.TryGetProperty("text", out var text) ? text.GetString() : null));

        await visitor.Page.Locator("#batch-rows button").Last.ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#caption")).ToContainTextAsync("a \"3\", b.png");

        async Task<string> SavedAsync(string button)
        {
            var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Page.ClickAsync(button));
            return await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Pad_UndoToEmptyAndRedo_KeepTheFocusAndTheDrawing()
    {
        await using var visitor = await _browser.VisitAsync();
        await visitor.DrawAsync(Strokes.Of(7));
        await visitor.SeeAsync("Predicted: 7");

        await visitor.Page.ClickAsync("#undo");
        await visitor.SeeAsync("Nothing to read yet");
        Assert.Equal("pad", await visitor.Page.EvaluateAsync<string>("() => document.activeElement.id"));
        await visitor.Page.ClickAsync("#redo");
        await visitor.SeeAsync("Predicted: 7");
        Assert.True(await visitor.Page.Locator("#redo").IsDisabledAsync());
        await visitor.Page.Keyboard.PressAsync("Control+z");
        await visitor.SeeAsync("Nothing to read yet");
        await visitor.Page.Keyboard.PressAsync("Control+y");
        await visitor.SeeAsync("Predicted: 7");
    }

    [Fact]
    public async Task Clear_AfterAPicture_TakesItsAnswerAway()
    {
        await using var visitor = await _browser.VisitAsync();
        await visitor.ChooseAsync("a.png", PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(1))));
        await Assertions.Expect(visitor.Page.Locator("#caption")).ToContainTextAsync("a.png");

        await visitor.Page.ClickAsync("#clear");

        await visitor.SeeAsync("Nothing to read yet");
        Assert.True(await visitor.Page.Locator("#clear").IsDisabledAsync());
        Assert.False(await visitor.Page.Locator("#result").IsVisibleAsync());
    }

    [Fact]
    public async Task Paste_OfText_SaysSoAndLeavesTheAnswer()
    {
        await using var visitor = await _browser.VisitAsync();
        await visitor.DrawAsync(Strokes.Of(7));
        await visitor.SeeAsync("Predicted: 7");
        await visitor.Page.EvaluateAsync("() => { const transfer = new DataTransfer(); transfer.setData('text/plain', 'hello'); document.body.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, clipboardData: transfer })); }");

        await visitor.SeeErrorAsync("Expected a picture on the clipboard");
        await visitor.SeeAsync("Predicted: 7");
    }

    [Fact]
    public async Task Back_FromTheModel_FindsTheDrawing()
    {
        await using var visitor = await _browser.VisitAsync();
        await visitor.DrawAsync(Strokes.Of(3));
        await visitor.SeeAsync("Predicted: 3");
        await visitor.Page.ClickAsync("nav a[href='/model']");
        await visitor.Page.Locator(".matrix").WaitForAsync();

        await visitor.Page.GoBackAsync();

        await visitor.SeeAsync("Predicted: 3");
        await visitor.Page.ReloadAsync();
        await visitor.SeeAsync("Predicted: 3");
    }

    [Fact]
    public async Task Visit_WhatWasRead_CanBeComeBackTo()
    {
        await using var visitor = await _browser.VisitAsync();
        await visitor.DrawAsync(Strokes.Of(1));
        await visitor.SeeAsync("Predicted: 1");
        await visitor.ChooseAsync("a.png", PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(2), TestPictures.Digit(3))));
        await Assertions.Expect(visitor.Page.Locator("#caption")).ToContainTextAsync("a.png");
        var second = await visitor.Page.Locator("#predicted").TextContentAsync();
        await Assertions.Expect(visitor.Page.Locator("#visit-list button")).ToHaveCountAsync(2);

        await visitor.Page.Locator("#visit-list button").Last.ClickAsync();
        await visitor.SeeAsync("Predicted: 1");
        await visitor.Page.Locator("#visit-list button").First.ClickAsync();
        await visitor.SeeAsync(second!);
    }

    [Fact]
    public async Task Answer_Copied_IsOnTheClipboardAndTheRequestIsShownInFourLanguages()
    {
        await using var visitor = await _browser.VisitAsync(new() { Permissions = ["clipboard-read", "clipboard-write"] });
        await visitor.ChooseAsync("it's.png", PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(2), TestPictures.Digit(3))));
        await Assertions.Expect(visitor.Page.Locator("#caption")).ToContainTextAsync("it's.png");
        var text = new DigitReader(TestModel.Loaded.Model).Read(PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(2), TestPictures.Digit(3)))).Text;

        await visitor.Page.ClickAsync("#copy");
        await Assertions.Expect(visitor.Page.Locator("#copy")).ToHaveTextAsync("Copied");
        Assert.Equal(text, await visitor.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));

        await visitor.Page.Locator("summary", new() { HasText = "in code" }).ClickAsync();
        foreach (var (way, words) in new[] { ("curl", "curl -F 'file=@it_s.png' 'http://127.0.0.1:"), ("csharp", "client.PostAsync(\"http://127.0.0.1:"), ("python", "requests.post(\"http://127.0.0.1:"), ("javascript", "await fetch('http://127.0.0.1:") })
        {
            await visitor.Page.ClickAsync($"#code-ways button[data-way={way}]");
            Assert.Contains(words, await visitor.Page.Locator("#code-text").TextContentAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("de-AT", "de", "Gelesen: 7", "Das Modell")]
    [InlineData("fr-CH", "fr", "Lu : 7", "Le modèle")]
    [InlineData("es", "es", "Leído: 7", "El modelo")]
    [InlineData("zh-CN", "zh", "识别为：7", "模型")]
    [InlineData("is", "en", "Predicted: 7", "The model")]
    public async Task Page_InTheBrowsersLanguage_SpeaksIt(string locale, string language, string answer, string link)
    {
        await using var visitor = await _browser.VisitAsync(new() { Locale = locale, ViewportSize = new() { Width = 320, Height = 700 } });
        await visitor.DrawAsync(Strokes.Of(7));
        await visitor.SeeAsync(answer);

        Assert.Equal(language, await visitor.Page.EvaluateAsync<string>("() => document.documentElement.lang"));
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        Assert.Empty(await visitor.Page.EvaluateAsync<string[]>(Audit.Script));
        await visitor.PhotographAsync($"language-{language}");
        await visitor.Page.ClickAsync("nav a[href='/model']");
        await visitor.Page.Locator(".matrix").WaitForAsync();
        Assert.Equal(link, await visitor.Page.Locator("nav a[aria-current]").TextContentAsync());
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
    }

    [Theory]
    [InlineData("de", "Das Bild kann nicht gelesen werden.")]
    [InlineData("fr", "L’image ne peut pas être lue.")]
    [InlineData("es", "La imagen no se puede leer.")]
    [InlineData("zh", "无法读取此图片。")]
    public async Task Error_OfTheServer_IsSaidInTheBrowsersLanguageBeforeItsOwnWords(string locale, string words)
    {
        await using var visitor = await _browser.VisitAsync(new() { Locale = locale, ViewportSize = new() { Width = 320, Height = 700 } });
        visitor.ExpectedStatuses.Add(422);
        await visitor.ChooseAsync("notes.txt", "These are notes."u8.ToArray(), "text/plain");

        await visitor.SeeErrorAsync($"{words} notes.txt: expected a picture");
        Assert.StartsWith("notes.txt: expected a picture", await visitor.Page.Locator("#error [lang=en]").TextContentAsync(), StringComparison.Ordinal);
        Assert.Empty(await visitor.Page.EvaluateAsync<string[]>(Audit.Script));
    }

    [Fact]
    public async Task Correction_OfADigit_IsKeptOnlyWhereTheServerSaysSo()
    {
        var folder = Directory.CreateTempSubdirectory("digitml-page-").FullName;
        try
        {
            await using var server = await RunningServer.StartAsync(new WebOptions { CorrectionsFolder = folder, RequestsPerMinute = 0 });
            await using var visitor = await _browser.VisitAsync(address: server.Client.BaseAddress);
            await visitor.DrawAsync(Strokes.Of(7));
            await visitor.SeeAsync("Predicted: 7");
            await Assertions.Expect(visitor.Page.Locator("#forgotten")).ToContainTextAsync("only those that you correct");
            await visitor.Page.Locator("#correct-text").FillAsync("1");
            await visitor.Page.Locator("#correct button").ClickAsync();
            await Assertions.Expect(visitor.Page.Locator("#correct-thanks")).ToContainTextAsync("Kept");
            Assert.Single(Directory.EnumerateFiles(Path.Combine(folder, "1")));

            // Of two digits the one that is selected, cut out.
            await visitor.ChooseAsync("two.png", PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(2), TestPictures.Digit(3))));
            await Assertions.Expect(visitor.Page.Locator("#caption")).ToContainTextAsync("two.png");
            await visitor.Page.Locator("#boxes button").Last.ClickAsync();
            await visitor.Page.Locator("#correct-text").FillAsync("5");
            await visitor.Page.Locator("#correct button").ClickAsync();
            await Assertions.Expect(visitor.Page.Locator("#correct-thanks")).ToContainTextAsync("Kept");
            var kept = ImageFile.Load(Assert.Single(Directory.EnumerateFiles(Path.Combine(folder, "5"))));
            Assert.InRange(kept.FullWidth, 40, 200);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        await using var other = await _browser.VisitAsync();
        await other.DrawAsync(Strokes.Of(7));
        await other.SeeAsync("Predicted: 7");
        Assert.False(await other.Page.Locator("#correct").IsVisibleAsync());
    }

    [Fact]
    public async Task Camera_OnceAskedFor_IsReadFrameByFrameUntilItIsStopped()
    {
        await using var visitor = await _browser.VisitAsync(new() { Permissions = ["camera"] });
        var frames = 0;
        visitor.Page.Request += (_, request) => frames += request.Url.Contains("/api/read", StringComparison.Ordinal) ? 1 : 0;
        Assert.Equal(0, frames);

        await visitor.Page.ClickAsync("#live");
        await Assertions.Expect(visitor.Page.Locator("#live-view")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator("#caption")).ToContainTextAsync("Camera");
        for (var wait = 0; wait < 600 && frames < 3; wait++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.True(frames >= 3);
        await visitor.Page.ClickAsync("#live");
        await Assertions.Expect(visitor.Page.Locator("#live-view")).ToBeHiddenAsync();
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.getElementById('live-video').srcObject === null"));
    }

    [Fact]
    public async Task Training_BegunOnThePage_ShowsItsCurvesAndMatrixAndIsKept()
    {
        await using var server = await RunningServer.StartAsync(TrainingTests.Options);
        await using var visitor = await _browser.VisitAsync(new() { ViewportSize = new() { Width = 390, Height = 800 }, AcceptDownloads = true }, server.Client.BaseAddress);
        await visitor.Page.ClickAsync("nav a[href='/train']");
        await Assertions.Expect(visitor.Page.Locator("#state")).ToHaveTextAsync("Nothing is being trained.");
        await visitor.Page.Locator("#epochs").FillAsync("4");
        await visitor.Page.Locator("#hidden").FillAsync("16");
        await visitor.Page.ClickAsync("#begin");

        await Assertions.Expect(visitor.Page.Locator("#state")).ToContainTextAsync("Done, by recipe thesis");
        Assert.Equal(4, await visitor.Page.Locator("#charts polyline").CountAsync());
        Assert.Equal(100, await visitor.Page.Locator("#matrix tbody td").CountAsync());
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        Assert.Empty(await visitor.Page.EvaluateAsync<string[]>(Audit.Script));
        await visitor.PhotographAsync("train-390");
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Page.ClickAsync("#keep"));
        Assert.Equal("digits.onnx", download.SuggestedFilename);
        Assert.True(new FileInfo(await download.PathAsync()).Length > 40_000);
    }

    [Theory]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(1280, ColorScheme.Light)]
    public async Task Search_BegunOnThePage_IsFollowedOnTheStudysPage(int width, ColorScheme scheme)
    {
        await using var server = await RunningServer.StartAsync(TrainingTests.Options);
        await using var visitor = await _browser.VisitAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme }, server.Client.BaseAddress);
        await visitor.Page.ClickAsync("nav a[href='/train']");
        await visitor.Page.Locator("#recipe").SelectOptionAsync("search");
        await Assertions.Expect(visitor.Page.Locator("#hidden")).ToBeHiddenAsync();
        await visitor.Page.Locator("#minutes").FillAsync("10");
        await visitor.Page.ClickAsync("#begin");

        await Assertions.Expect(visitor.Page.Locator("#state")).ToContainTextAsync("is ahead");
        await visitor.PhotographAsync($"search-{width}");
        await AssertGoodAsync(visitor);
        await visitor.Page.ClickAsync("#follow a");
        await Assertions.Expect(visitor.Page.Locator(".study-chart svg").First).ToBeVisibleAsync();
        await visitor.PhotographAsync($"search-study-{width}");
        await AssertGoodAsync(visitor);

        await visitor.Page.ClickAsync("nav a[href='/train']");
        await visitor.Page.ClickAsync("#stop");
        await Assertions.Expect(visitor.Page.Locator("#state")).ToContainTextAsync("Stopped after");
        await Assertions.Expect(visitor.Page.Locator("#keep")).ToBeEnabledAsync();
        Assert.Equal(100, await visitor.Page.Locator("#matrix tbody td").CountAsync());
        await visitor.PhotographAsync($"search-done-{width}");
        await AssertGoodAsync(visitor);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/model")]
    [InlineData("/train")]
    public async Task Messages_WithAnAddressInThem_StayWithinANarrowScreen(string path)
    {
        await using var server = await RunningServer.StartAsync(TrainingTests.Options);
        await using var visitor = await _browser.VisitAsync(new() { ViewportSize = new() { Width = 320, Height = 800 } }, server.Client.BaseAddress);
        await visitor.Page.GotoAsync(path);
        var widths = await visitor.Page.EvaluateAsync<double[]>("""
            () => [...document.querySelectorAll('.message')].flatMap(message => {
              message.textContent = `https://example.org/${'very-long-name/'.repeat(20)}${'x'.repeat(90)}`;
              return [message.scrollWidth - message.clientWidth, message.getBoundingClientRect().right - innerWidth];
            })
            """);
        Assert.NotEmpty(widths);
        Assert.All(widths, width => Assert.InRange(width, double.NegativeInfinity, 0));
    }

    /// <summary>Nothing scrolls sideways, and axe finds nothing.</summary>
    private static async Task AssertGoodAsync(Visitor visitor)
    {
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        Assert.Empty(await visitor.Page.EvaluateAsync<string[]>(Audit.Script));
    }
}
