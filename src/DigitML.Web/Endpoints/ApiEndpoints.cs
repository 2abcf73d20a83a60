using System.Text;
using DigitML.Reading;
using DigitML.Web.Http;
using DigitML.Web.Studies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DigitML.Web.Endpoints;

/// <summary>The HTTP API, and what those who run the server ask it.</summary>
internal static class ApiEndpoints
{
    /// <summary>What takes GET takes HEAD too (RFC 9110, 9.1).</summary>
    public static HttpMethodMetadata GetAndHead { get; } = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>Adds the endpoints.</summary>
    public static void MapApi(this WebApplication app, WebOptions options)
    {
        var api = app.MapGroup("").WithLimits(options).WithTags(ApiDescription.Digits);
        api.MapPost("/api/read", (HttpContext context, ReadEndpoint endpoint) => endpoint.HandleAsync(context))
            .AddEndpointFilter(new KnownQuery(ReadEndpoint.Parameters))
            .WithName("read")
            .WithSummary("Reads the digits in a picture, or in several.")
            .WithDescription("The body is the picture itself, or a form with it as its file. The content decides the format, never the name. A form of several files gets an answer for each.")
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
            .WithMetadata(GetAndHead)
            .AddEndpointFilter(new KnownQuery())
            .WithName("model")
            .WithSummary("What the model is, how it did and how it was trained.")
            .Produces<ModelDocument>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        api.MapGet("/api/examples", ExampleEndpoints.List)
            .WithMetadata(GetAndHead)
            .AddEndpointFilter(new KnownQuery())
            .WithName("examples")
            .WithSummary("Names of pictures to try, which lie at /examples/NAME.")
            .Produces<string[]>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        if (options.CorrectionsFolder is not null)
        {
            api.MapCorrections();
        }

        if (options.AllowTraining)
        {
            api.MapTraining();
        }

        if (options.HasStudyPage)
        {
            // A search begun from the page is its user's alone; a study that the server was given is for all.
            if (options.Study is null)
            {
                ((RouteGroupBuilder)api.MapGroup("").AddEndpointFilter(new LocalOnly()).ProducesProblem(StatusCodes.Status403Forbidden)).MapStudy();
            }
            else
            {
                api.MapStudy();
            }
        }

        api.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(GetAndHead);
        app.MapOpenApi("/openapi/{documentName}.json").WithMetadata(GetAndHead);
    }

    private static void MapCorrections(this RouteGroupBuilder api) =>
        api.MapPost("/api/corrections", (HttpContext context, CorrectionsEndpoint endpoint) => endpoint.HandleAsync(context))
            .AddEndpointFilter(new KnownQuery("label"))
            .WithName("correct")
            .WithSummary("Keeps a picture with the digit that it shows.")
            .WithDescription("Only where the server was given a folder for it. The picture is kept in grey, without anything else that its file holds.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage)
            .AddOpenApiOperationTransformer(ReadDescription.AddLabelAsync);

    private static void MapStudy(this RouteGroupBuilder api)
    {
        api.MapGet("/api/study", (HttpContext context, StudyEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithMetadata(GetAndHead)
            .AddEndpointFilter(new KnownQuery())
            .WithName("study")
            .WithSummary("How the study stands: counts, the best, what is running.")
            .Produces<StudyDocument>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/api/study/charts/{name}", (string name, HttpContext context, StudyEndpoint endpoint) => endpoint.DrawAsync(name, context))
            .WithMetadata(GetAndHead)
            .AddEndpointFilter(new KnownQuery())
            .WithName("studyChart")
            .WithSummary("One of the study's charts: progress, rungs, settings or importance.")
            .Produces<string>(contentType: "image/svg+xml")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Adds <c>/healthz</c>: the process answers; and <c>/readyz</c>: the model is loaded and has read once.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", () => Well("alive"))
            .WithMetadata(GetAndHead)
            .WithName("alive")
            .WithTags(ApiDescription.Health).WithSummary("Whether the process answers.").Produces<string>(contentType: "text/plain");
        app.MapGet("/readyz", (Readiness readiness) => readiness.IsReady
                ? Well("ready")
                : throw new BadHttpRequestException("The server is starting or stopping. Try again in a moment.", StatusCodes.Status503ServiceUnavailable))
            .WithMetadata(GetAndHead)
            .WithName("ready")
            .WithTags(ApiDescription.Health).WithSummary("Whether the model is loaded and pictures are taken.").Produces<string>(contentType: "text/plain").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static ContentHttpResult Well(string word) => TypedResults.Text($"{word}\n", "text/plain", Encoding.UTF8);
}
