using System.Diagnostics;
using System.Text.RegularExpressions;
using DigitML.IO;
using DigitML.Tests.IO;

namespace DigitML.Notebooks.Tests;

public partial class NotebookTests
{
    [Theory]
    [InlineData("{\"nbformat\": 4, \"cells\": [", "expected a notebook in JSON but line 1")]
    [InlineData("not json", "expected a notebook in JSON but line 1")]
    [InlineData("[]", "expected an object with cells")]
    [InlineData("{\"cells\": []}", "expected nbformat 4 but found none")]
    [InlineData("{\"nbformat\": 3, \"cells\": []}", "expected nbformat 4 but found 3")]
    [InlineData("{\"nbformat\": 4}", "expected an array of cells but found none")]
    [InlineData("{\"nbformat\": 4, \"cells\": [3]}", "cell 1: expected an object but found Number")]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"video\", \"source\": \"\"}]}", "cell 1: expected cell_type code, markdown or raw but found video")]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": 7}]}", "cell 1: expected source as text or lines of text")]
    public void Parse_WhatIsNoNotebook_SaysWhatInOneLine(string json, string reason)
    {
        var error = Assert.Throws<DigitException>(() => Notebook.Parse(json, "bad.ipynb"));
        Assert.StartsWith("bad.ipynb: ", error.Message);
        Assert.Contains(reason, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Load_NoSuchFile_SaysSo() =>
        Assert.Equal("none.ipynb: expected a notebook but there is no such file.", Assert.Throws<DigitException>(() => Notebook.Load("none.ipynb")).Message);

    [Fact]
    public void ToJson_WhatIsNotKnown_IsKept_AndIdsAreMadeOnce()
    {
        const string json = """
            {"metadata": {"mine": {"b": 1, "a": [2]}}, "nbformat": 4, "nbformat_minor": 2, "cells": [
              {"cell_type": "markdown", "metadata": {"tag": "x"}, "source": ["# One\n", "é → ü"], "attachments": {}},
              {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": null},
              {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": null, "id": "own-id"},
              {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": null, "id": "own-id"}]}
            """;
        var written = Notebook.Parse(json, "n").ToJson();
        var again = Notebook.Parse(written, "n");

        Assert.Equal(written, again.ToJson());
        Assert.Contains("\"nbformat_minor\": 5", written);
        Assert.Contains("\"mine\": {\n   \"a\": [", written);
        Assert.Contains("\"é → ü\"", written);
        Assert.Contains("\"attachments\"", written);
        Assert.EndsWith("}\n", written);
        Assert.Equal(4, again.Cells.Select(cell => cell.Id).Distinct().Count());
        Assert.Equal("own-id", again.Cells[2].Id);
    }

    [Fact]
    public void ToJson_ARunNotebook_IsValidForJupyter()
    {
        var notebook = NotebookText.Run("Console.WriteLine(1);", "HTML(\"<b>x</b>\").Display();\n5");
        var path = Path.Combine(Directory.CreateTempSubdirectory("digitml-test-").FullName, "run.ipynb");
        notebook.Save(path);
        AssertValid(path);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    internal static void AssertValid(params string[] paths)
    {
        var python = Environment.GetEnvironmentVariable("DIGITML_PYTHON") ?? "/usr/bin/python3";
        var probe = Run(python, "-c", "import nbformat");
        Assert.SkipUnless(probe.ExitCode == 0, "Jupyter's nbformat is not installed (Debian: python3-nbformat).");
        var check = Run(python, ["-c", "import nbformat, sys, warnings\nwarnings.simplefilter('error')\n[nbformat.validate(nbformat.read(path, as_version=nbformat.NO_CONVERT)) for path in sys.argv[1:]]", .. paths]);
        Assert.True(check.ExitCode == 0, check.Errors);
    }

    private static (int ExitCode, string Errors) Run(string program, params string[] arguments)
    {
        try
        {
            var (exitCode, _, errors) = ToolProcess.Run(new ProcessStartInfo(program, arguments));
            return (exitCode, errors);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return (127, error.Message);
        }
    }

    [Fact]
    public void Difference_OutputsThatChanged_AreFound_AndTimesAreNot()
    {
        const string timed = "Console.WriteLine($\"Wall time: {Environment.TickCount64}.5 s\");";
        var now = NotebookText.Run(timed, "var x = 1;\nx");
        Thread.Sleep(30);
        var later = NotebookText.Run(timed, "var x = 1;\nx");
        Assert.NotEqual(now.ToJson(), later.ToJson());
        Assert.Null(NotebookComparison.FirstDifference(later, now));
        Assert.Equal("test.ipynb: cell [1] has 0 saved outputs, but its code gives 1 now. Run the notebook again.", NotebookComparison.FirstDifference(NotebookText.Of(timed, "var x = 1;\nx"), now));

        later.Cells[1].Outputs[0]["data"]!["text/plain"] = "2";
        Assert.Equal("test.ipynb: cell [2], output 1: what is saved is not what its code gives now. Run the notebook again.", NotebookComparison.FirstDifference(later, now));
        Assert.StartsWith("test.ipynb: its cells are not those", NotebookComparison.FirstDifference(NotebookText.Run("2"), now));
    }

    [Theory]
    [InlineData("var x = 1;", "<span class=\"k\">var</span> x = <span class=\"n\">1</span>;")]
    [InlineData("// var <b>\nif", "<span class=\"c\">// var &lt;b&gt;</span>\n<span class=\"k\">if</span>")]
    [InlineData("f(\"// no \\\" comment\")", "f(<span class=\"s\">&quot;// no \\&quot; comment&quot;</span>)")]
    [InlineData("#r \"nuget: A\"\nx", "<span class=\"d\">#r &quot;nuget: A&quot;</span>\nx")]
    [InlineData("/* a\n b */ a.B", "<span class=\"c\">/* a\n b */</span> a.B")]
    [InlineData("\"open", "&quot;open")]
    public void Code_OfACell_IsColouredAndKeepsItsText(string code, string html) => Assert.Equal(html, CodeColours.Write(code));

    [Fact]
    public void Page_ARunNotebook_ShowsItsOutputsAndNoForeignMarkup()
    {
        var notebook = NotebookText.Run("Console.WriteLine(\"<script>\");", "HTML(\"<b>bold</b>\")");
        var page = NotebookPage.Write(notebook);
        Assert.Contains("&lt;script&gt;", page);
        Assert.DoesNotContain("<script", page);
        Assert.Contains("<b>bold</b>", page);
    }

    [Theory]
    [InlineData("# One *two* `a*b*`", "<h1>One <em>two</em> <code>a*b*</code></h1>\n")]
    [InlineData("- a\n- **b**\n\n1. c", "<ul>\n<li>a</li>\n<li><strong>b</strong></li>\n</ul>\n<ol>\n<li>c</li>\n</ol>\n")]
    [InlineData("a\nb\n\n```csharp\nx < 1\n```", "<p>a\nb</p>\n<pre><code class=\"language-csharp\">x &lt; 1\n</code></pre>\n")]
    [InlineData("| a |\n|--:|\n| 1 |", "<table>\n<thead>\n<tr>\n<th style=\"text-align: right;\">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td style=\"text-align: right;\">1</td>\n</tr>\n</tbody>\n</table>\n")]
    [InlineData("[x](https://example.org/a) <b> [y](javascript:alert)", "<p><a href=\"https://example.org/a\">x</a> &lt;b&gt; [y](javascript:alert)</p>\n")]
    public void Markdown_WhatNotebooksUse_BecomesHtml(string markdown, string html) => Assert.Equal(html, NotebookPage.Markdown(markdown));

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("a <img src=x onerror=alert(1)>")]
    [InlineData("[a](javascript:alert(1))")]
    [InlineData("[a](JaVaScRiPt&#58;alert(1))")]
    [InlineData("[a](<java\tscript:alert(1)>)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("![a](data:text/html,x)")]
    [InlineData("[a][b]\n\n[b]: vbscript:x")]
    [InlineData("[![a](javascript:alert(1))](https://example.org)")]
    [InlineData("[![a](https://example.org)](javascript:alert(1))")]
    [InlineData("# a {onclick=alert(1)}")]
    [InlineData("[a](https://example.org \"\\\" onclick=alert(1)\")")]
    public void Markdown_WhatCouldRunScript_StaysText(string markdown)
    {
        var html = NotebookPage.Markdown(markdown);
        foreach (var tag in Tag().Matches(html).Select(tag => tag.Value))
        {
            Assert.Matches("^</?(p|h1|img|a|em)\\b", tag);
            Assert.DoesNotMatch("(?i)(href|src)=\"(?!https?://)", tag);
            Assert.DoesNotMatch("(?i)\"\\s+on\\w+=", tag);
        }
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
