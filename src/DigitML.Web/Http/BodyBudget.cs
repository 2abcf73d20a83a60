namespace DigitML.Web.Http;

/// <summary>How much of bodies may be in memory at once, over all requests: many callers cannot take more than a few.</summary>
internal sealed class BodyBudget
{
    /// <summary>Room for this many bodies of full size; small ones count as what they are.</summary>
    private const int FullBodies = 16;

    private readonly long _limit;
    private long _held;

    /// <summary>Creates it.</summary>
    public BodyBudget(WebOptions options) => _limit = (long)FullBodies * options.MaximumBodyBytes;

    /// <summary>Bytes held now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Takes room.</summary>
    /// <param name="bytes">At least 0.</param>
    /// <exception cref="BadHttpRequestException">503: there is none.</exception>
    public void Take(int bytes)
    {
        if (Interlocked.Add(ref _held, bytes) > _limit)
        {
            Give(bytes);
            throw new BadHttpRequestException("The server holds as many pictures as it has memory for. Try again in a moment.", StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>Gives room back.</summary>
    /// <param name="bytes">What was taken.</param>
    public void Give(int bytes) => Interlocked.Add(ref _held, -bytes);
}
