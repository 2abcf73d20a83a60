using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace DigitML.Web.Tests;

/// <summary>The server as users meet it: over a socket of this machine, on a free port.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private RunningServer(WebApplication app)
    {
        App = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public static async Task<RunningServer> StartAsync(WebOptions? options = null, LoadedModel? model = null, Action<WebApplication>? with = null)
    {
        // A busy machine must not decide a test: where waiting is not the matter, requests may wait long.
        var app = DigitServer.Build((options ?? new WebOptions { QueueTime = TimeSpan.FromMinutes(5), RequestsPerMinute = 0 }) with { Port = 0 }, model ?? TestModel.Loaded);
        with?.Invoke(app);
        await app.StartAsync();
        return new RunningServer(app);
    }

    /// <summary>Posts a bare picture.</summary>
    public Task<HttpResponseMessage> ReadAsync(byte[] picture, string query = "", string? name = null)
    {
        var content = new ByteArrayContent(picture);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (name is not null)
        {
            content.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = name };
        }

        return Client.PostAsync($"/api/read{query}", content);
    }

    /// <summary>Posts a picture as a form's file.</summary>
    public Task<HttpResponseMessage> ReadFormAsync(byte[] picture, string name, string query = "") =>
        Client.PostAsync($"/api/read{query}", new MultipartFormDataContent { { new StringContent("7"), "note" }, { new ByteArrayContent(picture), "file", name } });

    /// <summary>Checks that an answer is a problem of this status, and gives its detail.</summary>
    public static async Task<string> ProblemOf(HttpResponseMessage response, int status)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(problem.RootElement.GetProperty("title").GetString()));
        return problem.RootElement.GetProperty("detail").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
