using System.Threading.RateLimiting;

namespace DigitML.Web.Http;

/// <summary>Lets a few requests read at once and a queue of others wait a short while; the rest are told to come back.</summary>
internal sealed class ReadGate : IDisposable
{
    private readonly ConcurrencyLimiter _limiter;
    private readonly TimeSpan _wait;

    /// <summary>Creates the gate.</summary>
    public ReadGate(WebOptions options)
    {
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = Permits(options),
            QueueLimit = options.QueueLength,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        _wait = options.QueueTime;
    }

    /// <summary>How many read at once.</summary>
    public static int Permits(WebOptions options) => options.ConcurrentReads == 0 ? Environment.ProcessorCount : options.ConcurrentReads;

    /// <summary>Waits for a turn.</summary>
    /// <returns>The turn; dispose of it when the reading is done.</returns>
    /// <exception cref="BadHttpRequestException">503: the queue is full, or moves too slowly.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellationToken)
    {
        var now = _limiter.AttemptAcquire();
        if (now.IsAcquired)
        {
            return now;
        }

        now.Dispose();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(_wait);
        try
        {
            var lease = await _limiter.AcquireAsync(1, time.Token);
            if (lease.IsAcquired)
            {
                return lease;
            }

            lease.Dispose();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The wait is over; said below.
        }

        throw new BadHttpRequestException("The server reads as many pictures as it can. Try again in a moment.", StatusCodes.Status503ServiceUnavailable);
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();
}
