namespace DigitML.Cli.Tests.Commands;

/// <summary>In a row with whatever else redirects the process's console.</summary>
public sealed class NotebookCommandTests : IDisposable
{
    private readonly TemporaryFolder _place = new();

    public void Dispose() => _place.Dispose();

    private string Write(string name, string source)
    {
        var path = _place.File(name);
        File.WriteAllText(path, $$"""
            {"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, "outputs": [], "source": "{{source}}"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            """);
        return path;
    }

    [Fact]
    public async Task NotebookRun_ANotebook_KeepsItsOutputsAndItsPage()
    {
        var path = Write("one.ipynb", "6 * 7");
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await terminal.RunAsync("notebook", "run", path, "--html", _place.File("pages")));

        Assert.Contains("1 cells ran in", terminal.Output);
        Assert.Contains("\"42\"", File.ReadAllText(path));
        Assert.Contains("<pre>42</pre>", File.ReadAllText(_place.File("pages/one.html")));
        Assert.Equal(ExitCode.Done, await new TestTerminal().RunAsync("notebook", "run", path, "--check"));

        File.WriteAllText(path, File.ReadAllText(path).Replace("42", "43"));
        var stale = new TestTerminal();
        Assert.Equal(ExitCode.Failed, await stale.RunAsync("notebook", "run", path, "--check"));
        Assert.Contains("what is saved is not what its code gives now", stale.OneErrorLine());
        Assert.Contains("\"43\"", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("throw new Exception(\\\"no\\\");", "cell [1], line 1: Exception: no", "120")]
    [InlineData("#!bash", "cell [1], line 1: DNI101: Unknown magic command '#!bash'", "120")]
    [InlineData("#r \\\"no/Such.dll\\\"", "cell [1], line 1: #r \"no/Such.dll\": there is no ", "120")]
    [InlineData("while (true) { }", "cell [1]: has not ended after 2 s", "2")]
    public async Task NotebookRun_ACellThatFails_SaysWhereAndLeavesTheFile(string source, string reason, string timeout)
    {
        var path = Write("bad.ipynb", source);
        var before = File.ReadAllBytes(path);
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("notebook", "run", path, "--timeout", timeout));

        Assert.Contains(reason, terminal.OneErrorLine());
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal(["bad.ipynb"], Directory.GetFiles(_place.FullName).Select(Path.GetFileName));
    }

    [Fact]
    public async Task NotebookRun_BrokenJson_IsFoundBeforeAnythingRuns()
    {
        const string half = "{\"cells\": [";
        var good = Write("good.ipynb", "1");
        var before = File.ReadAllBytes(good);
        File.WriteAllText(_place.File("broken.ipynb"), half);
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("notebook", "run", good, _place.File("broken.ipynb")));

        Assert.Contains("broken.ipynb: expected a notebook in JSON but line 1", terminal.OneErrorLine());
        Assert.Equal(before, File.ReadAllBytes(good));
        Assert.Equal(half, File.ReadAllText(_place.File("broken.ipynb")));
    }

    [Fact]
    public async Task NotebookRun_100MegabytesOfOutput_AreBoundedOnDisk()
    {
        var path = Write("loud.ipynb", "for (var i = 0; i < 100; i++) { Console.Write(new string('x', 1_000_000)); }");
        Assert.Equal(ExitCode.Done, await new TestTerminal().RunAsync("notebook", "run", path));
        Assert.InRange(new FileInfo(path).Length, 1_000_000, 1_010_000);
        Assert.Contains("cut: a cell keeps 1000000 characters", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task NotebookRun_APattern_StandsForTheFilesInTheirOrder()
    {
        Write("b.ipynb", "2");
        Write("a.ipynb", "1");
        Write("other.txt", "#!bash");
        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Done, await terminal.RunAsync("notebook", "run", _place.File("*.ipynb")));
        Assert.Matches("(?s)a\\.ipynb: 1 cells ran.*b\\.ipynb: 1 cells ran", terminal.Output);

        var none = new TestTerminal();
        Assert.Equal(ExitCode.Failed, await none.RunAsync("notebook", "run", _place.File("c*.ipynb")));
        Assert.Contains("expected notebooks but no file has such a name", none.OneErrorLine());
    }

    [Fact]
    public async Task NotebookRun_ATimeoutOutOfRange_IsNamed()
    {
        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("notebook", "run", Write("x.ipynb", "1"), "--timeout", "0"));
        Assert.Equal("error: --timeout must be above 0 and at most 86400 seconds; got 0.", terminal.OneErrorLine());
    }
}
