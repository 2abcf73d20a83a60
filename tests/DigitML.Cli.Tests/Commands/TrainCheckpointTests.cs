using System.Diagnostics;
using DigitML.Training;

namespace DigitML.Cli.Tests.Commands;

/// <summary><c>train --checkpoint</c>: broken off by whatever it may be, the same command goes on.</summary>
public sealed class TrainCheckpointTests : IClassFixture<DrawnDigits>, IDisposable
{
    private readonly DrawnDigits _drawn;
    private readonly TemporaryFolder _place = new();

    public TrainCheckpointTests(DrawnDigits drawn) => _drawn = drawn;

    public void Dispose() => _place.Dispose();

    private string[] Tiny(string output, params string[] more) =>
        ["train", "--data", _drawn.Folder, "--hidden", "19", "--epochs", "6", "--dropout", "0.1", "--seed", "41", "--output", _place.File(output), .. more];

    [Fact]
    public async Task Train_SameCommandAgain_SaysFromWhereItGoesOnAndWritesTheSame()
    {
        await new TestTerminal().RunAsync(Tiny("plain"));
        var first = new TestTerminal();
        Assert.Equal(ExitCode.Done, await first.RunAsync(Tiny("first", "--checkpoint", _place.File("states"))));
        Assert.Empty(first.Error);
        File.Delete(_place.File("states/epoch-6.checkpoint"));

        var again = new TestTerminal();
        Assert.Equal(ExitCode.Done, await again.RunAsync(Tiny("again", "--checkpoint", _place.File("states"), "--threads", "3")));

        Assert.Equal($"note: Going on after epoch 5 of 6, from {_place.File("states/epoch-5.checkpoint")}.", again.OneErrorLine());
        Assert.Single(again.Lines, line => line.Contains("/6 ", StringComparison.Ordinal));
        var expected = await File.ReadAllBytesAsync(_place.File("plain/digits.onnx"), TestContext.Current.CancellationToken);
        Assert.Equal(expected, await File.ReadAllBytesAsync(_place.File("first/digits.onnx"), TestContext.Current.CancellationToken));
        Assert.Equal(expected, await File.ReadAllBytesAsync(_place.File("again/digits.onnx"), TestContext.Current.CancellationToken));
        Assert.Equal(6, TrainingHistory.Load(_place.File("again/history.json")).Epochs.Count);
    }

    [Fact]
    public async Task Train_CheckpointOfOtherOptions_NamesTheOptionAsItIsTyped()
    {
        await new TestTerminal().RunAsync(Tiny("first", "--checkpoint", _place.File("states")));

        var terminal = new TestTerminal();
        Assert.Equal(ExitCode.Failed, await terminal.RunAsync(Tiny("other", "--checkpoint", _place.File("states"), "--learning-rate", "0.25")));

        Assert.Equal(
            $"error: {_place.File("states/epoch-6.checkpoint")}: expected one of a training with --learning-rate 0.25 but it is of one with 0.001. Go on with the options it was made with, or begin anew without it.",
            terminal.OneErrorLine());
    }

    [Theory]
    [InlineData("--checkpoint-minutes needs --checkpoint DIR, the folder that states are kept in.", "--checkpoint-minutes", "5")]
    [InlineData("--checkpoint-minutes must be 0 to 1000000; got -1.", "--checkpoint-minutes", "-1", "--checkpoint", "states")]
    public async Task Train_OptionsThatDoNotFit_SaysSoBeforeAnythingIsRead(string expected, params string[] more)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync(Tiny("out", more)));

        Assert.Equal("error: " + expected, terminal.OneErrorLine());
        Assert.Empty(_place.Entries);
    }

    [Fact]
    public async Task Train_KilledAtAnyMoment_EndsInTheBytesOfAnUnbrokenRun()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "What is killed there may leave files open for a while.");
        string[] command = ["train", "--dataset", "synthetic", "--limit", "1701", "--hidden", "61,20", "--epochs", "25", "--dropout", "0.1", "--patience", "20", "--schedule", "cosine", "--seed", "42"];
        Assert.Equal(ExitCode.Done, await new TestTerminal().RunAsync([.. command, "--output", _place.File("plain")]));
        string[] kept = [.. command, "--checkpoint", "states", "--output", "out"];

        // At moments that nobody chose: within an epoch, while a state is written, or between.
        for (var kill = 0; kill < 8; kill++)
        {
            using var process = Start(kept);
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("/25 ", StringComparison.Ordinal))
            {
            }

            await Task.Delay(Random.Shared.Next(60), TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(ExitCode.Done, await new TestTerminal().RunAsync([.. kept[..^3], _place.File("states"), "--output", _place.File("out")]));

        Assert.Equal(
            await File.ReadAllBytesAsync(_place.File("plain/digits.onnx"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(_place.File("out/digits.onnx"), TestContext.Current.CancellationToken));
        Assert.Equal(["epoch-24.checkpoint", "epoch-25.checkpoint"], Directory.GetFiles(_place.File("states")).Select(Path.GetFileName).Order());
    }

    private Process Start(params string[] args) =>
        Process.Start(new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "DigitML.Cli.dll"), .. args])
        {
            WorkingDirectory = _place.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
