namespace DigitML.Cli.Tests;

/// <summary>A folder of drawn digits, small enough to be trained on in a moment, made once for all tests that need it.</summary>
public sealed class DrawnDigits : IAsyncLifetime
{
    public const int TrainCount = 907;
    public const int TestCount = 211;
    private readonly TemporaryFolder _place = new();

    /// <summary>The folder, for <c>--data</c>.</summary>
    public string Folder => _place.File("drawn");

    public async ValueTask InitializeAsync() =>
        Assert.Equal(ExitCode.Done, await new TestTerminal().RunAsync("data", "synthesize", "--count", $"{TrainCount}", "--test-count", $"{TestCount}", "--output", Folder));

    public ValueTask DisposeAsync()
    {
        _place.Dispose();
        return ValueTask.CompletedTask;
    }
}
