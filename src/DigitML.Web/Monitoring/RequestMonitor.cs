using System.Diagnostics;

namespace DigitML.Web.Monitoring;

/// <summary>Counts, times and logs every request.</summary>
internal sealed class RequestMonitor
{
    private readonly RequestDelegate _next;
    private readonly WebMetrics _metrics;
    private readonly ILogger<RequestMonitor> _log;

    /// <summary>Creates the middleware.</summary>
    public RequestMonitor(RequestDelegate next, WebMetrics metrics, ILogger<RequestMonitor> log)
    {
        _next = next;
        _metrics = metrics;
        _log = log;
    }

    /// <summary>Handles one request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();

        // Before the request is handled: what handles a failure, or sends a file, takes the endpoint away.
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        await _next(context);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var status = context.Response.StatusCode;
        _metrics.Request(route, status, elapsed.TotalSeconds);
        var request = context.Request;
        if (status is < 400 or StatusCodes.Status499ClientClosedRequest)
        {
            _log.Answered(request.Method, request.Path, status, elapsed.TotalMilliseconds);
        }
        else
        {
            _log.Refused(request.Method, request.Path, status, elapsed.TotalMilliseconds);
        }
    }
}
