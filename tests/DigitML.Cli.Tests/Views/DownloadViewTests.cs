using DigitML.Cli.Views;
using DigitML.Data;

namespace DigitML.Cli.Tests.Views;

public class DownloadViewTests
{
    private static readonly Uri Address = new("https://mirror.example/train-labels-idx1-ubyte.gz");

    private static void Download(TestTerminal terminal)
    {
        var view = new DownloadView(terminal.Terminal);
        view.Report(new DownloadProgress("train-labels-idx1-ubyte", Address, 10_000, 28_881));
        view.Report(new DownloadProgress("train-labels-idx1-ubyte", Address, 28_881, 28_881));
        view.Report(new DownloadProgress("other", new Uri(Address, "other.gz"), 1_500_000, null));
    }

    [Fact]
    public void Report_WithoutATerminal_IsALineForEachFile()
    {
        var terminal = new TestTerminal();

        Download(terminal);

        Assert.Equal([$"Downloading {Address}", "Downloading https://mirror.example/other.gz"], terminal.Lines);
    }

    [Fact]
    public void Report_InATerminal_RedrawsOneLine()
    {
        var terminal = new TestTerminal(isLive: true);

        Download(terminal);

        Assert.Contains("train-labels-idx1-ubyte from mirror.example: 0.0 MB of 0.0 MB", terminal.Output);
        Assert.DoesNotContain('\n', terminal.Output);
    }
}
