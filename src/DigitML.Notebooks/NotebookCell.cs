using System.Text.Json.Nodes;

namespace DigitML.Notebooks;

/// <summary>One cell of a notebook.</summary>
public sealed class NotebookCell
{
    private readonly JsonObject _json;

    private NotebookCell(JsonObject json, string type, string source, string? id)
    {
        _json = json;
        Type = type;
        Source = source;
        Id = id;
        Outputs = json["outputs"] is JsonArray outputs ? [.. outputs.OfType<JsonObject>().Select(output => (JsonObject)output.DeepClone())] : [];
        ExecutionCount = json["execution_count"] is JsonValue count && count.TryGetValue(out int value) ? value : null;
    }

    /// <summary><c>code</c>, <c>markdown</c> or <c>raw</c>.</summary>
    public string Type { get; }

    /// <summary>The cell's text, lines parted by \n.</summary>
    public string Source { get; }

    /// <summary>The cell's id as it was read; null when it has none.</summary>
    public string? Id { get; }

    /// <summary>Whether the cell holds code.</summary>
    public bool IsCode => Type == "code";

    /// <summary>What running the cell showed, as nbformat writes it.</summary>
    public IReadOnlyList<JsonObject> Outputs { get; internal set; }

    /// <summary>Which code cell this was, from 1, when it was run; null before.</summary>
    public int? ExecutionCount { get; internal set; }

    internal static NotebookCell Parse(JsonNode? node, string notebook, int number)
    {
        var json = node as JsonObject ?? throw Notebook.Wrong(Invariant($"{notebook}: cell {number}"), "an object", node?.GetValueKind().ToString() ?? "null");
        var type = json["cell_type"] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        return type is "code" or "markdown" or "raw"
            ? new NotebookCell(json, type, Text(json["source"]) ?? throw Notebook.Wrong(Invariant($"{notebook}: cell {number}"), "source as text or lines of text", "something else"), json["id"] is JsonValue id && id.TryGetValue(out string? name) ? name : null)
            : throw Notebook.Wrong(Invariant($"{notebook}: cell {number}"), "cell_type code, markdown or raw", type ?? "none");
    }

    /// <summary>nbformat's multi-line text: one string, or its lines.</summary>
    internal static string? Text(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue(out string? text) => text.ReplaceLineEndings("\n"),
        JsonArray lines when lines.All(line => line is JsonValue value && value.TryGetValue(out string? _)) => string.Concat(lines.Select(line => line!.GetValue<string>())).ReplaceLineEndings("\n"),
        _ => null,
    };

    /// <summary>Text as its lines, each with its line end, as Jupyter writes it.</summary>
    internal static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add((JsonNode)text[start..end]);
            start = end;
        }

        return lines;
    }

    internal JsonObject ToJson(string id)
    {
        var json = (JsonObject)_json.DeepClone();
        json["id"] = id;
        json["metadata"] ??= new JsonObject();
        json["source"] = Lines(Source);
        if (IsCode)
        {
            json["execution_count"] = ExecutionCount;
            json["outputs"] = new JsonArray([.. Outputs.Select(output => output.DeepClone())]);
        }

        return json;
    }
}
