using System.Net;
using System.Net.Sockets;
using System.Text;
using DigitML.Imaging;
using DigitML.Reading;
using DigitML.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DigitML.Web.Tests;

public class LimitTests
{
    private static readonly byte[] s_digit = PngEncoder.Encode(TestPictures.Digit(5));

    [Fact]
    public async Task Read_QueueFull_Answers503AndServesOnceThereIsRoom()
    {
        await using var server = await RunningServer.StartAsync(new WebOptions { ConcurrentReads = 1, QueueLength = 0 });
        using (await server.App.Services.GetRequiredService<ReadGate>().EnterAsync(TestContext.Current.CancellationToken))
        {
            using var refused = await server.ReadAsync(s_digit);
            Assert.Contains("Try again in a moment", await RunningServer.ProblemOf(refused, 503), StringComparison.Ordinal);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        }

        Assert.Equal(HttpStatusCode.OK, (await server.ReadAsync(s_digit)).StatusCode);
    }

    [Fact]
    public async Task Read_QueueThatDoesNotMove_Answers503()
    {
        await using var server = await RunningServer.StartAsync(new WebOptions { ConcurrentReads = 1, QueueTime = TimeSpan.FromMilliseconds(30) });
        using (await server.App.Services.GetRequiredService<ReadGate>().EnterAsync(TestContext.Current.CancellationToken))
        {
            await RunningServer.ProblemOf(await server.ReadAsync(s_digit), 503);
        }
    }

    [Fact]
    public async Task Read_MoreThanTheRate_Answers429WithRetryAfter()
    {
        await using var server = await RunningServer.StartAsync(new WebOptions { RequestsPerMinute = 3 });
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await server.ReadAsync(s_digit)).StatusCode);
        }

        using var refused = await server.ReadAsync(s_digit);
        Assert.Contains("at most 3 requests a minute", await RunningServer.ProblemOf(refused, 429), StringComparison.Ordinal);
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/")).StatusCode);
    }

    [Fact]
    public void Partition_AddressesOfOneHouse_AreOneCaller()
    {
        Assert.Equal(HttpLimits.PartitionOf(IPAddress.Parse("2001:db8:1:2::3")), HttpLimits.PartitionOf(IPAddress.Parse("2001:db8:1:2:ffff::9")));
        Assert.NotEqual(HttpLimits.PartitionOf(IPAddress.Parse("2001:db8:1:2::3")), HttpLimits.PartitionOf(IPAddress.Parse("2001:db8:1:3::3")));
        Assert.Equal(IPAddress.Parse("192.0.2.7"), HttpLimits.PartitionOf(IPAddress.Parse("::ffff:192.0.2.7")));
    }

    [Fact]
    public async Task Read_WithKey_AsksForItAndTakesBothHeaders()
    {
        await using var server = await RunningServer.StartAsync(new WebOptions { ApiKey = "a secret key" });
        Assert.Contains("X-Api-Key", await RunningServer.ProblemOf(await server.ReadAsync(s_digit), 401), StringComparison.Ordinal);
        await RunningServer.ProblemOf(await server.Client.GetAsync("/metrics"), 401);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/healthz")).StatusCode);

        server.Client.DefaultRequestHeaders.Add("X-Api-Key", "another key");
        await RunningServer.ProblemOf(await server.ReadAsync(s_digit), 401);
        server.Client.DefaultRequestHeaders.Remove("X-Api-Key");
        server.Client.DefaultRequestHeaders.Add("X-Api-Key", "a secret key");
        Assert.Equal(HttpStatusCode.OK, (await server.ReadAsync(s_digit)).StatusCode);
        server.Client.DefaultRequestHeaders.Remove("X-Api-Key");
        server.Client.DefaultRequestHeaders.Add("Authorization", "Bearer a secret key");
        Assert.Equal(HttpStatusCode.OK, (await server.ReadAsync(s_digit)).StatusCode);
    }

    [Theory]
    [InlineData("https://example.org", true)]
    [InlineData("https://example.com", false)]
    public async Task Read_FromAnotherOrigin_IsAllowedOnlyWhereConfigured(string origin, bool isAllowed)
    {
        await using var server = await RunningServer.StartAsync(new WebOptions { CorsOrigins = ["https://example.org"] });
        await using var closed = await RunningServer.StartAsync();
        foreach (var (from, expected) in new[] { (server, isAllowed), (closed, false) })
        {
            from.Client.DefaultRequestHeaders.Add("Origin", origin);
            using var response = await from.ReadAsync(s_digit);
            Assert.Equal(expected, response.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task Read_BodyThatDoesNotCome_Answers408AndOthersMeanwhile()
    {
        await using var server = await RunningServer.StartAsync(new WebOptions { BodyTime = TimeSpan.FromMilliseconds(300) });
        using var slow = new TcpClient();
        await slow.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
        var stream = slow.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/read HTTP/1.1\r\nHost: a\r\nContent-Length: {s_digit.Length}\r\n\r\n"));
        await stream.WriteAsync(s_digit.AsMemory(0, 10));

        Assert.Equal(HttpStatusCode.OK, (await server.ReadAsync(s_digit)).StatusCode);
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Read_SenderThatClosesHalfOrLeaves_IsForgottenAndOthersAreServed()
    {
        await using var server = await RunningServer.StartAsync();
        using var half = new TcpClient();
        await half.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
        var stream = half.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/read HTTP/1.1\r\nHost: a\r\nContent-Length: {s_digit.Length}\r\n\r\n").Concat(s_digit).ToArray());
        half.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);

        // Who closes their half is taken to have left, unless the answer was under way: no caller waits for ever.
        Assert.Contains(await reader.ReadLineAsync(TestContext.Current.CancellationToken), new[] { "HTTP/1.1 200 OK", null });

        for (var i = 0; i < 31; i++)
        {
            using var gone = new TcpClient();
            await gone.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
            await gone.GetStream().WriteAsync("POST /api/read HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\nabc"u8.ToArray());
            gone.Client.LingerState = new LingerOption(true, 0);
        }

        Assert.Equal(HttpStatusCode.OK, (await server.ReadAsync(s_digit)).StatusCode);
        var budget = server.App.Services.GetRequiredService<BodyBudget>();
        for (var wait = 0; wait < 200 && budget.Held > 0; wait++)
        {
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, budget.Held);
    }

    [Fact]
    public async Task Read_SenderThatLeavesWhileItsPictureIsRead_GivesItsPlaceToTheNext()
    {
        var endless = new EndlessDecoder();
        await using var server = await RunningServer.StartAsync(new WebOptions
        {
            ConcurrentReads = 1,
            QueueTime = TimeSpan.FromMinutes(5),
            Reader = new ReaderOptions { Decoders = [endless, .. ImageFile.BuiltInDecoders] },
        });
        for (var i = 0; i < 3; i++)
        {
            using var gone = new TcpClient();
            await gone.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
            await gone.GetStream().WriteAsync("POST /api/read HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\nendless"u8.ToArray());
            await endless.Begun.WaitAsync(TestContext.Current.CancellationToken);
            gone.Close();

            // Were the picture read on, this one would wait for ever.
            Assert.Equal(HttpStatusCode.OK, (await server.ReadAsync(s_digit)).StatusCode);
        }

        Assert.Equal(3, endless.Ended);
    }

    /// <summary>A picture that takes for ever to read, until nobody waits for it.</summary>
    private sealed class EndlessDecoder : IImageDecoder
    {
        private int _ended;

        public SemaphoreSlim Begun { get; } = new(0);

        public int Ended => Volatile.Read(ref _ended);

        public string Format => "endless";

        public bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith("endless"u8);

        public DecodedImage Decode(ReadOnlyMemory<byte> file, DecodeOptions options)
        {
            Begun.Release();
            options.CancellationToken.WaitHandle.WaitOne();
            Interlocked.Increment(ref _ended);
            throw new OperationCanceledException(options.CancellationToken);
        }
    }

    [Fact]
    public void Budget_MoreThanItHas_IsRefusedAndGivenBack()
    {
        var budget = new BodyBudget(new WebOptions { MaximumBodyBytes = 1_000 });
        budget.Take(15_999);
        Assert.Equal(503, Assert.Throws<BadHttpRequestException>(() => budget.Take(2)).StatusCode);
        Assert.Equal(15_999, budget.Held);
        budget.Give(15_999);
        budget.Take(16_000);
    }

    [Fact]
    public async Task Stop_WhileAPictureComes_AnswersItFirst()
    {
        await using var server = await RunningServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/read HTTP/1.1\r\nHost: a\r\nContent-Length: {s_digit.Length}\r\n\r\n"));
        await stream.WriteAsync(s_digit.AsMemory(0, 100));
        var budget = server.App.Services.GetRequiredService<BodyBudget>();
        while (budget.Held == 0)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        var stop = server.App.StopAsync(TestContext.Current.CancellationToken);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(stop.IsCompleted);
        await stream.WriteAsync(s_digit.AsMemory(100));
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        client.Close();
        await stop;
    }
}
