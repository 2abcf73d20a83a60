using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DigitML.IO;

namespace DigitML.Notebooks;

/// <summary>A notebook in Jupyter's format 4.5. What this class does not know is kept as it was read.</summary>
public sealed partial class Notebook
{
    /// <summary>The most bytes a notebook's file may have.</summary>
    public const int MaximumFileBytes = 256 * 1024 * 1024;

    private static readonly JsonWriterOptions Writing = new() { Indented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject _root;

    private Notebook(string name, JsonObject root, IReadOnlyList<NotebookCell> cells)
    {
        Name = name;
        _root = root;
        Cells = cells;
    }

    /// <summary>What errors call it: the path it was read from.</summary>
    public string Name { get; }

    /// <summary>The cells, in order.</summary>
    public IReadOnlyList<NotebookCell> Cells { get; }

    /// <summary>Reads a notebook.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DigitException">The file is not there, is too large, is no JSON or no notebook of format 4.</exception>
    public static Notebook Load(string path) => Parse(Encoding.UTF8.GetString(BoundedFile.Read(path, MaximumFileBytes, "a notebook")).TrimStart('\uFEFF'), path);

    /// <summary>Reads a notebook's text.</summary>
    /// <param name="json">JSON of nbformat 4.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="DigitException">The text is no notebook of format 4.</exception>
    public static Notebook Parse(string json, string name)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var root = JsonNode.Parse(json) as JsonObject ?? throw Wrong(name, "an object with cells", "something else");
            if (root["nbformat"] is not JsonValue format || !format.TryGetValue(out int major) || major != 4)
            {
                throw Wrong(name, "nbformat 4", root["nbformat"]?.ToJsonString() ?? "none");
            }

            var cells = root["cells"] as JsonArray ?? throw Wrong(name, "an array of cells", root["cells"]?.GetValueKind().ToString() ?? "none");
            return new Notebook(name, root, [.. cells.Select((cell, i) => NotebookCell.Parse(cell, name, i + 1))]);
        }
        catch (JsonException error)
        {
            throw new DigitException($"{name}: expected a notebook in JSON but line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1} cannot be read: {error.Message.ReplaceLineEndings(" ")}", error);
        }
        catch (ArgumentException error)
        {
            // A JSON object that names a key twice.
            throw new DigitException($"{name}: expected a notebook in JSON but: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    /// <summary>The notebook as nbformat 4.5: keys sorted, one space a level, every cell with an id that stays the same.</summary>
    public string ToJson()
    {
        var root = (JsonObject)_root.DeepClone();
        root["nbformat"] = 4;
        root["nbformat_minor"] = Math.Max(5, root["nbformat_minor"] is JsonValue minor && minor.TryGetValue(out int value) ? value : 0);
        root["metadata"] ??= new JsonObject();
        var ids = new HashSet<string>();
        root["cells"] = new JsonArray([.. Cells.Select(cell => (JsonNode)cell.ToJson(Id(cell, ids)))]);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            Sorted(root).WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    /// <summary>Writes the notebook; a crash leaves the old file.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="DigitException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToJson()));

    internal static DigitException Wrong(string name, string expected, string found) =>
        new($"{name}: expected {expected} but found {found}.");

    /// <summary>The id a cell has, or one made of its source, so that a rerun makes the same.</summary>
    private static string Id(NotebookCell cell, HashSet<string> taken)
    {
        var id = cell.Id;
        for (var n = 0; id is null || !ValidId().IsMatch(id) || !taken.Add(id); n++)
        {
            id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Invariant($"{n}\n{cell.Type}\n{cell.Source}"))))[..12];
        }

        return id;
    }

    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject parts => new JsonObject(parts.OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => KeyValuePair.Create(part.Key, part.Value is null ? null : Sorted(part.Value)))),
        JsonArray items => new JsonArray([.. items.Select(item => item is null ? null : Sorted(item))]),
        _ => node.DeepClone(),
    };

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex ValidId();
}
