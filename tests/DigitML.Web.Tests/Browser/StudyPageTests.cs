using Microsoft.Playwright;

namespace DigitML.Web.Tests.Browser;

public sealed class StudyPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData(ColorScheme.Light, 320)]
    [InlineData(ColorScheme.Dark, 390)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 1280)]
    public async Task Study_AnyScreenInLightAndDark_HasContrastAndNamesAndFits(ColorScheme colours, int width)
    {
        var study = new MadeStudy();
        await study.FillAsync(40);
        await study.BeginAsync(0.3);
        await using var server = await StudyTests.StartAsync(study);
        await using var visitor = await browser.VisitAsync(new() { ColorScheme = colours, ViewportSize = new() { Width = width, Height = 900 } }, server.Client.BaseAddress);

        await visitor.Page.ClickAsync("nav a[href='/study']");
        await Assertions.Expect(visitor.Page.Locator(".study-chart svg")).ToHaveCountAsync(4);

        Assert.Empty(await visitor.Page.EvaluateAsync<string[]>(Audit.Script));
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        await visitor.PhotographAsync($"study-{width}-{colours}".ToLowerInvariant());
    }

    [Fact]
    public async Task Study_AResultThatComesWhileOneLooks_IsShownAndTold()
    {
        var study = new MadeStudy();
        var claim = await study.BeginAsync();
        await using var server = await StudyTests.StartAsync(study);
        await using var visitor = await browser.VisitAsync(address: server.Client.BaseAddress);
        await visitor.Page.GotoAsync("/study");
        await Assertions.Expect(visitor.Page.Locator("#report")).ToContainTextAsync("No trial has reached its first rung yet.");
        await Assertions.Expect(visitor.Page.Locator("#report")).ToContainTextAsync("machine/2");

        await study.FinishAsync(claim, 0.9876);

        await Assertions.Expect(visitor.Page.Locator("#news")).ToHaveTextAsync("Best so far: trial 0, accuracy 98.76 %.");
        await Assertions.Expect(visitor.Page.Locator("#report")).ToContainTextAsync("Nothing is being trained just now.");
        await Assertions.Expect(visitor.Page.Locator(".study-chart svg").First).ToHaveAttributeAsync("aria-label", "Accuracy over time (made up (synthetic) · 1 trial · best accuracy 98.76 %, trial 0)");
    }

    [Theory]
    [InlineData("de", "Die besten fünf", "Bisher am besten: Versuch 0, Genauigkeit 98,76 %.")]
    [InlineData("fr", "Les cinq meilleurs", "Le meilleur jusqu’ici : essai 0, exactitude 98,76 %.")]
    [InlineData("es", "Las cinco mejores", "El mejor hasta ahora: prueba 0, exactitud 98,76 %.")]
    [InlineData("zh", "前五名", "目前最佳：试验 0，准确率 98.76 %。")]
    public async Task Study_InTheBrowsersLanguage_SpeaksItAndFits(string locale, string title, string news)
    {
        var study = new MadeStudy();
        await study.FinishAsync(await study.BeginAsync(), 0.9876);
        await using var server = await StudyTests.StartAsync(study);
        await using var visitor = await browser.VisitAsync(new() { Locale = locale, ViewportSize = new() { Width = 320, Height = 700 } }, server.Client.BaseAddress);
        await visitor.Page.GotoAsync("/study");
        await Assertions.Expect(visitor.Page.Locator(".study-chart svg")).ToHaveCountAsync(4);

        Assert.Contains(title, await visitor.Page.Locator("h2").AllTextContentsAsync());
        await Assertions.Expect(visitor.Page.Locator("#news")).ToHaveTextAsync(news);
        Assert.Empty(await visitor.Page.EvaluateAsync<string[]>(Audit.Script));
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        await visitor.PhotographAsync($"study-{locale}");
    }

    [Fact]
    public async Task Study_WithTheKeyboard_TablesAndChartsAreReached()
    {
        var study = new MadeStudy();
        await study.FillAsync(12);
        await using var server = await StudyTests.StartAsync(study);
        await using var visitor = await browser.VisitAsync(new() { ViewportSize = new() { Width = 320, Height = 800 } }, server.Client.BaseAddress);
        await visitor.Page.GotoAsync("/study");
        await Assertions.Expect(visitor.Page.Locator(".study-chart svg")).ToHaveCountAsync(4);

        var reached = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            await visitor.Page.Keyboard.PressAsync("Tab");
            reached.Add(await visitor.Page.EvaluateAsync<string>("() => (document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).split(' (')[0]"));
        }

        Assert.Superset(new HashSet<string> { "Accuracy over time", "How far trials got", "What was tried", "Importance of each setting" }, reached);
    }
}
