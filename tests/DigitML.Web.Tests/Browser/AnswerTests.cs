using System.Text.Json;
using DigitML.Imaging;
using DigitML.Pixels;
using DigitML.Reading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace DigitML.Web.Tests.Browser;

/// <summary>How the page shows its answers, and what it does while there is none.</summary>
public sealed class AnswerTests : IClassFixture<BrowserFixture>
{
    private readonly BrowserFixture _browser;

    public AnswerTests(BrowserFixture browser)
    {
        _browser = browser;
    }

    public static TheoryData<int, ColorScheme> Screens => [(1280, ColorScheme.Light), (1280, ColorScheme.Dark), (390, ColorScheme.Light), (390, ColorScheme.Dark), (320, ColorScheme.Light), (320, ColorScheme.Dark)];

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Page_OnEveryScreen_FitsAndHasContrastAndNames(int width, ColorScheme colours)
    {
        await using var visitor = await _browser.VisitAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = colours });
        await CheckAsync(visitor, "empty");
        await visitor.DrawAsync(Strokes.Of(4));
        await visitor.SeeAsync("Predicted: 4");
        await CheckAsync(visitor, "drawing");
        await visitor.ChooseAsync("rows.png", Rows());
        await Assertions.Expect(visitor.Page.Locator("#caption")).ToContainTextAsync("rows.png");
        await visitor.Page.Locator("summary").First.ClickAsync();
        await visitor.Page.Locator("summary").Last.ClickAsync();
        await CheckAsync(visitor, "rows");
        await visitor.Page.GotoAsync("/model");
        await visitor.Page.Locator(".matrix").WaitForAsync();
        await CheckAsync(visitor, "model");

        async Task CheckAsync(Visitor at, string name)
        {
            await at.PhotographAsync($"{name}-{width}-{colours}".ToLowerInvariant());
            Assert.True(await at.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{name} scrolls sideways at {width}.");
            Assert.Empty(await at.Page.EvaluateAsync<string[]>(Audit.Script));
        }
    }

    [Fact]
    public async Task Answer_OfADrawing_StandsWithItsBarsAndPictureAboveTheFold()
    {
        await using var visitor = await _browser.VisitAsync(new() { ViewportSize = new() { Width = 1280, Height = 800 } });
        await visitor.DrawAsync(Strokes.Of(5));
        await visitor.SeeAsync("Predicted: 5");

        foreach (var id in new[] { "#predicted", "#bars", "#seen" })
        {
            var box = (await visitor.Page.Locator(id).BoundingBoxAsync())!;
            Assert.True(box.Y + box.Height <= 800, $"{id} ends at {box.Y + box.Height}.");
        }

        // It is on its pad, and not a second time below.
        Assert.False(await visitor.Page.Locator("#given").IsVisibleAsync());
        Assert.Equal(1, await visitor.Page.Locator("#pad-boxes .box").CountAsync());
    }

    [Fact]
    public async Task Answer_Rows_AreSetAsRowsWhoseDigitsCanBePressed()
    {
        await using var visitor = await _browser.VisitAsync();
        var reading = new DigitReader(TestModel.Loaded.Model).Read(Rows());
        Assert.Contains('\n', reading.Text);

        await visitor.ChooseAsync("rows.png", Rows());
        await Assertions.Expect(visitor.Page.Locator("#caption")).ToContainTextAsync("rows.png");

        Assert.Equal(reading.Text, await visitor.Page.EvaluateAsync<string>("() => [...document.querySelectorAll('#predicted .digits')].map(row => [...row.children].map(digit => digit.firstChild.data).join('')).join('\\n')"));
        var digits = visitor.Page.Locator("#predicted .digits button");
        await digits.Last.ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#digit-title")).ToHaveTextAsync($"Digit {reading.Digits.Count} of {reading.Digits.Count}");
        Assert.Equal("true", await visitor.Page.Locator("#boxes button").Last.GetAttributeAsync("aria-pressed"));
    }

    [Fact]
    public async Task Answer_Doubtful_LooksOtherThanASureOne()
    {
        await using var server = await RunningServer.StartAsync(with: app => Answer(app, """{"file":"a","text":"49","verdict":"ambiguous","width":200,"height":100,"digits":[{"digit":4,"probability":0.5,"box":{"x":10,"y":2,"width":40,"height":96},"verdict":"ambiguous","runnerUp":9,"runnerUpProbability":0.45},{"digit":9,"probability":0.9997,"box":{"x":100,"y":2,"width":40,"height":96},"verdict":"digit","runnerUp":4,"runnerUpProbability":0.0002}]}"""));
        await using var visitor = await _browser.VisitAsync(address: server.Client.BaseAddress);
        await visitor.ChooseAsync("a.png", PngEncoder.Encode(new GreyImage(200, 100, new byte[20_000])));
        await visitor.SeeAsync("Predicted: 4?9");

        Assert.Contains("doubtful", await visitor.Page.Locator("#predicted button").First.GetAttributeAsync("class"), StringComparison.Ordinal);
        Assert.DoesNotContain("doubtful", await visitor.Page.Locator("#predicted button").Last.GetAttributeAsync("class") ?? "", StringComparison.Ordinal);
        Assert.Equal("Digit 1 of 2: 4, doubtful", await visitor.Page.Locator("#boxes button").First.GetAttributeAsync("aria-label"));
        Assert.Equal("4?", await visitor.Page.Locator("#boxes button").First.TextContentAsync());
        Assert.Equal("2 digits found; press one, in the answer or in the picture, to see more of it. Doubtful: the 4 could be 9.", await visitor.Page.Locator("#verdict").TextContentAsync());

        // A label covers neither its own digit nor the other.
        foreach (var label in await visitor.Page.Locator("#boxes button span").AllAsync())
        {
            var place = (await label.BoundingBoxAsync())!;
            foreach (var box in await visitor.Page.Locator("#boxes button").AllAsync())
            {
                var digit = (await box.BoundingBoxAsync())!;
                var across = Math.Min(place.X + place.Width, digit.X + digit.Width) - Math.Max(place.X, digit.X);
                var down = Math.Min(place.Y + place.Height, digit.Y + digit.Height) - Math.Max(place.Y, digit.Y);
                Assert.True(across <= 4 || down <= 4, "A label covers a digit.");
            }
        }

        await visitor.PhotographAsync("doubtful");
    }

    [Fact]
    public async Task Answer_OfInkThatWasLeftOut_SaysSoAndOnePressTakesItIn()
    {
        await using var visitor = await _browser.VisitAsync();
        await visitor.ChooseAsync("ruled.png", PngEncoder.Encode(Ruled()));
        var left = visitor.Page.Locator("#left-out li button").First;
        await Assertions.Expect(left).ToContainTextAsync("a line");
        Assert.Equal(1, await visitor.Page.Locator("#boxes .left-out.line").CountAsync());
        await visitor.PhotographAsync("left-out");

        await left.ClickAsync();

        await Assertions.Expect(visitor.Page.Locator("#left-out li button").Last).ToContainTextAsync("Taken in");
        Assert.Equal(0, await visitor.Page.Locator("#boxes .left-out.line").CountAsync());
        Assert.Contains("wanted=0", await visitor.Page.Locator("#code-text").TextContentAsync(), StringComparison.Ordinal);
        await visitor.Page.Locator("#left-out li button").Last.ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#left-out li button").First).ToContainTextAsync("a line");
    }

    [Fact]
    public async Task Question_OnASlowLine_DimsTheOldAnswerShowsItsProgressAndCanBeTakenBack()
    {
        var held = new TaskCompletionSource();
        await using var server = await RunningServer.StartAsync(with: app => app.Use(async (context, next) =>
        {
            if (context.Request.Path == "/api/read" && context.Request.ContentLength > 100_000)
            {
                await held.Task.WaitAsync(context.RequestAborted);
            }

            await next(context);
        }));
        await using var visitor = await _browser.VisitAsync(address: server.Client.BaseAddress);
        await visitor.ChooseAsync("first.png", PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(4))));
        await Assertions.Expect(visitor.Page.Locator("#caption")).ToContainTextAsync("first.png");
        var before = await visitor.Page.Locator("#predicted").TextContentAsync();

        await visitor.ChooseAsync("large.png", [.. PngEncoder.Encode(TestPictures.Digit(5)), .. new byte[3_000_000]]);
        await Assertions.Expect(visitor.Page.Locator("#progress")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator(".said")).ToHaveCSSAsync("opacity", "0.4");
        await visitor.PhotographAsync("progress");
        await visitor.Page.ClickAsync("#cancel");

        await Assertions.Expect(visitor.Page.Locator("#progress")).ToBeHiddenAsync();
        await Assertions.Expect(visitor.Page.Locator(".said")).ToHaveCSSAsync("opacity", "1");
        Assert.Equal(before, await visitor.Page.Locator("#predicted").TextContentAsync());
        Assert.Equal("Cancelled; this is the answer before.", await visitor.Page.Locator("#said-status").TextContentAsync());
    }

    [Fact]
    public async Task Question_ToAServerThatIsBusy_IsAskedOnceMoreAfterAsLongAsItSays()
    {
        var asked = 0;
        await using var server = await RunningServer.StartAsync(with: app => app.Use(async (context, next) =>
        {
            if (context.Request.Path == "/api/read" && Interlocked.Increment(ref asked) is 1 or 3 or 4)
            {
                throw new BadHttpRequestException("The server reads as many pictures as it can. Try again in a moment.", StatusCodes.Status503ServiceUnavailable);
            }

            await next(context);
        }));
        await using var visitor = await _browser.VisitAsync(address: server.Client.BaseAddress);
        visitor.ExpectedStatuses.Add(503);
        await visitor.ChooseAsync("a.png", PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(4))));
        await Assertions.Expect(visitor.Page.Locator("#caption")).ToContainTextAsync("a.png");
        Assert.Equal(2, asked);

        await visitor.ChooseAsync("b.png", PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(4))));
        await visitor.SeeErrorAsync("as many pictures as it can");
        Assert.Equal(4, asked);
    }

    /// <summary>Two rows of two digits.</summary>
    private static byte[] Rows()
    {
        var (upper, lower) = (TestPictures.Row(TestPictures.Digit(1), TestPictures.Digit(2)), TestPictures.Row(TestPictures.Digit(3), TestPictures.Digit(4)));
        var white = Enumerable.Repeat((byte)255, upper.Width * 40).ToArray();
        byte[] pixels = [.. upper.Pixels.ToArray(), .. white, .. lower.Pixels.ToArray()];
        return PngEncoder.Encode(new GreyImage(upper.Width, upper.Height + lower.Height + 40, pixels));
    }

    /// <summary>A digit above a ruled line.</summary>
    private static GreyImage Ruled()
    {
        var digit = TestPictures.Row(TestPictures.Digit(4));
        var pixels = Enumerable.Repeat((byte)255, 400 * 300).ToArray();
        for (var y = 0; y < digit.Height; y++)
        {
            digit.Pixels.Slice(y * digit.Width, digit.Width).CopyTo(pixels.AsSpan(((y + 60) * 400) + 130, digit.Width));
        }

        pixels.AsSpan(250 * 400, 3 * 400).Fill(30);
        return new GreyImage(400, 300, pixels);
    }

    /// <summary>Answers every picture with the same reading, with plain details.</summary>
    private static void Answer(WebApplication app, string reading)
    {
        using var document = JsonDocument.Parse(reading);
        var count = document.RootElement.GetProperty("digits").GetArrayLength();
        var picture = $"data:image/png;base64,{Convert.ToBase64String(PngEncoder.Encode(TestPictures.Digit(4)))}";
        var detail = JsonSerializer.Serialize(new { probabilities = Enumerable.Repeat(0.1, 10), width = 28, height = 28, picture, attribution = new double[784] });
        var answer = $"{reading[..^1]},\"steps\":[],\"details\":[{string.Join(',', Enumerable.Repeat(detail, count))}]}}";
        app.Use((context, next) => context.Request.Path == "/api/read"
            ? context.Response.WriteAsync(answer)
            : next(context));
    }
}
