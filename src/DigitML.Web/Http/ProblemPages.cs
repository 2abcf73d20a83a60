using DigitML.Web.Monitoring;

namespace DigitML.Web.Http;

/// <summary>Turns failures, and answers without a body such as 404, into problem details.</summary>
internal sealed class ProblemPages
{
    private readonly RequestDelegate _next;
    private readonly ILogger<ProblemPages> _log;

    /// <summary>Creates the middleware.</summary>
    public ProblemPages(RequestDelegate next, ILogger<ProblemPages> log)
    {
        _next = next;
        _log = log;
    }

    /// <summary>Handles one request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await _next(context);
            await DescribeAsync(context.Response);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, error);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception error)
    {
        switch (error)
        {
            case RequestFailure failure:
                await Problem.WriteAsync(context.Response, failure.Status, failure.Message, failure.RetryAfterSeconds);
                break;
            case DigitException:
                await Problem.WriteAsync(context.Response, StatusCodes.Status422UnprocessableEntity, error.Message);
                break;
            case BadHttpRequestException bad:
                await Problem.WriteAsync(context.Response, bad.StatusCode, bad.Message);
                break;
            case OperationCanceledException or IOException when context.RequestAborted.IsCancellationRequested:
                // Nobody is there to answer; the status is for the log alone.
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                break;
            case OutOfMemoryException:
                await Problem.WriteAsync(context.Response, StatusCodes.Status503ServiceUnavailable, "The server has not enough memory for this picture now. Try again later, or send a smaller one.", retryAfterSeconds: 5);
                break;
            default:
                _log.Failed(error, context.TraceIdentifier);
                await Problem.WriteAsync(context.Response, StatusCodes.Status500InternalServerError, $"The server made a mistake; its log tells more under {context.TraceIdentifier}.");
                break;
        }
    }

    private static Task DescribeAsync(HttpResponse response)
    {
        if (response.HasStarted || response.StatusCode < 400 || response.ContentType is not null)
        {
            return Task.CompletedTask;
        }

        var request = response.HttpContext.Request;
        return Problem.WriteAsync(response, response.StatusCode, response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"There is nothing at {request.Path}. The page is at / and the API's description at /openapi/v1.json.",
            StatusCodes.Status405MethodNotAllowed => $"{request.Path} does not take {request.Method}; it takes {response.Headers.Allow}.",
            var status => $"The request cannot be answered (status {status}).",
        });
    }
}
