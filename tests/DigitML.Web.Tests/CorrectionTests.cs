using System.Net;
using DigitML.Data;
using DigitML.Imaging;

namespace DigitML.Web.Tests;

public sealed class CorrectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("digitml-corrections-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Correct_PicturesOfEachDigit_MakesAFolderThatTrainingTakes()
    {
        await using var server = await RunningServer.StartAsync(new WebOptions { CorrectionsFolder = _folder, RequestsPerMinute = 0 });
        for (var i = 0; i < 20; i++)
        {
            // Each is sent twice and kept once.
            foreach (var _ in new[] { 1, 2 })
            {
                using var kept = await SendAsync(server, i % 10, PngEncoder.Encode(TestPictures.Digit(i)));
                Assert.Equal(HttpStatusCode.NoContent, kept.StatusCode);
            }
        }

        var images = ImageFolder.Load(_folder, new ImageFolderOptions { Width = 28, Height = 28 });
        Assert.Equal(20, images.Train.Count + (images.Test?.Count ?? 0) + (images.Validation?.Count ?? 0));
        Assert.Empty(images.Unread);
        Assert.All(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories), path => Assert.Matches("^[0-9a-f]{24}\\.png$", Path.GetFileName(path)));
    }

    [Fact]
    public async Task Correct_FolderThatIsFull_RefusesAndKeepsWhatThereIs()
    {
        var picture = PngEncoder.Encode(TestPictures.Digit(0));
        await using var server = await RunningServer.StartAsync(new WebOptions { CorrectionsFolder = _folder, MaximumCorrectionBytes = picture.Length + 10, RequestsPerMinute = 0 });
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(server, 0, picture)).StatusCode);

        Assert.Contains("room", await RunningServer.ProblemOf(await SendAsync(server, 1, PngEncoder.Encode(TestPictures.Digit(1))), 507), StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Correct_WithoutAFolderOrADigitOrAPicture_IsRefused()
    {
        await using var closed = await RunningServer.StartAsync();
        await RunningServer.ProblemOf(await SendAsync(closed, 1, PngEncoder.Encode(TestPictures.Digit(1))), 404);

        await using var server = await RunningServer.StartAsync(new WebOptions { CorrectionsFolder = _folder });
        Assert.Contains("0 to 9; got '12'", await RunningServer.ProblemOf(await SendAsync(server, 12, PngEncoder.Encode(TestPictures.Digit(1))), 400), StringComparison.Ordinal);
        await RunningServer.ProblemOf(await SendAsync(server, 1, "no picture"u8.ToArray()), 422);
        Assert.Empty(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    private static Task<HttpResponseMessage> SendAsync(RunningServer server, int label, byte[] picture) =>
        server.Client.PostAsync($"/api/corrections?label={label}", new MultipartFormDataContent { { new ByteArrayContent(picture), "file", "secret name.png" } });
}
