namespace DigitML.Web.Http;

/// <summary>Tells browsers what the page may do: run its own scripts, show its own pictures, and nothing else.</summary>
internal sealed class SecurityHeaders
{
    /// <summary>Pictures come from memory (blob:) and from the API's answers (data:).</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly RequestDelegate _next;
    private readonly string _resourcePolicy;

    /// <summary>Creates the middleware.</summary>
    public SecurityHeaders(RequestDelegate next, WebOptions options)
    {
        _next = next;
        _resourcePolicy = options.CorsOrigins.Count > 0 ? "cross-origin" : "same-origin";
    }

    /// <summary>Handles one request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        // At the last moment: a failure takes the headers back that were set before it.
        context.Response.OnStarting(() => Add(context.Response.Headers));
        return _next(context);
    }

    private Task Add(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = _resourcePolicy;

        // The camera is the page's own, and only once its visitor presses the button and allows it.
        headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()";

        // What does not say that it may be kept is not.
        headers.TryAdd("Cache-Control", "no-store");
        return Task.CompletedTask;
    }
}
