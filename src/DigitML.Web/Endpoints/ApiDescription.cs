using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DigitML.Reading;
using DigitML.Web.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace DigitML.Web.Endpoints;

/// <summary>The API's description (OpenAPI): what is common to all of it.</summary>
internal static class ApiDescription
{
    /// <summary>The tag of what reads.</summary>
    public const string Digits = "Digits";

    /// <summary>The tag of what tells how the server is.</summary>
    public const string Health = "Health";

    private const string Key = "apiKey";
    private const string Bearer = "bearer";

    /// <summary>Adds what describes the API.</summary>
    public static IServiceCollection AddApiDescription(this IServiceCollection services, WebOptions options)
    {
        services.AddSingleton<ModelEndpoint>();

        // Numbers are numbers: by default they might come as text too, and a schema would say so of every one.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        return services.AddOpenApi("v1", openApi => openApi
            .AddDocumentTransformer((document, _, _) =>
            {
                Describe(document, options.ApiKey is not null);
                return Task.CompletedTask;
            })
            .AddSchemaTransformer(NameVerdictsAsync));
    }

    private static void Describe(OpenApiDocument document, bool asksForKey)
    {
        document.Info.Title = "DigitML";
        document.Info.Version = typeof(ApiDescription).Assembly.GetName().Version?.ToString(3) ?? "1.0.0";
        document.Info.Description = "Reads handwritten digits in pictures: PNG, JPEG, WebP, GIF, TIFF, HEIC, AVIF, BMP and PNM, dark on light or light on dark, one digit or many.";
        document.Info.License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" };
        document.Servers = [new OpenApiServer { Url = "/", Description = "The server that this description came from." }];
        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = Digits, Description = "Pictures in, digits out; and what reads them." },
            new() { Name = Health, Description = "For those who run the server." },
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Key] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ApiKeyGuard.Header, Description = "The key that the server was started with; where it was started without, none is asked for." },
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The same key, as Authorization: Bearer." },
        };
        document.Security = asksForKey ? [Requirement(Key), Requirement(Bearer)] : [new OpenApiSecurityRequirement(), Requirement(Key), Requirement(Bearer)];
        foreach (var (path, item) in document.Paths)
        {
            // What HEAD answers is said by GET.
            item.Operations?.Remove(HttpMethod.Head);
            if (path is "/healthz" or "/readyz" && item.Operations is { } operations)
            {
                foreach (var operation in operations.Values)
                {
                    operation.Security = [];
                }
            }
        }

        OpenApiSecurityRequirement Requirement(string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
    }

    /// <summary>Words of which there are only a few are said to be one of them.</summary>
    private static Task NameVerdictsAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var property = context.JsonPropertyInfo;
        if (property is { Name: "verdict" })
        {
            schema.Enum = [.. Enum.GetValues<Verdict>().Select(verdict => (JsonNode)verdict.ToName())];
        }
        else if (property is { Name: "reason" } && property.DeclaringType == typeof(LeftOutDocument))
        {
            schema.Enum = [.. Enum.GetValues<LeftOutReason>().Select(reason => (JsonNode)reason.ToName())];
        }

        return Task.CompletedTask;
    }
}
