using System.Globalization;
using DigitML.IO;
using DigitML.Web.Monitoring;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace DigitML.Web.Http;

/// <summary>
/// Says in problem details (RFC 9457) why a request failed. ASP.NET Core's own writer stays silent towards callers that do not
/// name JSON among what they accept; here everybody is told.
/// </summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    private readonly WebOptions _options;
    private readonly ILogger<ProblemWriter> _log;

    /// <summary>Creates the writer.</summary>
    public ProblemWriter(WebOptions options, ILogger<ProblemWriter> log)
    {
        _options = options;
        _log = log;
    }

    /// <summary>The HTTP status of a failure.</summary>
    public static int StatusOf(Exception error) => error switch
    {
        BadHttpRequestException refused => refused.StatusCode,
        DigitException => StatusCodes.Status422UnprocessableEntity,
        OutOfMemoryException => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <inheritdoc/>
    public bool CanWrite(ProblemDetailsContext context) => true;

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var response = context.HttpContext.Response;
        if (response.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = (context.Exception is OutOfMemoryException ? 5 : 1).ToString(CultureInfo.InvariantCulture);
        }

        // Kestrel hangs up rather than read the rest of a body that is too large; a caller who was not told would send the next request into the void.
        if (response.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            response.Headers.Connection = "close";
        }

        var problem = new ProblemDetails
        {
            Type = "about:blank",
            Title = ReasonPhrases.GetReasonPhrase(response.StatusCode),
            Status = response.StatusCode,
            Detail = context.Exception is { } error ? Explain(error, context.HttpContext) : Explain(response),
        };
        await response.WriteAsJsonAsync(problem, options: null, "application/problem+json", context.HttpContext.RequestAborted);
    }

    private string Explain(Exception error, HttpContext context)
    {
        switch (error)
        {
            case BadHttpRequestException or DigitException:
                return error.Message;
            case OutOfMemoryException:
                return "The server has not enough memory for this picture now. Try again later, or send a smaller one.";
            default:
                _log.Failed(error, context.TraceIdentifier);
                return $"The server made a mistake; its log tells more under {context.TraceIdentifier}.";
        }
    }

    private string Explain(HttpResponse response)
    {
        var request = response.HttpContext.Request;
        return response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"There is nothing at {request.Path}. The page is at / and the API's description at /openapi/v1.json.",
            StatusCodes.Status405MethodNotAllowed => $"{request.Path} does not take {request.Method}; it takes {response.Headers.Allow}.",
            StatusCodes.Status429TooManyRequests => FormattableString.Invariant($"Expected at most {_options.RequestsPerMinute:N0} requests a minute from one address. Wait a moment."),
            var status => Invariant($"The request cannot be answered (status {status})."),
        };
    }
}
