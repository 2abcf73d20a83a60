using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DigitML.Imaging;
using DigitML.Reading;

namespace DigitML.Web.Tests;

public class DataUrlTests
{
    private static readonly byte[] s_picture = PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(4)));

    private static readonly string s_base64 = Convert.ToBase64String(s_picture);

    private static readonly string s_url = "data:image/png;base64," + s_base64;

    /// <summary>Media types and bodies that all hold the same picture.</summary>
    public static TheoryData<string, string> Bodies => new()
    {
        { "text/plain", s_url },
        { "text/plain; charset=utf-8", "\uFEFF" + s_url + "\r\n" },
        { "application/octet-stream", s_url },
        { "text/plain", "DATA:;charset=utf-8;BASE64," + s_base64 },
        { "text/plain", "data:image/png;base64," + string.Join('\n', s_base64.Chunk(76).Select(line => new string(line))) },
        { "text/plain", "data:image/png;base64," + Uri.EscapeDataString(s_base64) },
        { "application/json", JsonSerializer.Serialize(new { image = s_url }) },
        { "application/json", "{ \"single\": true, \"other\": {\"image\": 3}, \"image\": \"" + s_url.Replace("/", "\\/", StringComparison.Ordinal) + "\" }" },
        { "application/json", "\"" + s_url.Replace("+", "\\u002B", StringComparison.Ordinal) + "\"" },
        { "application/x-www-form-urlencoded", "image=" + Uri.EscapeDataString(s_url) + "&single=1" },
        { "application/x-www-form-urlencoded", "{\"image\":\"" + s_url + "\"}" },
    };

    public static TheoryData<string, string, string> Damaged => new()
    {
        { "text/plain", "data:image/png;base64", "no comma" },
        { "text/plain", "data:image/png," + s_base64, "does not end in ;base64" },
        { "text/plain", s_url[..^3] + "*==", "no base64" },
        { "text/plain", s_url[..^5], "no base64" },
        { "text/plain", "data:,", "does not end in ;base64" },
        { "text/plain", "data:image/png;base64,", "nothing follows the comma" },
        { "application/json", "{\"picture\": \"" + s_url + "\"}", "no member \"image\"" },
        { "application/json", "{\"image\": 7}", "no member \"image\" that is text" },
        { "application/json", "{\"image\": \"" + s_base64 + "\"}", "other text than a data URL" },
        { "application/json", "{\"image\": \"" + s_url, "no JSON at byte" },
        { "application/json", "[{\"image\": \"" + s_url + "\"}]", "no member \"image\"" },
        { "application/json", string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40), "no JSON at byte" },
        { "application/x-www-form-urlencoded", "image=seven", "in the form's field image" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Read_PictureAsText_GivesWhatItsBytesGive(string type, string body)
    {
        await using var server = await RunningServer.StartAsync();

        var answer = await (await PostAsync(server, type, body)).Content.ReadAsStringAsync();

        Assert.Equal(new DigitReader(TestModel.Loaded.Model).Read(s_picture).ToJson("picture"), answer);
    }

    [Theory]
    [InlineData("image", null)]
    [InlineData("file", null)]
    [InlineData("file", "canvas.txt")]
    public async Task Read_DataUrlInAForm_GivesWhatItsBytesGive(string field, string? file)
    {
        await using var server = await RunningServer.StartAsync();
        var form = new MultipartFormDataContent { { new StringContent("7"), "note" } };
        if (file is null)
        {
            form.Add(new StringContent(s_url), field);
        }
        else
        {
            form.Add(new StringContent(s_url), field, file);
        }

        var answer = await (await server.Client.PostAsync("/api/read", form)).Content.ReadAsStringAsync();

        Assert.Equal(new DigitReader(TestModel.Loaded.Model).Read(s_picture).ToJson(file ?? "picture"), answer);
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public async Task Read_TextWithoutAPicture_SaysInOneLineWhatWasExpected(string type, string body, string words)
    {
        await using var server = await RunningServer.StartAsync();

        var detail = await RunningServer.ProblemOf(await PostAsync(server, type, body), 400);

        Assert.Contains("data:image/png;base64,…", detail, StringComparison.Ordinal);
        Assert.Contains(words, detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', detail);
    }

    [Fact]
    public async Task Read_PictureOverALimit_IsRefusedAsTextToo()
    {
        await using var server = await RunningServer.StartAsync(new WebOptions { QueueTime = TimeSpan.FromMinutes(5), RequestsPerMinute = 0, MaximumBodyBytes = 5_000, MaximumPixels = 1_000 });

        var tooLarge = await PostAsync(server, "text/plain", "data:image/png;base64," + new string('A', 5_000));
        Assert.True(tooLarge.Headers.ConnectionClose, "The server hangs up, and must say so.");
        Assert.Contains("5,000 bytes", await RunningServer.ProblemOf(tooLarge, 413), StringComparison.Ordinal);
        Assert.Contains("100000×100000", await RunningServer.ProblemOf(await PostAsync(server, "text/plain", "data:;base64," + Convert.ToBase64String(TestPictures.Bomb())), 422), StringComparison.Ordinal);
        Assert.Contains("this is text", await RunningServer.ProblemOf(await PostAsync(server, "text/plain", "data:;base64," + Convert.ToBase64String("Hello"u8)), 422), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Description_OfRead_NamesDataUrls()
    {
        await using var server = await RunningServer.StartAsync();
        using var description = JsonDocument.Parse(await server.Client.GetStringAsync("/openapi/v1.json"));
        var content = description.RootElement.GetProperty("paths").GetProperty("/api/read").GetProperty("post").GetProperty("requestBody").GetProperty("content");

        Assert.StartsWith("^data:", content.GetProperty("text/plain").GetProperty("schema").GetProperty("pattern").GetString());
        Assert.Equal("image", content.GetProperty("application/json").GetProperty("schema").GetProperty("required")[0].GetString());
    }

    private static Task<HttpResponseMessage> PostAsync(RunningServer server, string type, string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return server.Client.PostAsync("/api/read", content);
    }
}
