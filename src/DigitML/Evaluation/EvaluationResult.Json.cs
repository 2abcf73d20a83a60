using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DigitML.IO;

namespace DigitML.Evaluation;

public sealed partial record EvaluationResult
{
    /// <summary>The most bytes an evaluation's file may have; the list of wrong images is what grows it.</summary>
    private const int MaximumFileBytes = 256 * 1024 * 1024;

    private const int LongestName = 1000;

    /// <summary>The classes' names as the file has them; null when a class is called by its number.</summary>
    [JsonInclude]
    [JsonPropertyName("classNames")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal IReadOnlyList<string>? ReadNames
    {
        get => ConfusionMatrix is { ClassNames.Count: > 0 } matrix ? matrix.ClassNames : field;
        init;
    }

    /// <summary>The evaluation as JSON, indented: the content of <c>evaluation.json</c>.</summary>
    /// <returns>The same text for the same evaluation, with \n between lines.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, EvaluationJson.Default.EvaluationResult) + "\n";

    /// <summary>Reads what <see cref="ToJson"/> wrote; fields it does not know are passed over.</summary>
    /// <param name="json">JSON text.</param>
    /// <exception cref="DigitException">The text is no evaluation or contradicts itself.</exception>
    public static EvaluationResult FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse(Encoding.UTF8.GetBytes(json), "evaluation");
    }

    /// <summary>Writes <see cref="ToJson"/> to a file; a crash leaves the old one.</summary>
    /// <param name="path">The file, usually <c>evaluation.json</c>; its folder must exist.</param>
    /// <exception cref="DigitException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToJson()));

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DigitException">The file is not there, is no evaluation or contradicts itself.</exception>
    public static EvaluationResult Load(string path) => Parse(BoundedFile.Read(path, MaximumFileBytes, "an evaluation in JSON"), path);

    private static EvaluationResult Parse(ReadOnlyMemory<byte> json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var result = document.Deserialize(EvaluationJson.Default.EvaluationResult) ?? throw new JsonException("found null");
            Check(result, document.RootElement);
            return result.ReadNames is { Count: > 0 } names
                ? result with { ConfusionMatrix = new ConfusionMatrix(result.ConfusionMatrix.ClassCount, result.ConfusionMatrix.Counts, names) }
                : result;
        }
        catch (JsonException error)
        {
            throw new DigitException($"{name}: expected an evaluation as DigitML writes it, but: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    /// <summary>Fields are read one by one; here they are held against each other, so that no figure contradicts its matrix.</summary>
    private static void Check(EvaluationResult result, JsonElement root)
    {
        var matrix = result.ConfusionMatrix;
        Require(!string.IsNullOrWhiteSpace(result.Dataset), "dataset must name the data");
        Require(result.ReadNames is not { Count: > 0 } names || (names.Count == matrix.ClassCount && names.All(className => className is { Length: <= LongestName })), Invariant($"classNames must hold {matrix.ClassCount} names of at most {LongestName} characters as confusionMatrix has classes"));
        Require(result.Views is null or > 1, "views must be more than 1, or left out");
        Require(double.IsFinite(result.LogLoss) && result.LogLoss >= 0, "logLoss must be at least 0");
        Require(result.PerClass.Count == matrix.ClassCount && result.TopKAccuracies.Count == matrix.ClassCount, Invariant($"perClass and topKAccuracy must hold {matrix.ClassCount} classes as confusionMatrix does"));
        for (var c = 0; c < matrix.ClassCount; c++)
        {
            var metrics = result.PerClass[c];
            Require(metrics is not null && metrics.Class == c && metrics.Support == matrix.TrueCount(c), Invariant($"perClass[{c}] must be of class {c} with the support that confusionMatrix gives, {matrix.TrueCount(c)}"));
            Require(Same(metrics!.Recall, matrix.Recall(c)) && Same(metrics.Precision, matrix.Precision(c)) && Same(metrics.F1, matrix.F1(c)), Invariant($"perClass[{c}] must have the recall, precision and f1 that confusionMatrix gives"));
            Require(double.IsNaN(metrics.LogLoss) == (metrics.Support == 0) && !(metrics.LogLoss < 0), Invariant($"perClass[{c}].logLoss must be at least 0, or null without images"));
            Require(result.TopKAccuracies[c] is >= 0 and <= 1, "topKAccuracy must hold shares from 0 to 1");
        }

        Require(result.CalibrationBins.All(bin => bin is not null && bin.Count >= 0 && (bin.Count == 0 || (bin.Confidence is >= 0 and <= 1.01 && bin.Accuracy is >= 0 and <= 1))), "calibrationBins must hold counts and shares from 0 to 1");
        Require(result.CalibrationBins.Sum(bin => (long)bin.Count) == result.Count, $"calibrationBins must hold {result.Count} images as confusionMatrix does");
        Require(result.MostConfidentlyWrong.All(item => item is not null && item.Index >= 0 && item.Label >= 0 && item.Label < matrix.ClassCount && item.Predicted >= 0 && item.Predicted < matrix.ClassCount), "mostConfidentlyWrong must name images and classes that exist");

        if (result.MisclassifiedIndices is { } wrong)
        {
            Require(wrong.Count == matrix.Total - matrix.Correct, Invariant($"misclassifiedIndices must name {matrix.Total - matrix.Correct} images as confusionMatrix does"));
            Require(wrong.Zip(wrong.Skip(1)).All(pair => pair.First < pair.Second) && (wrong.Count == 0 || (wrong[0] >= 0 && wrong[^1] < matrix.Total)), "misclassifiedIndices must be ascending places in the data");
        }

        // What we compute is not read back, but a file whose headline was edited must not pass for an honest one.
        Require(Stated("count", result.Count) && Stated("accuracy", result.MicroAccuracy) && Stated("macroAccuracy", result.MacroAccuracy), "count, accuracy and macroAccuracy must be those that confusionMatrix gives");

        bool Stated(string field, double value) =>
            root.TryGetProperty(field, out var element) && element.ValueKind == JsonValueKind.Number && Same(element.GetDouble(), value);
    }

    /// <summary>Equal but for the last digits, which another writer may round.</summary>
    private static bool Same(double found, double expected) => found.Equals(expected) || Math.Abs(found - expected) <= 1e-9;

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new JsonException(rule + ".");
        }
    }
}

/// <summary>How evaluations are written: camel case, indented, the same line ends everywhere, no null for what a reader must have.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    RespectNullableAnnotations = true,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(EvaluationResult))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
