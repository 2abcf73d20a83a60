using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DigitML.Web.Endpoints;

/// <summary><c>GET /api/model</c>: what the model is, how it did and how it was trained, as its files say; and what the server allows.</summary>
internal sealed class ModelEndpoint
{
    private readonly byte[] _answer;

    /// <summary>Writes the answer once; nothing in it changes while the server runs.</summary>
    public ModelEndpoint(LoadedModel model, WebOptions options) =>
        _answer = JsonSerializer.SerializeToUtf8Bytes(ModelDocument.Of(model, options), ModelJson.Default.ModelDocument);

    /// <summary>Answers one request.</summary>
    public FileContentHttpResult Handle(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(_answer, "application/json; charset=utf-8");
    }
}

/// <summary>The answer of <c>/api/model</c>.</summary>
/// <param name="Hash">SHA-256 of the model's file.</param>
/// <param name="Parameters">Weights and biases.</param>
/// <param name="Layers">Units of each layer, pixels first and classes last.</param>
/// <param name="Metadata">What the model's file says of itself.</param>
/// <param name="Limits">What the server takes.</param>
/// <param name="Evaluation">evaluation.json as it lies beside the model; null without one.</param>
/// <param name="History">history.json as it lies beside the model; null without one.</param>
/// <param name="HasStudy">Whether the server shows a study at <c>/study</c>.</param>
/// <param name="KeepsCorrections">Whether the server keeps pictures that a visitor says were read wrongly.</param>
/// <param name="HasTraining">Whether the server trains at <c>/train</c>.</param>
internal sealed record ModelDocument(
    string Hash,
    int Parameters,
    IReadOnlyList<int> Layers,
    IReadOnlyDictionary<string, string> Metadata,
    LimitsDocument Limits,
    JsonElement? Evaluation,
    JsonElement? History,
    bool HasStudy,
    bool KeepsCorrections,
    bool HasTraining)
{
    /// <summary>Describes a model and the server that has it.</summary>
    public static ModelDocument Of(LoadedModel loaded, WebOptions options) => new(
        loaded.Model.Hash,
        loaded.Model.ParameterCount,
        [loaded.Model.InputCount, .. loaded.Model.Layers.Select(layer => layer.Outputs)],
        new SortedDictionary<string, string>(loaded.Model.Metadata.ToDictionary(), StringComparer.Ordinal),
        new LimitsDocument(options.MaximumBodyBytes, options.MaximumPixels),
        ElementOf(loaded.Evaluation?.ToJson()),
        ElementOf(loaded.History?.ToJson()),
        options.Study is not null,
        options.CorrectionsFolder is not null,
        options.AllowTraining);

    private static JsonElement? ElementOf(string? json) => json is null ? null : JsonElement.Parse(json);
}

/// <summary>What the server takes.</summary>
/// <param name="BodyBytes">Bytes of a request's body.</param>
/// <param name="Pixels">Pixels of a picture.</param>
internal sealed record LimitsDocument(int BodyBytes, long Pixels);

/// <summary>How the model's answer is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ModelDocument))]
internal sealed partial class ModelJson : JsonSerializerContext;
