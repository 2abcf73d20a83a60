using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace DigitML.Web.Endpoints;

/// <summary>One file of the page.</summary>
internal sealed class PageFile
{
    private readonly byte[] _content;
    private readonly string _contentType;
    private readonly EntityTagHeaderValue _tag;

    private PageFile(string route, byte[] content, string contentType)
    {
        Route = route;
        _content = content;
        _contentType = contentType;
        _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
    }

    /// <summary>Where it is served.</summary>
    public string Route { get; }

    /// <summary>Takes a file out of the program.</summary>
    /// <param name="resource">The resource's name.</param>
    /// <param name="file">The file's name.</param>
    public static PageFile Load(string resource, string file)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return Path.GetExtension(file) switch
        {
            ".html" => new PageFile(file == "index.html" ? "/" : $"/{Path.GetFileNameWithoutExtension(file)}", content, "text/html; charset=utf-8"),
            ".css" => new PageFile($"/{file}", content, "text/css; charset=utf-8"),
            ".js" => new PageFile($"/{file}", content, "text/javascript; charset=utf-8"),
            ".svg" => new PageFile($"/{file}", content, "image/svg+xml"),
            var other => throw new InvalidOperationException($"The page has a file of an unknown kind: {file} ({other})."),
        };
    }

    /// <summary>Answers a request; a browser that has this version is told so.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        var headers = context.Response.GetTypedHeaders();
        headers.ETag = _tag;
        context.Response.Headers.CacheControl = "no-cache";
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Compare(_tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.ContentType = _contentType;
        context.Response.ContentLength = _content.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(_content, context.RequestAborted).AsTask();
    }
}
