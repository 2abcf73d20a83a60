using System.Text.Json;

namespace DigitML.Cli.Tests.Commands;

public sealed class DataCommandTests : IDisposable
{
    private readonly TemporaryFolder _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Synthesize_TheSameSeed_WritesTheSameFourFiles()
    {
        foreach (var folder in new[] { "a", "b" })
        {
            Assert.Equal(ExitCode.Done, await new TestTerminal().RunAsync("data", "synthesize", "--count", "37", "--test-count", "13", "--seed", "5", "--output", _place.File(folder)));
        }

        var files = Directory.GetFiles(_place.File("a"));
        Assert.Equal(4, files.Length);
        Assert.All(files, file =>
        {
            Assert.StartsWith("synthetic-", Path.GetFileName(file));
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(_place.File(Path.Combine("b", Path.GetFileName(file)))));
        });
    }

    [Fact]
    public async Task Info_OfDrawnFiles_CountsThemAndSaysThatTheyAreSynthetic()
    {
        await new TestTerminal().RunAsync("data", "synthesize", "--count", "37", "--test-count", "13", "--output", _place.File("a"));
        var text = new TestTerminal();
        var json = new TestTerminal();

        Assert.Equal(ExitCode.Done, await text.RunAsync("data", "info", "--data", _place.File("a")));
        Assert.Equal(ExitCode.Done, await json.RunAsync("data", "info", "--data", _place.File("a"), "--json"));

        Assert.Contains("Train: a train (synthetic), 37 images of 28x28, 10 classes", text.Lines);
        using var document = JsonDocument.Parse(Assert.Single(json.Lines));
        var train = document.RootElement.GetProperty("train");
        Assert.True(train.GetProperty("synthetic").GetBoolean());
        Assert.Equal(37, train.GetProperty("labelCounts").EnumerateArray().Sum(count => count.GetInt32()));
        Assert.Empty(text.Error + json.Error);
    }

    [Theory]
    [InlineData("--count", "0")]
    [InlineData("--test-count", "-4")]
    [InlineData("--count", "2000000000")]
    public async Task Synthesize_ACountOutOfItsRange_WritesNothing(string option, string value)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("data", "synthesize", "--output", _place.File("a"), option, value));

        Assert.StartsWith($"error: {option} must be 1 to 1000000; got {value}.", terminal.OneErrorLine());
        Assert.Empty(_place.Entries);
    }

    [Fact]
    public async Task Verify_AFolderThatIsNotMnist_ListsTheFilesAndEndsWith1()
    {
        File.WriteAllText(_place.File("t10k-labels-idx1-ubyte"), "no labels");
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync("data", "verify", "--data", _place.FullName));

        Assert.Equal(4, terminal.Lines.Count(line => line.StartsWith("  wrong ", StringComparison.Ordinal)));
        Assert.StartsWith("error: 4 of 4 files are not right.", terminal.OneErrorLine());
    }

    [Fact]
    public async Task Verify_RealMnist_IsRight()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Done, await terminal.RunAsync("data", "verify", "--data", RealMnist.FolderOrSkip()));

        Assert.Equal(4, terminal.Lines.Count(line => line.StartsWith("  right ", StringComparison.Ordinal)));
    }
}
