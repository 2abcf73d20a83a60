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

        await StatesAsync(server);

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

        Assert.Equal("stopped", (await StatesAsync(server))[^1]);
    }

    [Fact]
    public async Task Search_ToItsEnd_ShowsItsStudyAndGivesTheBestTrainedAnew()
    {
        await using var server = await RunningServer.StartAsync(Options);
        Assert.Contains("/train", await RunningServer.ProblemOf(await server.Client.GetAsync("/api/study"), 404), StringComparison.Ordinal);

        (await server.Client.PostAsync("/api/training?recipe=search&seconds=6&seed=3", null)).EnsureSuccessStatusCode();
        var states = await StatesAsync(server);

        Assert.Equal("done", states[^1]);
        Assert.Contains("searching", states);
        using var standing = JsonDocument.Parse(await server.Client.GetStringAsync("/api/training"));
        var search = standing.RootElement.GetProperty("search");
        Assert.True(search.GetProperty("isShown").GetBoolean());
        Assert.InRange(search.GetProperty("bestTrial").GetInt32(), 0, search.GetProperty("trials").GetInt32());
        Assert.InRange(standing.RootElement.GetProperty("accuracy").GetDouble(), 0.3, 1);
        Assert.NotEmpty(standing.RootElement.GetProperty("epochs").EnumerateArray());
        using var study = JsonDocument.Parse(await server.Client.GetStringAsync("/api/study"));
        Assert.Equal(search.GetProperty("bestTrial").GetInt32(), study.RootElement.GetProperty("best").GetProperty("trial").GetInt32());
        Assert.StartsWith("<svg", await server.Client.GetStringAsync("/api/study/charts/progress"), StringComparison.Ordinal);
        Assert.NotEmpty(await server.Client.GetByteArrayAsync("/api/training/model"));
    }

    [Fact]
    public async Task Search_Stopped_TrainsTheBestSoFar()
    {
        await using var server = await RunningServer.StartAsync(Options);
        (await server.Client.PostAsync("/api/training?recipe=search&seconds=3000", null)).EnsureSuccessStatusCode();
        while (true)
        {
            using var standing = JsonDocument.Parse(await server.Client.GetStringAsync("/api/training"));
            if (standing.RootElement.GetProperty("search").GetProperty("bestTrial").ValueKind == JsonValueKind.Number)
            {
                break;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        (await server.Client.DeleteAsync("/api/training")).EnsureSuccessStatusCode();

        Assert.Equal("stopped", (await StatesAsync(server))[^1]);
        Assert.NotEmpty(await server.Client.GetByteArrayAsync("/api/training/model"));
    }

    [Fact]
    public async Task Search_StoppedBeforeAnyResult_LeavesNothing()
    {
        await using var server = await RunningServer.StartAsync(Options with { TrainingData = Options.TrainingData with { SyntheticTrainCount = 20_000 } });
        (await server.Client.PostAsync("/api/training?recipe=search&seconds=3000", null)).EnsureSuccessStatusCode();
        (await server.Client.DeleteAsync("/api/training")).EnsureSuccessStatusCode();
        (await server.Client.DeleteAsync("/api/training")).EnsureSuccessStatusCode();

        Assert.Equal("stopped", (await StatesAsync(server))[^1]);
        await RunningServer.ProblemOf(await server.Client.GetAsync("/api/training/model"), 404);
    }

    [Fact]
    public async Task Search_StoppedWhileItsBestIsTrained_LeavesNothing()
    {
        await using var server = await RunningServer.StartAsync(Options with { TrainingData = Options.TrainingData with { SyntheticTrainCount = 20_000 } });
        (await server.Client.PostAsync("/api/training?recipe=search&seconds=10", null)).EnsureSuccessStatusCode();
        while (true)
        {
            using var standing = JsonDocument.Parse(await server.Client.GetStringAsync("/api/training"));
            if (standing.RootElement.GetProperty("state").GetString() == "fitting")
            {
                break;
            }

            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        (await server.Client.DeleteAsync("/api/training")).EnsureSuccessStatusCode();

        Assert.Equal("stopped", (await StatesAsync(server))[^1]);
        await RunningServer.ProblemOf(await server.Client.GetAsync("/api/training/model"), 404);
    }

    [Fact]
    public async Task Description_OfAStudyThatIsItsUsersAlone_SaysThatOthersAreRefused()
    {
        await using var server = await RunningServer.StartAsync(Options);
        using var description = JsonDocument.Parse(await server.Client.GetStringAsync("/openapi/v1.json"));
        foreach (var path in new[] { "/api/study", "/api/study/charts/{name}", "/api/training" })
        {
            Assert.True(description.RootElement.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("responses").TryGetProperty("403", out _), path);
        }
    }

    [Theory]
    [InlineData("recipe=reader", "recipe must be one of thesis, fast, plain, search; got 'reader'")]
    [InlineData("epochs=0", "epochs must be a whole number from 1 to 100; got '0'")]
    [InlineData("hidden=128,", "hidden must be 1 to 4 layers of 1 to 1024 units, such as 128,32; got '128,'")]
    [InlineData("epoch=3", "no parameter 'epoch'")]
    [InlineData("recipe=search&seconds=4", "seconds must be a whole number from 5 to 14400; got '4'")]
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
        foreach (var path in new[] { "/train", "/train.js", "/api/training", "/study", "/api/study" })
        {
            await RunningServer.ProblemOf(await server.Client.GetAsync(path), 404);
        }
    }

    /// <summary>The states that were seen until it is over.</summary>
    private static async Task<List<string?>> StatesAsync(RunningServer server)
    {
        var states = new List<string?>();
        do
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            states.Add(await StateAsync(server));
        }
        while (states[^1] is "loading" or "running" or "searching" or "fitting");

        return states;
    }

    private static async Task<string?> StateAsync(RunningServer server)
    {
        using var standing = JsonDocument.Parse(await server.Client.GetStringAsync("/api/training"));
        return standing.RootElement.GetProperty("state").GetString();
    }
}
