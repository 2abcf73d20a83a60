using System.Diagnostics;
using DigitML.Imaging;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Web.Monitoring;

namespace DigitML.Web;

/// <summary>Whether pictures are answered at full speed: from the first reading, made at the start, until the server stops.</summary>
internal sealed class Readiness : BackgroundService
{
    private readonly DigitReader _reader;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<Readiness> _log;
    private volatile bool _isWarm;

    /// <summary>Creates it; the host starts it.</summary>
    public Readiness(LoadedModel model, WebOptions options, IHostApplicationLifetime lifetime, ILogger<Readiness> log)
    {
        _reader = new DigitReader(model.Model, options.Reader);
        _lifetime = lifetime;
        _log = log;
    }

    /// <summary>Whether the server takes pictures.</summary>
    public bool IsReady => _isWarm && !_lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Reads one made-up picture, so that the first visitor does not wait for what is compiled on first use.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A server that cannot listen says that and nothing else, so nothing is read before it does.
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (_lifetime.ApplicationStarted.Register(listening.SetResult))
        {
            await listening.Task.WaitAsync(stoppingToken);
        }

        var started = Stopwatch.GetTimestamp();
        const int side = 40;
        var pixels = new byte[side * side];
        Array.Fill<byte>(pixels, 255);
        for (var y = 8; y < 32; y++)
        {
            pixels.AsSpan((y * side) + 19, 3).Clear();
        }

        _reader.Read(PngEncoder.Encode(new GreyImage(side, side, pixels)), cancellationToken: stoppingToken);
        _isWarm = true;
        _log.Ready(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }
}
