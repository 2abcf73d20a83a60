using DigitML.Cli.Views;
using DigitML.Training;

namespace DigitML.Cli.Tests.Views;

public class EpochViewTests
{
    private static EpochReport Report(int epoch, int done, bool isComplete, double? validation) => new()
    {
        Epoch = epoch,
        Epochs = 12,
        ImagesDone = done,
        ImagesTotal = 37,
        IsComplete = isComplete,
        TrainLoss = 0.28765,
        TrainAccuracy = 0.91234,
        ValidationLoss = validation,
        ValidationAccuracy = validation is null ? null : 0.95,
        Seconds = 0.5,
        LearningRate = 0.001,
    };

    [Fact]
    public void Report_WithoutATerminal_IsALineForEachFinishedEpoch()
    {
        var terminal = new TestTerminal();
        var view = new EpochView(terminal.Terminal, isSynthetic: false);

        view.Report(Report(1, 11, isComplete: false, null));
        view.Report(Report(1, 37, isComplete: true, 0.2));
        view.Report(Report(2, 37, isComplete: true, null));

        Assert.Equal(
            [
                " epoch    loss   accuracy   val. loss   accuracy   images/s     time",
                "  1/12  0.2877    91.23 %      0.2000    95.00 %         74   0.50 s",
                "  2/12  0.2877    91.23 %           -          -         74   0.50 s",
            ],
            terminal.Lines);
    }

    [Fact]
    public void Report_SyntheticDigits_SaysSoInEveryLineOfFiguresWithin80Columns()
    {
        var terminal = new TestTerminal();
        new EpochView(terminal.Terminal, isSynthetic: true).Report(Report(12, 37, isComplete: true, 0.2));

        Assert.EndsWith("(synthetic)", terminal.Lines[1]);
        Assert.All(terminal.Lines, line => Assert.True(line.Length <= 80));
    }

    [Fact]
    public void Report_InATerminal_RedrawsTheRunningEpochOnOneLine()
    {
        var terminal = new TestTerminal(isLive: true);
        var view = new EpochView(terminal.Terminal, isSynthetic: false);

        view.Report(Report(1, 11, isComplete: false, null));
        view.Report(Report(1, 22, isComplete: false, null));
        view.Report(Report(1, 37, isComplete: true, 0.2));

        // The header, and the epoch that is over; what was redrawn between has ended no line.
        Assert.Equal(2, terminal.Output.Count(c => c == '\n'));
        Assert.Contains(" 29 %", terminal.Output);
        Assert.Contains("\r\u001b[2K  1/12  0.2877", terminal.Output);
    }

    [Fact]
    public void Report_InANarrowTerminal_IsCutInsteadOfWrapped()
    {
        var terminal = new TestTerminal(isLive: true, width: 31);
        new EpochView(terminal.Terminal, isSynthetic: false).Report(Report(1, 11, isComplete: false, null));

        Assert.Equal(30, terminal.Output.Split('\n')[^1].Length);
    }
}
