using DigitML.Web.Http;

namespace DigitML.Web.Endpoints;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: the model is loaded and has read once.</summary>
internal static class HealthEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", (HttpContext context, WebOptions _) => AnswerAsync(context, isGood: true, "alive"))
            .WithTags("Health").WithSummary("Whether the process answers.").Produces<string>(contentType: "text/plain");
        app.MapGet("/readyz", (HttpContext context, Readiness readiness) => AnswerAsync(context, readiness.IsReady, "ready"))
            .WithTags("Health").WithSummary("Whether the model is loaded and pictures are taken.").Produces<string>(contentType: "text/plain").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Says that all is well, or that it is not yet or no longer.</summary>
    public static Task AnswerAsync(HttpContext context, bool isGood, string word)
    {
        if (!isGood)
        {
            throw new RequestFailure(StatusCodes.Status503ServiceUnavailable, "The server is starting or stopping. Try again in a moment.", retryAfterSeconds: 1);
        }

        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"{word}\n", context.RequestAborted);
    }
}
