using System.Text.Json.Nodes;
using DigitML.IO;

namespace DigitML.Notebooks.Tests;

/// <summary>The notebooks of this repository, as they are committed. That their outputs are current, CI checks by running them.</summary>
public class CommittedNotebooksTests
{
    private static readonly string[] Paths = [.. Directory.GetFiles(Folder(), "*.ipynb").Order(StringComparer.Ordinal)];

    [Fact]
    public void Notebooks_All_WereRunFromTopToBottom()
    {
        Assert.Equal(["01-train", "02-evaluate", "03-your-own-digits", "04-automl", "05-mlnet"], Paths.Select(Path.GetFileNameWithoutExtension));
        foreach (var path in Paths)
        {
            var notebook = Notebook.Load(path);
            var code = notebook.Cells.Where(cell => cell.IsCode).ToArray();
            Assert.Equal(Enumerable.Range(1, code.Length), code.Select(cell => cell.ExecutionCount ?? 0));
            Assert.Contains(code.SelectMany(cell => cell.Outputs), output => output["data"] is JsonObject data && data.ContainsKey("image/svg+xml"));
            Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), notebook.ToJson());
        }
    }

    [Fact]
    public void Notebooks_All_AreForTheKernelOfDotNetInteractive()
    {
        foreach (var path in Paths)
        {
            var json = JsonNode.Parse(File.ReadAllText(path))!;
            Assert.Equal(".net-csharp", json["metadata"]!["kernelspec"]!["name"]!.GetValue<string>());
            Assert.Equal("polyglot-notebook", json["metadata"]!["language_info"]!["name"]!.GetValue<string>());
            foreach (var cell in json["cells"]!.AsArray().Where(cell => cell!["cell_type"]!.GetValue<string>() == "code"))
            {
                Assert.Equal("csharp", cell!["metadata"]!["polyglot_notebook"]!["kernelName"]!.GetValue<string>());
                Assert.Equal("csharp", cell["metadata"]!["dotnet_interactive"]!["language"]!.GetValue<string>());
            }
        }
    }

    [Fact]
    public void Notebooks_ThePackageTheyName_IsThisVersion()
    {
        var version = typeof(DigitException).Assembly.GetName().Version!.ToString(3);
        Assert.Contains($"#r \"nuget: DigitML, {version}\"", Notebook.Load(Paths[0]).Cells[0].Source);
    }

    [Fact]
    public void Notebooks_All_AreValidForJupyter() => NotebookTests.AssertValid(Paths);

    [Fact]
    public void Notebooks_All_RenderAsPages()
    {
        foreach (var path in Paths)
        {
            var page = NotebookPage.Write(Notebook.Load(path));
            Assert.Contains("<svg", page);
            Assert.DoesNotContain("<script", page);
        }
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DigitML.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No DigitML.sln above {AppContext.BaseDirectory}.");
        }

        return Path.Combine(folder.FullName, "notebooks");
    }
}
