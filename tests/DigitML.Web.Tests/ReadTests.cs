using System.Net;
using System.Text;
using System.Text.Json;
using DigitML.Imaging;
using DigitML.Pixels;
using DigitML.Reading;
using ImageMagick;
using Microsoft.AspNetCore.Builder;

namespace DigitML.Web.Tests;

public class ReadTests
{
    private static readonly JsonSerializerOptions s_strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true };

    [Fact]
    public async Task Read_BareOrAsForm_GivesTheLinesOfTheLibrary()
    {
        await using var server = await RunningServer.StartAsync();
        var reader = new DigitReader(TestModel.Loaded.Model);
        for (var i = 0; i < 7; i++)
        {
            var file = PngEncoder.Encode(TestPictures.Digit(i));
            var single = i % 2 == 0;
            var expected = reader.Read(file, single).ToJson("a digit.png");
            var query = single ? "?single=true" : "";

            Assert.Equal(expected, await (await server.ReadAsync(file, query, "a digit.png")).Content.ReadAsStringAsync());
            Assert.Equal(expected, await (await server.ReadFormAsync(file, "a digit.png", query)).Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData(MagickFormat.WebP)]
    [InlineData(MagickFormat.Gif)]
    [InlineData(MagickFormat.Tiff)]
    [InlineData(MagickFormat.Avif)]
    [InlineData(MagickFormat.Bmp)]
    [InlineData(MagickFormat.Jpeg)]
    public async Task Read_FormatsThatTheLibraryDoesNotHave_GivesWhatThePngGives(MagickFormat format)
    {
        await using var server = await RunningServer.StartAsync();
        var png = PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(1), TestPictures.Digit(2)));
        using var image = new MagickImage(png) { ColorSpace = format == MagickFormat.Jpeg ? ColorSpace.CMYK : ColorSpace.sRGB, Quality = 95 };

        var answer = await (await server.ReadAsync(image.ToByteArray(format))).Content.ReadAsStringAsync();

        var expected = new DigitReader(TestModel.Loaded.Model).Read(png);
        Assert.Equal((expected.Text, 2), (JsonSerializer.Deserialize<ReadingDocument>(answer, s_strict)!.Text, expected.Digits.Count));
    }

    [Fact]
    public async Task Read_WithSteps_AddsWhatTheNetworkSawAndWhy()
    {
        await using var server = await RunningServer.StartAsync();
        var file = PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(1), TestPictures.Digit(2)));
        var reading = new DigitReader(TestModel.Loaded.Model, new ReaderOptions { KeepSteps = true }).Read(file);

        var answer = await (await server.ReadAsync(file, "?steps=true")).Content.ReadAsStringAsync();

        var line = reading.ToJson();
        Assert.StartsWith(line[..^1], answer, StringComparison.Ordinal);
        var document = JsonSerializer.Deserialize<ReadingDocument>(answer, s_strict)!;
        Assert.Equal(reading.Steps.Select(step => step.Name), document.Steps!.Select(step => step.Name));
        Assert.Equal(reading.Digits.Count, document.Details!.Count);
        Assert.NotEmpty(document.Details);
        for (var i = 0; i < document.Details.Count; i++)
        {
            var detail = document.Details[i];
            Assert.Equal(1, detail.Probabilities.Sum(), 1e-4);
            Assert.Equal(reading.Digits[i].Image.Pixels.ToArray(), PictureIn(detail.Picture).Pixels.ToArray());
            var attribution = TestModel.Loaded.Model.Attribution(reading.Digits[i].Image.Pixels, reading.Digits[i].Digit);
            Assert.Equal(attribution.Select(value => Math.Round((double)value, 4)), detail.Attribution);
        }
    }

    [Fact]
    public async Task Read_WithStepsOnceTheDigitsAreDrawn_ShowsThoseMostLikeIt()
    {
        await using var server = await RunningServer.StartAsync();
        var file = PngEncoder.Encode(TestPictures.Digit(3));
        var expected = new DigitReader(TestModel.Loaded.Model).Read(file).Digits[0];

        IReadOnlyList<SimilarDocument>? similar = null;
        while (similar is null)
        {
            var answer = await (await server.ReadAsync(file, "?steps=true")).Content.ReadAsStringAsync();
            similar = JsonSerializer.Deserialize<ReadingDocument>(answer, s_strict)!.Details![0].Similar;
        }

        Assert.Equal(SimilarDigits.Of(TestModel.Loaded.Model, cancellationToken: TestContext.Current.CancellationToken).Nearest(expected.Image.Pixels).Select(digit => digit.Digit), similar.Select(digit => digit.Digit));
        Assert.All(similar, digit => Assert.Equal(28, PictureIn(digit.Picture).Width));
    }

    [Fact]
    public async Task Read_DrawingWithoutLines_KeepsABarFromBorderToBorder()
    {
        await using var server = await RunningServer.StartAsync();
        var row = TestPictures.Row(TestPictures.Digit(1), TestPictures.Digit(2));
        var pixels = row.Pixels.ToArray();
        pixels.AsSpan(row.Height * 4 / 5 * row.Width, 3 * row.Width).Clear();
        var file = PngEncoder.Encode(new GreyImage(row.Width, row.Height, pixels));
        var expected = new DigitReader(TestModel.Loaded.Model, new ReaderOptions { HasLines = false }).Read(file).ToJson();

        var drawn = await (await server.ReadAsync(file, "?lines=false")).Content.ReadAsStringAsync();

        Assert.Equal(expected, drawn);
        Assert.NotEqual(expected, await (await server.ReadAsync(file)).Content.ReadAsStringAsync());
        Assert.Equal(await (await server.ReadAsync(file)).Content.ReadAsStringAsync(), await (await server.ReadAsync(file, "?lines=true")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Read_ManyAtOnce_AnswersEachWithItsOwn()
    {
        await using var server = await RunningServer.StartAsync();
        var files = Enumerable.Range(0, 13).Select(i => PngEncoder.Encode(TestPictures.Digit(i))).ToArray();
        var expected = files.Select(file => new DigitReader(TestModel.Loaded.Model).Read(file).ToJson()).ToArray();

        var answers = await Task.WhenAll(Enumerable.Range(0, 130).Select(async i => await (await server.ReadAsync(files[i % 13])).Content.ReadAsStringAsync()));

        Assert.Equal(Enumerable.Range(0, 130).Select(i => expected[i % 13]), answers);
    }

    [Fact]
    public async Task Read_SeveralFilesInOneForm_AnswersEachInItsOrder()
    {
        await using var server = await RunningServer.StartAsync();
        var files = Enumerable.Range(0, 5).Select(i => i == 3 ? "no picture"u8.ToArray() : PngEncoder.Encode(TestPictures.Digit(i))).ToArray();
        using var form = new MultipartFormDataContent { { new StringContent("7"), "note" } };
        for (var i = 0; i < files.Length; i++)
        {
            form.Add(new ByteArrayContent(files[i]), i % 2 == 0 ? "file" : "another", $"{i}.png");
        }

        using var response = await server.Client.PostAsync("/api/read", form);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        var readings = answer.RootElement.GetProperty("readings").EnumerateArray().Select(reading => reading.GetRawText()).ToArray();
        Assert.Equal(files.Length, readings.Length);
        for (var i = 0; i < files.Length; i++)
        {
            if (i == 3)
            {
                Assert.Equal("3.png", JsonDocument.Parse(readings[i]).RootElement.GetProperty("file").GetString());
                Assert.Contains("expected a picture", readings[i], StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(new DigitReader(TestModel.Loaded.Model).Read(files[i]).ToJson($"{i}.png"), readings[i]);
            }
        }
    }

    [Fact]
    public async Task Read_MoreFilesThanOneFormMayHave_SaysSo()
    {
        await using var server = await RunningServer.StartAsync();
        using var form = new MultipartFormDataContent();
        for (var i = 0; i < 101; i++)
        {
            form.Add(new ByteArrayContent(PngEncoder.Encode(TestPictures.Digit(0))), "file", "a.png");
        }

        Assert.Contains("at most 100 pictures", await RunningServer.ProblemOf(await server.Client.PostAsync("/api/read", form), 413), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,2,3")]
    [InlineData("1,2,0,4")]
    [InlineData("-1,2,3,4")]
    [InlineData("a,b,c,d")]
    [InlineData("1,2,3,99999999999")]
    public async Task Read_BoxThatIsNone_SaysWhatIsExpected(string box)
    {
        await using var server = await RunningServer.StartAsync();
        var detail = await RunningServer.ProblemOf(await server.ReadAsync(PngEncoder.Encode(TestPictures.Digit(4)), $"?wanted={Uri.EscapeDataString(box)}"), 400);
        Assert.Equal($"The parameter wanted must be x,y,width,height in whole pixels; got '{box}'.", detail);
    }

    [Theory]
    [InlineData("../../etc/secret\\a.txt", "a.txt: expected a picture")]
    [InlineData("a %22b%22.txt", "a \"b\".txt: expected a picture")]
    [InlineData("line\r\nbreak.txt", "")]
    public async Task Read_ATextFile_SaysWhatItIs(string name, string begin)
    {
        await using var server = await RunningServer.StartAsync();
        var form = new ByteArrayContent("Hello, I am no picture."u8.ToArray());
        form.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"file\"; filename=\"{name.ReplaceLineEndings(" ")}\"");

        var detail = await RunningServer.ProblemOf(await server.Client.PostAsync("/api/read", new MultipartFormDataContent { form }), 422);

        Assert.StartsWith(begin, detail, StringComparison.Ordinal);
        Assert.Contains("Save it as JPEG or PNG.", detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', detail);
    }

    [Fact]
    public async Task Read_NothingOrDamagedOrTooManyPixels_SaysSo()
    {
        await using var server = await RunningServer.StartAsync();
        var png = PngEncoder.Encode(TestPictures.Digit(3));

        Assert.Contains("the file is empty", await RunningServer.ProblemOf(await server.ReadAsync([]), 422), StringComparison.Ordinal);
        Assert.Contains("the file is empty", await RunningServer.ProblemOf(await server.ReadFormAsync([], "a.png"), 422), StringComparison.Ordinal);
        Assert.StartsWith("a.png: PNG", await RunningServer.ProblemOf(await server.ReadFormAsync(png[..^30], "a.png"), 422), StringComparison.Ordinal);
        Assert.Contains("100000×100000", await RunningServer.ProblemOf(await server.ReadAsync(TestPictures.Bomb()), 422), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_FormWithoutFileOrBoundaryOrEnd_SaysSo()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Contains("holds no file", await RunningServer.ProblemOf(await server.Client.PostAsync("/api/read", new MultipartFormDataContent { { new StringContent("7"), "note" } }), 400), StringComparison.Ordinal);

        Assert.Contains("names no boundary", await RunningServer.ProblemOf(await PostAs("multipart/form-data", "x"), 400), StringComparison.Ordinal);
        Assert.Contains("Send it again", await RunningServer.ProblemOf(await PostAs("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\nabc"), 400), StringComparison.Ordinal);

        Task<HttpResponseMessage> PostAs(string type, string body)
        {
            var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            return server.Client.PostAsync("/api/read", content);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_BodyOverTheLimit_IsRefusedWhileItComes(bool isChunked)
    {
        await using var server = await RunningServer.StartAsync(new WebOptions { MaximumBodyBytes = 50_001 });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/read") { Content = new ByteArrayContent(new byte[50_002]) };
        request.Headers.TransferEncodingChunked = isChunked;

        var detail = await RunningServer.ProblemOf(await server.Client.SendAsync(request), 413);

        Assert.Contains("at most 50,001 bytes", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_FlagThatIsNone_SaysWhichWordsAreTaken()
    {
        await using var server = await RunningServer.StartAsync();
        var detail = await RunningServer.ProblemOf(await server.ReadAsync(PngEncoder.Encode(TestPictures.Digit(4)), "?single=maybe"), 400);
        Assert.Equal("The parameter single must be true or false; got 'maybe'.", detail);
    }

    [Fact]
    public async Task Server_WrongPathOrMethod_AnswersWithAProblem()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Contains("/nowhere", await RunningServer.ProblemOf(await server.Client.GetAsync("/nowhere"), 404), StringComparison.Ordinal);
        Assert.Contains("it takes POST", await RunningServer.ProblemOf(await server.Client.GetAsync("/api/read"), 405), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/healthz")).StatusCode);
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("application/problem+json")]
    public async Task Server_AFailure_IsToldInJsonWhateverIsAccepted(string accepted)
    {
        await using var server = await RunningServer.StartAsync();
        server.Client.DefaultRequestHeaders.Accept.ParseAdd(accepted);
        using var missing = await server.Client.GetAsync("/no where");
        Assert.Equal(
            """{"type":"about:blank","title":"Not Found","status":404,"detail":"There is nothing at /no%20where. The page is at / and the API's description at /openapi/v1.json."}""",
            await missing.Content.ReadAsStringAsync());
        Assert.Contains("the file is empty", await RunningServer.ProblemOf(await server.ReadAsync([]), 422), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_AMistakeOfItsOwn_IsToldWithoutWhatWentWrong()
    {
        await using var server = await RunningServer.StartAsync(with: app =>
        {
            app.MapGet("/mistake", string () => throw new InvalidOperationException("a secret"));
            app.MapGet("/full", string () => throw new InsufficientMemoryException());
        });
        using var mistake = await server.Client.GetAsync("/mistake");
        Assert.Matches("^The server made a mistake; its log tells more under [0-9A-Z:]+\\.$", await RunningServer.ProblemOf(mistake, 500));
        using var full = await server.Client.GetAsync("/full");
        Assert.Contains("not enough memory", await RunningServer.ProblemOf(full, 503), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(5), full.Headers.RetryAfter?.Delta);
        Assert.Equal("nosniff", full.Headers.GetValues("X-Content-Type-Options").Single());
    }

    private static GreyImage PictureIn(string url)
    {
        const string prefix = "data:image/png;base64,";
        Assert.StartsWith(prefix, url, StringComparison.Ordinal);
        return ImageFile.Decode(Convert.FromBase64String(url[prefix.Length..])).Image;
    }
}
