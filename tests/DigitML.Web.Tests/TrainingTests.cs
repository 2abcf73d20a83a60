using System.Net;
using System.Text.Json;
using DigitML.Data;
using DigitML.Models;

namespace DigitML.Web.Tests;

public class TrainingTests
{
    internal static WebOptions Options { get; } = new()
    {
        AllowTraining = true,
        RequestsPerMinute = 0,
        TrainingData = new DigitDataOptions { Dataset = DigitDataOptions.Synthetic, SyntheticTrainCount = 700, SyntheticTestCount = 130 },
    };

    [Fact]
    public async Task Train_ToItsEnd_ShowsEveryEpochAndGivesAModelThatIsAsGoodAsItSays()
    {
        await using var server = await RunningServer.StartAsync(Options);
        Assert.Equal("idle", await StateAsync(server));
        await RunningServer.ProblemOf(await server.Client.GetAsync("/api/training/model"), 404);

        using (var begun = await server.Client.PostAsync("/api/training?recipe=thesis&epochs=3&hidden=17&seed=5", null))
        {
            Assert.Equal(HttpStatusCode.OK, begun.StatusCode);
        }

        while (await StateAsync(server) is "loading" or "running")
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        using var standing = JsonDocument.Parse(await server.Client.GetStringAsync("/api/training"));
        Assert.Equal("done", standing.RootElement.GetProperty("state").GetString());
        Assert.Equal([1, 2, 3], standing.RootElement.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("epoch").GetInt32()));
        var matrix = standing.RootElement.GetProperty("confusionMatrix").EnumerateArray().Select(row => row.EnumerateArray().Select(count => count.GetInt32()).ToArray()).ToArray();
        Assert.Equal(130, matrix.Sum(row => row.Sum()));
        Assert.Equal(standing.RootElement.GetProperty("accuracy").GetDouble(), Enumerable.Range(0, 10).Sum(i => matrix[i][i]) / 130.0, 1e-9);
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, await server.Client.GetByteArrayAsync("/api/training/model"), TestContext.Current.CancellationToken);
            Assert.Equal([17, 10], Mlp.Load(path).Layers.Select(layer => layer.Outputs));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Train_WhileOneRuns_IsRefusedUntilItIsStopped()
    {
        await using var server = await RunningServer.StartAsync(Options);
        (await server.Client.PostAsync("/api/training?epochs=100&hidden=1024,1024", null)).EnsureSuccessStatusCode();
        Assert.Contains("Stop it first", await RunningServer.ProblemOf(await server.Client.PostAsync("/api/training", null), 409), StringComparison.Ordinal);

        (await server.Client.DeleteAsync("/api/training")).EnsureSuccessStatusCode();
        while (await StateAsync(server) is "loading" or "running")
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal("stopped", await StateAsync(server));
    }

    [Theory]
    [InlineData("recipe=reader", "recipe must be one of thesis, fast, plain; got 'reader'")]
    [InlineData("epochs=0", "epochs must be a whole number from 1 to 100; got '0'")]
    [InlineData("hidden=128,", "hidden must be 1 to 4 layers of 1 to 1024 units, such as 128,32; got '128,'")]
    [InlineData("epoch=3", "no parameter 'epoch'")]
    public async Task Train_WithASettingOutOfItsRange_SaysWhichOne(string query, string words)
    {
        await using var server = await RunningServer.StartAsync(Options);
        Assert.Contains(words, await RunningServer.ProblemOf(await server.Client.PostAsync($"/api/training?{query}", null), 400), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("example.org", null)]
    [InlineData("127.0.0.1", "cross-site")]
    [InlineData("127.0.0.1", "same-site")]
    public async Task Train_FromAnotherSite_IsRefused(string host, string? site)
    {
        await using var server = await RunningServer.StartAsync(Options);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/training");
        request.Headers.Host = host;
        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        await RunningServer.ProblemOf(await server.Client.SendAsync(request), 403);
        Assert.Equal("idle", await StateAsync(server));
    }

    [Fact]
    public async Task Train_WhereItIsNotAllowed_IsNotThere()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var path in new[] { "/train", "/train.js", "/api/training" })
        {
            await RunningServer.ProblemOf(await server.Client.GetAsync(path), 404);
        }
    }

    private static async Task<string?> StateAsync(RunningServer server)
    {
        using var standing = JsonDocument.Parse(await server.Client.GetStringAsync("/api/training"));
        return standing.RootElement.GetProperty("state").GetString();
    }
}
