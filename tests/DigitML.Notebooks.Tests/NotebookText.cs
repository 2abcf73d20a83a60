using System.Text.Json.Nodes;

namespace DigitML.Notebooks.Tests;

/// <summary>Makes notebooks of code cells, runs them and reads what they showed.</summary>
internal static class NotebookText
{
    public static Notebook Of(params string[] sources)
    {
        var cells = sources.Select(source => (JsonNode)new JsonObject { ["cell_type"] = "code", ["execution_count"] = null, ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(), ["source"] = source });
        var root = new JsonObject { ["cells"] = new JsonArray([.. cells]), ["metadata"] = new JsonObject(), ["nbformat"] = 4, ["nbformat_minor"] = 5 };
        return Notebook.Parse(root.ToJsonString(), "test.ipynb");
    }

    public static Notebook Run(params string[] sources) => Run(null, sources);

    public static Notebook Run(NotebookOptions? options, params string[] sources)
    {
        var notebook = Of(sources);
        new NotebookRunner(options).Run(notebook, AppContext.BaseDirectory, cancellationToken: TestContext.Current.CancellationToken);
        return notebook;
    }

    public static CellFailedException Fails(params string[] sources) => Assert.Throws<CellFailedException>(() => Run(sources));

    public static string Text(JsonObject output, string mimeType = "text/plain") =>
        NotebookCell.Text(output["output_type"]!.GetValue<string>() == "stream" ? output["text"] : output["data"]![mimeType])!;
}
