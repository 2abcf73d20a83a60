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
    public void Report_InATerminal_EstimatesTheTimeThatIsLeftForAllEpochs()
    {
        var terminal = new TestTerminal(isLive: true);
        var view = new EpochView(terminal.Terminal, isSynthetic: false);

        // Half a second for 11 of 37 images: twelve epochs take 20.2 s, of which one half is over.
        view.Report(Report(1, 11, isComplete: false, null));
        Assert.Contains(" %  20 s left  loss", TestTerminal.Plain(terminal.Output));

        // Two epochs of 0.5 s and of 100 s; half a second of the third is over.
        view.Report(Report(1, 37, isComplete: true, 0.2));
        view.Report(Report(2, 37, isComplete: true, 0.2) with { Seconds = 100 });
        view.Report(Report(3, 11, isComplete: false, null));
        Assert.Contains(" %  8 min 22 s left  loss 0.2877  22 images/s", TestTerminal.Plain(terminal.Output));
    }

    [Fact]
    public void Report_InATerminalOf80Columns_LeavesTheRateOutBeforeAnythingElse()
    {
        var terminal = new TestTerminal(isLive: true);
        var view = new EpochView(terminal.Terminal, isSynthetic: true);
        view.Report(Report(1, 37, isComplete: true, 0.2) with { Seconds = 5000 });
        view.Report(Report(2, 36, isComplete: false, null));

        var line = TestTerminal.Plain(terminal.Output).Split('\n')[^1];
        Assert.EndsWith(" 97 %  15 h 16 min left  loss 0.2877 (synthetic)", line);
        Assert.True(line.Length < 80, line);
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(41.2, "42 s")]
    [InlineData(59.5, "1 min 00 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(3900, "1 h 05 min")]
    [InlineData(183_600, "2 d 3 h")]
    [InlineData(double.PositiveInfinity, "9999 d 0 h")]
    public void Duration_AnyTime_IsSaidAsOneWouldSayIt(double seconds, string expected) => Assert.Equal(expected, EpochView.Duration(seconds));

    [Fact]
    public void Report_InANarrowTerminal_IsCutInsteadOfWrapped()
    {
        var terminal = new TestTerminal(isLive: true, width: 31);
        new EpochView(terminal.Terminal, isSynthetic: false).Report(Report(1, 11, isComplete: false, null));

        Assert.Equal(30, terminal.Output.Split('\n')[^1].Length);
    }
}
