using System.Text.Json;

namespace DigitML.Web.Endpoints;

/// <summary>The answer of <c>/api/model</c>, as the API's description gives it.</summary>
/// <param name="Hash">SHA-256 of the model's file.</param>
/// <param name="Parameters">Weights and biases.</param>
/// <param name="Layers">Units of each layer, pixels first and classes last.</param>
/// <param name="Metadata">What the model's file says of itself.</param>
/// <param name="Limits">What the server takes.</param>
/// <param name="Evaluation">evaluation.json as it lies beside the model; null without one.</param>
/// <param name="History">history.json as it lies beside the model; null without one.</param>
internal sealed record ModelDocument(
    string Hash,
    int Parameters,
    IReadOnlyList<int> Layers,
    IReadOnlyDictionary<string, string> Metadata,
    LimitsDocument Limits,
    JsonElement? Evaluation,
    JsonElement? History);

/// <summary>What the server takes.</summary>
/// <param name="BodyBytes">Bytes of a request's body.</param>
/// <param name="Pixels">Pixels of a picture.</param>
internal sealed record LimitsDocument(int BodyBytes, long Pixels);
