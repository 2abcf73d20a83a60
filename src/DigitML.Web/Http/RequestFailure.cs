namespace DigitML.Web.Http;

/// <summary>A request that is answered with an error: the caller's mistake, or the server's lack of room.</summary>
internal sealed class RequestFailure : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="message">One line: what was expected, what was found, what to do.</param>
    /// <param name="retryAfterSeconds">When it may work again; null when it will not.</param>
    public RequestFailure(int status, string message, int? retryAfterSeconds = null)
        : base(message)
    {
        Status = status;
        RetryAfterSeconds = retryAfterSeconds;
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>When it may work again; null when it will not.</summary>
    public int? RetryAfterSeconds { get; }
}
