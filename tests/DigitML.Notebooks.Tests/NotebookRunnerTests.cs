using DigitML.IO;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using static DigitML.Notebooks.Tests.NotebookText;

namespace DigitML.Notebooks.Tests;

public class NotebookRunnerTests
{
    [Fact]
    public void Run_CellAfterCell_SeesWhatThoseBeforeMade()
    {
        var notebook = Run("using System.Globalization;\nvar x = 20;\nint Twice(int n) => 2 * n;", "await Task.Delay(1);\nvar y = Twice(x) + 2;", "y");

        Assert.Empty(notebook.Cells[0].Outputs);
        var output = Assert.Single(notebook.Cells[2].Outputs);
        Assert.Equal("execute_result", output["output_type"]!.GetValue<string>());
        Assert.Equal(3, output["execution_count"]!.GetValue<int>());
        Assert.Equal("42", Text(output));
        Assert.Equal([1, 2, 3], notebook.Cells.Select(cell => cell.ExecutionCount!.Value));
    }

    [Fact]
    public void Run_OutputsOfEveryKind_KeepTheirOrder()
    {
        var notebook = Run("""
            #!csharp
            Console.WriteLine("one");
            Console.Error.Write("trouble");
            display("two");
            3.5.Display();
            HTML("<b>four</b>")
            """);

        var outputs = notebook.Cells[0].Outputs;
        Assert.Equal(["stream", "stream", "display_data", "display_data", "execute_result"], outputs.Select(output => output["output_type"]!.GetValue<string>()));
        Assert.Equal("one\n", Text(outputs[0]));
        Assert.Equal("stderr", outputs[1]["name"]!.GetValue<string>());
        Assert.Equal("two", Text(outputs[2]));
        Assert.Equal("3.5", Text(outputs[3]));
        Assert.Equal("<b>four</b>", Text(outputs[4], "text/html"));
    }

    [Fact]
    public void Run_AValueThatIsUpdated_IsShownAnew()
    {
        var notebook = Run("var shown = display(\"one\");\ndisplay(\"other\");\nshown.Update(\"two\");");
        Assert.Equal(["one", "other", "two"], notebook.Cells[0].Outputs.Select(output => Text(output)));
    }

    [Fact]
    public void Run_AnEmptyCell_ShowsNothing()
    {
        var notebook = Run("", "// nothing", "8");
        Assert.Empty(notebook.Cells[0].Outputs);
        Assert.Empty(notebook.Cells[1].Outputs);
        Assert.Equal("8", Text(notebook.Cells[2].Outputs[0]));
    }

    [Fact]
    public void Run_AFormatterThatANotebookRegistered_EndsWithIt()
    {
        const string point = "new System.Drawing.Point(3, 4)";
        var own = Run("Microsoft.DotNet.Interactive.Formatting.Formatter.Register<System.Drawing.Point>((value, writer) => writer.Write(\"mine\"), \"text/html\");", point);
        Assert.Equal("mine", Text(own.Cells[1].Outputs[0], "text/html"));
        Assert.DoesNotContain("mine", Run(point).ToJson());
    }

    [Fact]
    public void Run_OnAnotherKernel_KeepsWhatItShowsAndWhyItFailed()
    {
        var notebook = Of("first", "second");
        var error = Assert.Throws<CellFailedException>(() => new NotebookRunner(null, () => new EchoKernel()).Run(notebook, AppContext.BaseDirectory, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal("first", Text(Assert.Single(notebook.Cells[0].Outputs)));
        Assert.Equal("test.ipynb: cell [2], line 7: no more", error.Message);
        Assert.Empty(notebook.Cells[1].Outputs);
    }

    [Fact]
    public void Run_TheLibraryReferredTo_IsTheOneThatRuns()
    {
        var notebook = Run("#r \"DigitML.dll\"\nusing DigitML.Data;\nvar images = new LabelledImages(\"two\", 2, 1, new byte[] { 0, 200, 9, 9 }, new byte[] { 1, 0 });\nimages");

        var output = Assert.Single(notebook.Cells[0].Outputs);
        Assert.StartsWith("<svg", Text(output, "image/svg+xml"));
        Assert.Equal("two: 2 images of 2×1, 2 classes", Text(output));
    }

    [Fact]
    public void Run_ThePackageOfThisVersion_IsTheOneThatRuns()
    {
        var version = typeof(DigitException).Assembly.GetName().Version!.ToString(3);
        Assert.Equal("True", Text(Run($"#r \"nuget: DigitML, {version}\"\nnew DigitML.IO.DigitException(\"x\") is Exception").Cells[0].Outputs[0]));
    }

    [Fact]
    public void Run_AnotherPackage_IsRestoredWithWhatItNeeds()
    {
        // One that this repository's benchmarks depend on, so that a restore has it, and that the tests do not load.
        var notebook = Run("#r \"nuget: BenchmarkDotNet.Annotations, 0.15.8\"\nusing BenchmarkDotNet.Attributes;", "new BenchmarkAttribute { Description = \"from a package\" }.Description");
        Assert.Equal("from a package", Text(notebook.Cells[1].Outputs[0]));
    }

    [Fact]
    public void Run_ALibraryOfTheHostThatLooksUpANotebooksAssembly_FindsIt()
    {
        // Left behind: what is loaded cannot be deleted everywhere.
        var path = Path.Combine(Directory.CreateTempSubdirectory("digitml-test-").FullName, "Lone.dll");
        var made = CSharpCompilation.Create("Lone", [CSharpSyntaxTree.ParseText("public class Thing;")], [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)], new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(path);
        Assert.True(made.Success);

        var notebook = Run(
            $"#r \"{path}\"\nusing System.Runtime.Loader;",
            "var own = typeof(Thing).Assembly;\nAssemblyLoadContext.Default.LoadFromAssemblyName(own.GetName()) == own");

        Assert.Equal("True", Text(notebook.Cells[1].Outputs[0]));
    }

    [Fact]
    public void Run_APackageThatDoesNotComeInTime_IsGivenUp()
    {
        var error = Assert.Throws<CellFailedException>(() => Run(new NotebookOptions { CellTimeout = TimeSpan.FromMilliseconds(20) }, "#r \"nuget: BenchmarkDotNet.Annotations, 0.15.8\""));
        Assert.Equal("test.ipynb: cell [1]: has not ended after 0.02 s. Shorten it, or allow it more time.", error.Message);
    }

    [Theory]
    [InlineData("var a = 1;\nvar b = a +* 2;", "line 2: CS")]
    [InlineData("\n\nunknown(3)", "line 3: CS0103: The name 'unknown' does not exist")]
    [InlineData("int Zero() => 0;\n\nvar x = 1 / Zero();", "line 3: DivideByZeroException: ")]
    [InlineData("await Task.Run(() => throw new InvalidOperationException(\"two\\nlines\"));", "line 1: InvalidOperationException: two lines")]
    [InlineData("new[] { 1, 0 }.Select(n => 1 / n)", "line 1: DivideByZeroException: ")]
    [InlineData("#!bash", "line 1: DNI101: Unknown magic command '#!bash'")]
    [InlineData("var x = 1;\n#r \"none/Missing.dll\"", "line 2: #r \"none/Missing.dll\": there is no ")]
    [InlineData("var x = 1;\n#!csharp\n\nthrow new Exception(\"after\");", "line 4: Exception: after")]
    [InlineData("var x = 1;\n#!who\n#!bash", "line 3: DNI101: Unknown magic command")]
    [InlineData("display(1, \"text/none\");", "line 1: ArgumentException: No formatter is registered for MIME type text/none.")]
    [InlineData("#r Missing", "line 1: expected #r \"path.dll\" or #r \"nuget: Name, Version\" but found #r Missing.")]
    [InlineData("#r \"nuget: DigitML\"", "line 1: expected #r \"nuget: Name, Version\" but found \"nuget: DigitML\".")]
    [InlineData("#r \"nuget: BenchmarkDotNet.Annotations, 999.0.0\"", "line 1: the package cannot be had: ")]
    public void Run_ACellThatFails_SaysWhereAndWhyInOneLine(string source, string reason)
    {
        var error = Fails("var fine = 1;", source);

        Assert.StartsWith("test.ipynb: cell [2], line ", error.Message);
        Assert.Contains(reason, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(2, error.Cell);
    }

    [Fact]
    public void Run_AFileThatIsNoLibrary_IsRefused()
    {
        var error = Fails("#r \"DigitML.Notebooks.Tests.deps.json\"");
        Assert.Contains("is no .NET library", error.Message);
    }

    [Theory]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("while (true) { }")]
    public void Run_ACellThatNeverEnds_IsGivenUp(string source)
    {
        var options = new NotebookOptions { CellTimeout = TimeSpan.FromSeconds(3) };
        var error = Assert.Throws<CellFailedException>(() => Run(options, source));
        Assert.Equal("test.ipynb: cell [1]: has not ended after 3 s. Shorten it, or allow it more time.", error.Message);
        Assert.Equal("7", Text(Run("7").Cells[0].Outputs[0]));
    }

    [Fact]
    public void Run_100MegabytesOfOutput_AreBounded()
    {
        var options = new NotebookOptions { MaximumOutputCharacters = 5_000, MaximumOutputs = 3 };
        var notebook = Run(
            options,
            "var line = new string('x', 1_000_000);\nfor (var i = 0; i < 100; i++) { Console.Write(line); }",
            "new string('y', 100_000_000)",
            "for (var i = 0; i < 1000; i++) { display(i); }");

        var printed = Text(Assert.Single(notebook.Cells[0].Outputs));
        Assert.InRange(printed.Length, 5_000, 5_100);
        Assert.EndsWith("… cut: a cell keeps 5000 characters of what it prints.\n", printed);
        Assert.StartsWith("… left out: 100000000 characters of text/plain", Text(Assert.Single(notebook.Cells[1].Outputs)));
        Assert.Equal(4, notebook.Cells[2].Outputs.Count);
        Assert.Equal("… cut: a cell keeps 3 outputs.\n", Text(notebook.Cells[2].Outputs[3]));
    }

    [Fact]
    public void Run_AfterAFailure_LeavesConsoleAndFolderAsTheyWere()
    {
        var (output, folder) = (Console.Out, Environment.CurrentDirectory);
        Fails("throw new Exception(\"no\");");
        Assert.Same(output, Console.Out);
        Assert.Equal(folder, Environment.CurrentDirectory);
    }

    [Fact]
    public void Run_TwiceTheSame_GivesTheSameBytes()
    {
        string[] sources = ["var x = 3;", "Console.WriteLine(x);\nnew[] { new { Digit = 1, Share = 0.5 }, new { Digit = 2, Share = 0.25 } }"];
        var first = Run(sources);
        Assert.Equal(first.ToJson(), Run(sources).ToJson());
        Assert.Contains("{ Digit = 2, Share = 0.25 }", Text(first.Cells[1].Outputs[1], "text/html"));
        Assert.DoesNotContain("<style", first.ToJson());
        Assert.DoesNotContain("\\r", first.ToJson());
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.StartsWith("CellTimeout must be above 0", Assert.Throws<ArgumentException>(() => new NotebookRunner(new() { CellTimeout = TimeSpan.Zero })).Message);
        Assert.StartsWith("MaximumOutputs must be 1 to 10000; got 0.", Assert.Throws<ArgumentException>(() => new NotebookRunner(new() { MaximumOutputs = 0 })).Message);
    }

    private sealed class EchoKernel : INotebookKernel
    {
        public Task<CellFailure?> RunAsync(string source, int number, CellOutputs outputs, CancellationToken cancellationToken)
        {
            outputs.Show([("text/plain", source)]);
            return Task.FromResult(number < 2 ? null : new CellFailure(7, "no more"));
        }

        public void Dispose()
        {
        }
    }
}
