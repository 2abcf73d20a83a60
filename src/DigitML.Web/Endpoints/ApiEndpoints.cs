using System.Text;
using DigitML.Reading;
using DigitML.Web.Http;
using DigitML.Web.Studies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DigitML.Web.Endpoints;

/// <summary>The HTTP API, its description, and what those who run the server ask it.</summary>
internal static class ApiEndpoints
{
    private static readonly string[] s_get = [HttpMethods.Get];

    /// <summary>Adds what describes the API.</summary>
    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        services.AddSingleton<ModelEndpoint>();
        return services.AddOpenApi("v1", openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "DigitML";
            document.Info.Description = "Reads handwritten digits in pictures: PNG, JPEG, WebP, GIF, TIFF, HEIC, AVIF, BMP and PNM, dark on light or light on dark, one digit or many.";
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
            .Produces<ReadingDocument>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(ReadDescription.AddAsync);
        api.MapGet("/api/model", (HttpContext context, ModelEndpoint endpoint) => endpoint.Handle(context))
            .WithName("model")
            .WithSummary("What the model is, how it did and how it was trained.")
            .Produces<ModelDocument>()
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        if (options.Study is not null)
        {
            api.MapStudy();
        }

        api.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(new HttpMethodMetadata(s_get));
        app.MapOpenApi("/openapi/{documentName}.json");
    }

    private static void MapStudy(this RouteGroupBuilder api)
    {
        api.MapGet("/api/study", (HttpContext context, StudyEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithName("study")
            .WithSummary("How the study stands: counts, the best, what is running.")
            .Produces<StudyDocument>()
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        api.MapGet("/api/study/charts/{name}", (string name, HttpContext context, StudyEndpoint endpoint) => endpoint.DrawAsync(name, context))
            .WithName("studyChart")
            .WithSummary("One of the study's charts: progress, rungs, settings or importance.")
            .Produces<string>(contentType: "image/svg+xml")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Adds <c>/healthz</c>: the process answers; and <c>/readyz</c>: the model is loaded and has read once.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", () => Well("alive"))
            .WithTags("Health").WithSummary("Whether the process answers.").Produces<string>(contentType: "text/plain");
        app.MapGet("/readyz", (Readiness readiness) => readiness.IsReady
                ? Well("ready")
                : throw new BadHttpRequestException("The server is starting or stopping. Try again in a moment.", StatusCodes.Status503ServiceUnavailable))
            .WithTags("Health").WithSummary("Whether the model is loaded and pictures are taken.").Produces<string>(contentType: "text/plain").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static ContentHttpResult Well(string word) => TypedResults.Text($"{word}\n", "text/plain", Encoding.UTF8);
}
