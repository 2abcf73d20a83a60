using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace DigitML.Web.Http;

/// <summary>Errors as problem details (RFC 9457).</summary>
internal static class Problem
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/problem+json";

    // The body is JSON by its type and nosniff; messages stay legible.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers a request with an error.</summary>
    /// <param name="response">Not begun.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="detail">One line for people.</param>
    /// <param name="retryAfterSeconds">When it may work again; null when not known.</param>
    public static async Task WriteAsync(HttpResponse response, int status, string detail, int? retryAfterSeconds = null)
    {
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (retryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var body = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(body, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "about:blank");
            writer.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
            writer.WriteNumber("status", status);
            writer.WriteString("detail", detail);
            writer.WriteEndObject();
        }

        response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
        {
            await response.Body.WriteAsync(body.WrittenMemory, response.HttpContext.RequestAborted);
        }
    }
}
