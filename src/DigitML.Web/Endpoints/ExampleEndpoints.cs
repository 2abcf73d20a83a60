using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DigitML.Web.Endpoints;

/// <summary>The pictures to try the page with: <c>data/samples</c>, which are part of the program.</summary>
internal static class ExampleEndpoints
{
    private const string Prefix = "DigitML.Web.Examples.";

    private static readonly FrozenDictionary<string, byte[]> s_pictures = typeof(ExampleEndpoints).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Read, StringComparer.Ordinal);

    private static readonly byte[] s_names = JsonSerializer.SerializeToUtf8Bytes(Names, ExamplesJson.Default.StringArray);

    /// <summary>Their names, in order.</summary>
    public static string[] Names => [.. s_pictures.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The list, as it is answered.</summary>
    public static IResult List() => TypedResults.Bytes(s_names, "application/json; charset=utf-8");

    /// <summary>Adds an endpoint for the pictures.</summary>
    public static void MapExamples(this WebApplication app) =>
        app.MapGet("/examples/{name}", (string name, HttpContext context) => Picture(name, context)).WithMetadata(ApiEndpoints.GetAndHead).ExcludeFromDescription();

    private static FileContentHttpResult Picture(string name, HttpContext context)
    {
        if (!s_pictures.TryGetValue(name, out var picture))
        {
            throw new BadHttpRequestException("There is no such example; /api/examples lists them.", StatusCodes.Status404NotFound);
        }

        context.Response.Headers.CacheControl = "max-age=3600";
        return TypedResults.Bytes(picture, "image/png");
    }

    private static byte[] Read(string resource)
    {
        using var stream = typeof(ExampleEndpoints).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>How the list is written.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
internal sealed partial class ExamplesJson : System.Text.Json.Serialization.JsonSerializerContext;
