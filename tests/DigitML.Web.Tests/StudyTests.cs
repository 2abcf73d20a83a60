using System.Net;
using System.Text.Json;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.IO;
using DigitML.Web.Studies;

namespace DigitML.Web.Tests;

public class StudyTests
{
    [Fact]
    public async Task Study_WithoutOne_IsNotThere()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var path in new[] { "/study", "/study.js", "/api/study", "/api/study/charts/progress" })
        {
            await RunningServer.ProblemOf(await server.Client.GetAsync(path), 404);
        }

        using var model = JsonDocument.Parse(await server.Client.GetStringAsync("/api/model"));
        Assert.False(model.RootElement.GetProperty("hasStudy").GetBoolean());
    }

    [Fact]
    public async Task Study_WhileItRuns_TellsWhatIsAheadAndWhatIsTrained()
    {
        var study = new MadeStudy();
        await study.FinishAsync(await study.BeginAsync(), 0.97);
        await study.FinishAsync(await study.BeginAsync(), 0.1);
        await study.FailAsync(await study.BeginAsync(), "no memory");
        await study.BeginAsync(dropout: 0.25);
        await using var server = await StartAsync(study);

        using var answer = JsonDocument.Parse(await server.Client.GetStringAsync("/api/study"));
        var root = answer.RootElement;
        Assert.Equal("made up (synthetic)", root.GetProperty("dataset").GetString());
        Assert.Equal("""{"waiting":0,"running":1,"paused":2,"finished":0,"failed":1}""", root.GetProperty("counts").GetRawText());
        Assert.Equal(5.0, root.GetProperty("trainingSeconds").GetDouble());
        var best = root.GetProperty("best");
        Assert.Equal((0, 0.97, 1, 1_234_567), (best.GetProperty("trial").GetInt32(), best.GetProperty("accuracy").GetDouble(), best.GetProperty("epochs").GetInt32(), best.GetProperty("bytes").GetInt32()));
        Assert.Equal([0, 1], root.GetProperty("top").EnumerateArray().Select(trial => trial.GetProperty("trial").GetInt32()));
        // A training that diverged has no log-loss, and JSON no NaN.
        Assert.Equal(JsonValueKind.Null, root.GetProperty("top")[1].GetProperty("logLoss").ValueKind);
        var running = Assert.Single(root.GetProperty("running").EnumerateArray());
        Assert.Equal(("machine/2", 0, 1, 0.25), (running.GetProperty("worker").GetString(), running.GetProperty("epochs").GetInt32(), running.GetProperty("nextEpochs").GetInt32(), running.GetProperty("settings").GetProperty("dropout").GetDouble()));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("error").ValueKind);
    }

    [Fact]
    public async Task Study_Empty_HasNoBestAndStillDraws()
    {
        await using var server = await StartAsync(new MadeStudy("<script>alert(1)</script>"));

        using var answer = JsonDocument.Parse(await server.Client.GetStringAsync("/api/study"));
        Assert.Equal(JsonValueKind.Null, answer.RootElement.GetProperty("best").ValueKind);
        foreach (var name in new[] { "progress", "rungs", "settings", "importance" })
        {
            using var chart = await server.Client.GetAsync($"/api/study/charts/{name}");
            Assert.Equal(HttpStatusCode.OK, chart.StatusCode);
            Assert.Equal("image/svg+xml", chart.Content.Headers.ContentType?.MediaType);
            var svg = await chart.Content.ReadAsStringAsync();
            Assert.StartsWith("<svg ", svg, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", svg, StringComparison.Ordinal);
        }

        Assert.Equal("There is no chart 'pie'; there are progress, rungs, settings and importance.", await RunningServer.ProblemOf(await server.Client.GetAsync("/api/study/charts/pie"), 404));
    }

    [Fact]
    public async Task Study_BehindAKey_AsksForIt()
    {
        await using var server = await RunningServer.StartAsync(new WebOptions { Study = new MadeStudy().Source, ApiKey = "open sesame", RequestsPerMinute = 0 });
        await RunningServer.ProblemOf(await server.Client.GetAsync("/api/study"), 401);
        await RunningServer.ProblemOf(await server.Client.GetAsync("/api/study/charts/progress"), 401);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/study");
        request.Headers.Add("X-Api-Key", "open sesame");
        Assert.Equal(HttpStatusCode.OK, (await server.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Watch_AskedByManyAtOnce_AsksTheStoreOnceASecond()
    {
        var (time, store) = (new Clock(), new CountedStore());
        var watch = new StudyWatch(new MadeStudy().Source with { Store = store }, time);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => watch.LookAsync(CancellationToken.None)));
        Assert.Equal(1, store.Asked);

        time.Now = time.Now.AddSeconds(1);
        await watch.LookAsync(CancellationToken.None);
        await watch.LookAsync(CancellationToken.None);
        Assert.Equal(2, store.Asked);
    }

    [Fact]
    public async Task Watch_AStoreThatIsAway_LeavesWhatWasKnownAndSaysWhy()
    {
        var (time, store) = (new Clock(), new CountedStore());
        var watch = new StudyWatch(new MadeStudy().Source with { Store = store }, time);
        Assert.Single((await watch.LookAsync(CancellationToken.None)).Trials);

        store.Error = "db: cannot be reached.";
        time.Now = time.Now.AddSeconds(30);
        var look = await watch.LookAsync(CancellationToken.None);

        Assert.Single(look.Trials);
        Assert.Equal(("db: cannot be reached.", TimeSpan.FromSeconds(30)), (look.Error, look.Age));

        store.Error = null;
        Assert.Null((await watch.LookAsync(CancellationToken.None)).Error);
    }

    internal static Task<RunningServer> StartAsync(MadeStudy study) => RunningServer.StartAsync(new WebOptions { Study = study.Source, RequestsPerMinute = 0 });

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>A store of one trial that can be away.</summary>
    private sealed class CountedStore : IStudyStore
    {
        private readonly MemoryStudy _trials = new();
        private int _asked;

        public int Asked => _asked;

        public string? Error { get; set; }

        public string Name => "counted";

        public async Task<StudyChanges> ChangesAsync(long since, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _asked) == 1)
            {
                await _trials.AddAsync("here/1/1/0", 1, TimeSpan.FromHours(1), cancellationToken);
            }

            return Error is { } error ? throw new DigitException(error) : await _trials.ChangesAsync(since, cancellationToken);
        }

        public Task OpenAsync(StudyDescription wanted, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<TrialClaim?> ClaimWaitingAsync(string worker, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<TrialClaim?> ClaimPausedAsync(string worker, IReadOnlyList<int> candidates, int rung, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<TrialClaim?> AddAsync(string worker, int maximumTrials, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> SetSettingsAsync(TrialClaim claim, DigitML.AutoML.Spaces.TrialSettings settings, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> RenewAsync(TrialClaim claim, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> FinishRungAsync(TrialClaim claim, RungResult result, bool isLast, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> FailAsync(TrialClaim claim, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> ReleaseAsync(TrialClaim claim, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task DropCheckpointsAsync(IReadOnlyList<int> trials, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
