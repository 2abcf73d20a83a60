using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using DigitML.Imaging;
using DigitML.Reading;
using DigitML.Web.Endpoints;

namespace DigitML.Web.Tests;

public partial class ServerTests
{
    [Fact]
    public async Task Health_OnceStarted_IsAliveAndThenReady()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal("alive\n", await server.Client.GetStringAsync("/healthz"));
        HttpResponseMessage ready;
        while ((ready = await server.Client.GetAsync("/readyz")).StatusCode != HttpStatusCode.OK)
        {
            Assert.Contains("starting", await RunningServer.ProblemOf(ready, 503), StringComparison.Ordinal);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal("ready\n", await ready.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Model_WithItsRecords_TellsThemAll()
    {
        await using var server = await RunningServer.StartAsync();
        var document = JsonSerializer.Deserialize<ModelDocument>(await server.Client.GetStringAsync("/api/model"), JsonSerializerOptions.Web)!;

        Assert.Equal(TestModel.Loaded.Model.Hash, document.Hash);
        Assert.Equal([784, .. TestModel.Loaded.Model.Layers.Select(layer => layer.Outputs)], document.Layers);
        Assert.Equal(TestModel.Loaded.Model.ParameterCount, document.Parameters);
        Assert.Equal(10_000_000, document.Limits.BodyBytes);
        Assert.Equal(TestModel.Loaded.Evaluation!.MicroAccuracy, document.Evaluation!.Value.GetProperty("accuracy").GetDouble());
        Assert.Equal(TestModel.Loaded.History!.Epochs.Count, document.History!.Value.GetProperty("epochs").GetArrayLength());
    }

    [Fact]
    public async Task Page_EveryFileAndAnswer_CarriesTheHeadersThatKeepItSafe()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var (path, type) in new[] { ("/", "text/html"), ("/model", "text/html"), ("/page.js", "text/javascript"), ("/style.css", "text/css"), ("/icon.svg", "image/svg+xml"), ("/api/model", "application/json"), ("/nowhere", "application/problem+json") })
        {
            using var response = await server.Client.GetAsync(path);
            Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.False(response.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task Page_InItsSources_HasNoInlineScriptOrStyleAndNoForeignAddress()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var path in new[] { "/", "/model" })
        {
            var html = await server.Client.GetStringAsync(path);
            Assert.DoesNotMatch(InlineCode(), html);
            foreach (Match link in Links().Matches(html))
            {
                var target = link.Groups[1].Value;
                Assert.True(target.StartsWith('#') || (await server.Client.GetAsync(target)).IsSuccessStatusCode, $"{path} points to {target}, which is not there.");
            }
        }
    }

    [Fact]
    public async Task Page_AskedForAgain_IsNotSentAgain()
    {
        await using var server = await RunningServer.StartAsync();
        using var first = await server.Client.GetAsync("/style.css");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/style.css");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await server.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Page_AskedForItsHeadersOrGivenSomething_SaysWhatItIsAndTakes()
    {
        await using var server = await RunningServer.StartAsync();
        using var head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"));
        Assert.Equal("text/html; charset=utf-8", head.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-cache", head.Headers.CacheControl?.ToString());
        Assert.Equal((await server.Client.GetByteArrayAsync("/")).Length, head.Content.Headers.ContentLength);
        Assert.Equal("/ does not take POST; it takes GET, HEAD.", await RunningServer.ProblemOf(await server.Client.PostAsync("/", null), 405));
        await RunningServer.ProblemOf(await server.Client.GetAsync("/index.html"), 404);
    }

    [Fact]
    public async Task OpenApi_OfTheServer_DescribesWhatItTakesAndGives()
    {
        await using var server = await RunningServer.StartAsync();
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync("/openapi/v1.json"));
        var paths = document.RootElement.GetProperty("paths");
        var read = paths.GetProperty("/api/read").GetProperty("post");

        Assert.Equal(["/api/examples", "/api/model", "/api/read", "/healthz", "/readyz"], paths.EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["single", "lines", "steps", "wanted"], read.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.True(read.GetProperty("requestBody").GetProperty("content").TryGetProperty("multipart/form-data", out _));
        Assert.True(read.GetProperty("requestBody").GetProperty("content").TryGetProperty("image/png", out _));
        Assert.Equal(["200", "400", "401", "408", "413", "422", "429", "503"], read.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order(StringComparer.Ordinal));
        Assert.True(document.RootElement.GetProperty("components").GetProperty("schemas").TryGetProperty("ReadingDocument", out _));
    }

    [Fact]
    public async Task OpenApi_OfTheServer_KeepsTheRulesOfLinters()
    {
        await using var server = await RunningServer.StartAsync(new WebOptions { CorrectionsFolder = Path.Combine(Path.GetTempPath(), "never-written"), ApiKey = "a key of many letters" });
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync("/openapi/v1.json"));
        var root = document.RootElement;

        Assert.NotEmpty(root.GetProperty("servers").EnumerateArray());
        Assert.Equal("apiKey", root.GetProperty("components").GetProperty("securitySchemes").GetProperty("apiKey").GetProperty("type").GetString());
        Assert.NotEmpty(root.GetProperty("security").EnumerateArray());
        Assert.Equal(
            ["digit", "ambiguous", "not-a-digit", "blank"],
            root.GetProperty("components").GetProperty("schemas").GetProperty("ReadingDocument").GetProperty("properties").GetProperty("verdict").GetProperty("enum").EnumerateArray().Select(word => word.GetString()));
        var ids = new List<string?>();
        foreach (var operation in root.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()))
        {
            ids.Add(operation.Value.GetProperty("operationId").GetString());
            Assert.NotEqual("head", operation.Name);
        }

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(Schemas(root), schema => Assert.True(schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.Array
            || !type.EnumerateArray().Select(word => word.GetString()).Intersect(["integer", "number"]).Any() || !type.EnumerateArray().Any(word => word.GetString() == "string"), $"{schema} is a number and text."));

        static IEnumerable<JsonElement> Schemas(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Schemas(member.Value)).Prepend(element),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Schemas),
            _ => [],
        };
    }

    [Fact]
    public async Task Get_EveryAddressOfIt_TakesHeadToo()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var path in new[] { "/", "/model", "/page.js", "/api/model", "/api/examples", "/examples/chalk-9.png", "/healthz", "/metrics", "/openapi/v1.json" })
        {
            using var get = await server.Client.GetAsync(path);
            using var head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
            Assert.Equal((path, get.StatusCode, get.Content.Headers.ContentType), (path, head.StatusCode, head.Content.Headers.ContentType));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("/api/model?verbose=1", "There is no parameter 'verbose' here. This address takes none.")]
    [InlineData("/api/read?Singel=true", "There is no parameter 'Singel' here. There are single, lines, steps, wanted.")]
    public async Task Api_ParameterThatThereIsNot_IsRefused(string path, string words)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(path.StartsWith("/api/read", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, path);
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(words, await RunningServer.ProblemOf(response, 400));
    }

    [Fact]
    public async Task Examples_EachOfTheSamples_IsListedAndIsAPicture()
    {
        await using var server = await RunningServer.StartAsync();
        var names = JsonSerializer.Deserialize<string[]>(await server.Client.GetStringAsync("/api/examples"))!;

        Assert.Contains("photo-ruled-8.png", names);
        foreach (var name in names)
        {
            using var answer = await server.ReadAsync(await server.Client.GetByteArrayAsync($"/examples/{name}"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await RunningServer.ProblemOf(await server.Client.GetAsync("/examples/none.png"), 404);
    }

    [Fact]
    public async Task Metrics_AfterReadings_CountsThem()
    {
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await server.ReadAsync(PngEncoder.Encode(TestPictures.Digit(i)));
        }

        await server.ReadAsync([1, 2, 3]);
        await server.Client.GetAsync("/style.css");
        await server.Client.GetAsync("/nowhere");

        // Another server of the same process counts for itself.
        await using (var other = await RunningServer.StartAsync())
        {
            await other.ReadAsync(PngEncoder.Encode(TestPictures.Digit(3)));
        }

        var text = await server.Client.GetStringAsync("/metrics");

        Assert.Equal(3, Value(text, "digitml_requests_total{route=\"/api/read\",status=\"200\"}"));
        Assert.Equal(1, Value(text, "digitml_requests_total{route=\"/api/read\",status=\"422\"}"));
        Assert.Equal(1, Value(text, "digitml_requests_total{route=\"/style.css\",status=\"200\"}"));
        Assert.Equal(1, Value(text, "digitml_requests_total{route=\"none\",status=\"404\"}"));
        Assert.Equal(3, Value(text, "digitml_read_duration_seconds_count{}"));
        Assert.Equal(3, Value(text, "digitml_read_duration_seconds_bucket{le=\"+Inf\"}"));
        Assert.Equal(4, Value(text, "digitml_request_duration_seconds_count{route=\"/api/read\"}"));
        Assert.Equal(3, text.Split('\n').Where(line => line.StartsWith("digitml_readings_total{", StringComparison.Ordinal)).Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)));
        Assert.True(Value(text, "digitml_memory_bytes{}") > 1e6);
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="[^"]*",?)*\})? \S+)$""", line));
    }

    [Fact]
    public void Options_OutOfTheirRange_AreNamed()
    {
        Assert.Equal("Port must be 0 to 65535; got 70000.", MessageOf(new WebOptions { Port = 70_000 }));
        Assert.Equal("Address must be an IP address, localhost or *; got example.org.", MessageOf(new WebOptions { Address = "example.org" }));
        Assert.Equal("BodyTime.TotalSeconds must be greater than 0 and at most 3600; got 0.", MessageOf(new WebOptions { BodyTime = TimeSpan.Zero }));
        Assert.Equal("AmbiguousShare must be greater than 0 and at most 1; got 0.", MessageOf(new WebOptions { Reader = new ReaderOptions { AmbiguousShare = 0 } }));

        static string MessageOf(WebOptions options) => Assert.Throws<ArgumentException>(() => DigitServer.Build(options, TestModel.Loaded)).Message;
    }

    private static double Value(string text, string series) =>
        double.Parse(text.Split('\n').Single(line => line.StartsWith($"{series} ", StringComparison.Ordinal))[(series.Length + 1)..], CultureInfo.InvariantCulture);

    [GeneratedRegex("""<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|https?://""")]
    private static partial Regex InlineCode();

    [GeneratedRegex("""(?:href|src)="([^"]+)""")]
    private static partial Regex Links();
}
