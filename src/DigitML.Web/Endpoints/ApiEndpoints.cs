using DigitML.Web.Http;
using DigitML.Web.Monitoring;

namespace DigitML.Web.Endpoints;

/// <summary>The HTTP API and its description.</summary>
internal static class ApiEndpoints
{
    /// <summary>Adds what describes the API.</summary>
    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        services.AddSingleton<ModelEndpoint>();
        return services.AddOpenApi("v1", openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "DigitML";
            document.Info.Description = "Reads handwritten digits in pictures: PNG, JPEG, BMP and PNM, dark on light or light on dark, one digit or many.";
            document.Servers = [];
            return Task.CompletedTask;
        }));
    }

    /// <summary>Adds the endpoints.</summary>
    public static void MapApi(this WebApplication app, WebOptions options)
    {
        var api = app.MapGroup("").WithLimits(options).WithTags("Digits");
        api.MapPost("/api/read", (HttpContext context, ReadEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithName("read")
            .WithSummary("Reads the digits in a picture.")
            .WithDescription("The body is the picture itself, or a form with it as its first file. The content decides the format, never the name.")
            .Produces<ReadDocument>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(ReadDescription.AddAsync);
        api.MapGet("/api/model", (HttpContext context, ModelEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithName("model")
            .WithSummary("What the model is, how it did and how it was trained.")
            .Produces<ModelDocument>()
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        api.MapGet("/metrics", (HttpContext context, PrometheusText metrics) => TellMetricsAsync(context, metrics))
            .ExcludeFromDescription();
        app.MapOpenApi("/openapi/{documentName}.json");
    }

    private static Task TellMetricsAsync(HttpContext context, PrometheusText metrics)
    {
        context.Response.ContentType = PrometheusText.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(metrics.Write(), context.RequestAborted);
    }
}
