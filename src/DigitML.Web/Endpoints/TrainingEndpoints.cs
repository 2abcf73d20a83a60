using System.Globalization;
using System.Text.Json;
using DigitML.Training;
using DigitML.Web.Http;
using DigitML.Web.Trainings;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DigitML.Web.Endpoints;

/// <summary><c>/api/training</c>: begins, shows, stops and gives what was trained; for this machine's user alone.</summary>
internal static class TrainingEndpoints
{
    private const int MostEpochs = 100;
    private const int MostLayers = 4;
    private const int MostUnits = 1_024;
    private const int LeastSeconds = 5;
    private const int MostSeconds = 4 * 3600;

    private static readonly string[] s_recipes = ["thesis", "fast", "plain"];

    /// <summary>Adds the endpoints.</summary>
    public static void MapTraining(this RouteGroupBuilder api)
    {
        var training = api.MapGroup("/api/training").AddEndpointFilter(new LocalOnly());
        training.MapGet("", (TrainingDesk desk) => Json(desk.Standing))
            .AddEndpointFilter(new KnownQuery())
            .WithName("training")
            .WithSummary("How the training stands that was begun from the page.")
            .Produces<TrainingDocument>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden);
        training.MapPost("", (HttpRequest request, TrainingDesk desk) => Begin(request, desk))
            .AddEndpointFilter(new KnownQuery("recipe", "epochs", "hidden", "seed", "seconds"))
            .WithName("train")
            .WithSummary("Begins a training, or by recipe=search a search of so many seconds.")
            .Produces<TrainingDocument>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status409Conflict);
        training.MapDelete("", (TrainingDesk desk) =>
            {
                desk.Stop();
                return Json(desk.Standing);
            })
            .AddEndpointFilter(new KnownQuery())
            .WithName("stopTraining")
            .WithSummary("Stops it; the best epoch so far is kept.")
            .Produces<TrainingDocument>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden);
        training.MapGet("/model", (TrainingDesk desk) => GiveModel(desk))
            .AddEndpointFilter(new KnownQuery())
            .WithName("trainedModel")
            .WithSummary("The best model so far, as ONNX.")
            .Produces<byte[]>(contentType: "application/octet-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static FileContentHttpResult Begin(HttpRequest request, TrainingDesk desk)
    {
        var recipe = Text("recipe", "thesis");
        if (recipe == TrainingDesk.Search)
        {
            desk.BeginSearch(TimeSpan.FromSeconds(Number("seconds", 300, LeastSeconds, MostSeconds)), Number("seed", 1, 0, int.MaxValue));
            return Json(desk.Standing);
        }

        if (!s_recipes.Contains(recipe, StringComparer.Ordinal))
        {
            throw new BadHttpRequestException($"The parameter recipe must be one of {string.Join(", ", s_recipes)}, {TrainingDesk.Search}; got '{recipe}'.");
        }

        var options = Recipes.ByName(recipe);
        options = options with
        {
            Epochs = Number("epochs", Math.Min(options.Epochs, MostEpochs), 1, MostEpochs),
            Seed = Number("seed", options.Seed, 0, int.MaxValue),
            HiddenLayers = Layers(Text("hidden", string.Join(',', options.HiddenLayers))),
        };
        try
        {
            options.Validate();
        }
        catch (ArgumentException error)
        {
            throw new BadHttpRequestException(error.Message);
        }

        desk.Begin(options, recipe);
        return Json(desk.Standing);

        string Text(string name, string byDefault) => request.Query[name].ToString() is { Length: > 0 } given ? given : byDefault;

        int Number(string name, int byDefault, int least, int most) =>
            !int.TryParse(Text(name, byDefault.ToString(CultureInfo.InvariantCulture)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most
                ? throw new BadHttpRequestException(Invariant($"The parameter {name} must be a whole number from {least} to {most}; got '{request.Query[name]}'."))
                : number;
    }

    private static int[] Layers(string text)
    {
        var sizes = text.Split(',').Select(part => int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0).ToArray();
        return sizes.Length <= MostLayers && sizes.All(size => size is >= 1 and <= MostUnits)
            ? sizes
            : throw new BadHttpRequestException(Invariant($"The parameter hidden must be 1 to {MostLayers} layers of 1 to {MostUnits} units, such as 128,32; got '{text}'."));
    }

    private static FileContentHttpResult GiveModel(TrainingDesk desk)
    {
        var model = desk.Model ?? throw new BadHttpRequestException("Nothing has been trained yet.", StatusCodes.Status404NotFound);
        using var file = new MemoryStream();
        model.Save(file);
        return TypedResults.Bytes(file.ToArray(), "application/octet-stream", "digits.onnx");
    }

    private static FileContentHttpResult Json(TrainingDocument document) => TypedResults.Bytes(JsonSerializer.SerializeToUtf8Bytes(document, TrainingDocumentJson.Default.TrainingDocument), "application/json; charset=utf-8");
}
