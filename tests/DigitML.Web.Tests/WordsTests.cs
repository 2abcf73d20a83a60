using System.Net;
using System.Text.RegularExpressions;

namespace DigitML.Web.Tests;

/// <summary>The page's words, read from the files that the server sends.</summary>
public partial class WordsTests
{
    [Theory]
    [InlineData("de")]
    [InlineData("fr")]
    [InlineData("es")]
    [InlineData("zh")]
    public async Task Words_OfEachLanguage_AreThereWithTheSameNames(string language)
    {
        await using var server = await RunningServer.StartAsync();
        var english = Read(await server.Client.GetStringAsync("/words-en.js"));
        var other = Read(await server.Client.GetStringAsync($"/words-{language}.js"));

        Assert.True(english.Count > 100);
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), other.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, pair => Assert.Equal((pair.Key, NamesIn(pair.Value)), (pair.Key, NamesIn(other[pair.Key]))));
        Assert.All(other, pair => Assert.False(string.IsNullOrWhiteSpace(pair.Value), pair.Key));
    }

    [Fact]
    public async Task Words_ThatPagesAndScriptsAskFor_AreInEnglish()
    {
        await using var server = await RunningServer.StartAsync(TrainingTests.Options);
        var english = Read(await server.Client.GetStringAsync("/words-en.js"));
        foreach (var page in new[] { "/", "/model", "/train" })
        {
            var html = await server.Client.GetStringAsync(page);
            foreach (Match asked in Asked().Matches(html))
            {
                Assert.True(english.TryGetValue(asked.Groups["key"].Value, out var words), $"{page} asks for {asked.Groups["key"].Value}");

                // Without scripts, and until they run, the page is in English.
                Assert.Contains(words, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
            }
        }

        foreach (var script in new[] { "page", "answer", "api", "batch", "boxes", "camera", "code", "dom", "layers", "matrix", "model", "train", "visit", "work", "curves" })
        {
            foreach (Match asked in Called().Matches(await server.Client.GetStringAsync($"/{script}.js")))
            {
                Assert.True(english.ContainsKey(asked.Groups["key"].Value), $"{script}.js asks for {asked.Groups["key"].Value}");
            }
        }
    }

    [Fact]
    public async Task Words_ThatTheStudysPageAsksFor_AreInEnglish()
    {
        await using var server = await StudyTests.StartAsync(new MadeStudy());
        var english = Read(await server.Client.GetStringAsync("/words-en.js"));
        var html = await server.Client.GetStringAsync("/study");
        var asked = Asked().Matches(html).Concat(Called().Matches(await server.Client.GetStringAsync("/study.js"))).Select(found => found.Groups["key"].Value).ToList();

        Assert.True(asked.Count > 30, $"{asked.Count} words");
        Assert.All(asked, key => Assert.True(english.ContainsKey(key), $"The study's page asks for {key}"));
        Assert.All(Asked().Matches(html), found => Assert.Contains(english[found.Groups["key"].Value], WebUtility.HtmlDecode(html), StringComparison.Ordinal));
        Assert.All(new[] { "Accuracy", "MacroAccuracy", "LogLoss" }, metric => Assert.True(english.ContainsKey($"study.best.{metric}") && english.ContainsKey($"study.metric.{metric}")));
    }

    private static Dictionary<string, string> Read(string script) =>
        Entry().Matches(script).ToDictionary(entry => entry.Groups["key"].Value, entry => entry.Groups["words"].Value.Replace("\\'", "'", StringComparison.Ordinal), StringComparer.Ordinal);

    private static string NamesIn(string words) => string.Join(' ', Name().Matches(words).Select(name => name.Value).Order(StringComparer.Ordinal).Distinct());

    [GeneratedRegex("^  '(?<key>[^']+)': '(?<words>(?:[^'\\\\]|\\\\.)*)',\\r?$", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex("\\{\\w+\\}")]
    private static partial Regex Name();

    [GeneratedRegex("data-t(?:-aria-label)?=\"(?<key>[^\"]+)\"")]
    private static partial Regex Asked();

    [GeneratedRegex("\\bt\\('(?<key>[^']+)'")]
    private static partial Regex Called();
}
