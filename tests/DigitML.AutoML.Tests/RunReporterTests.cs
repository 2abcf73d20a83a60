using System.Diagnostics;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.AutoML.Tuning;

namespace DigitML.AutoML.Tests;

public class RunReporterTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    public void ReportFinished_TrialThatOthersTookFurther_IsToldAsTheRungLeftIt(int rungs, int finished)
    {
        var results = Enumerable.Range(0, rungs).Select(rung => new RungResult
        {
            Rung = rung,
            Epochs = rung + 1,
            Score = new TrialScore { Accuracy = 0.5 + (0.1 * rung), MacroAccuracy = 0.5, LogLoss = 1 },
            Seconds = 1,
            ModelBytes = 100,
            FinishedAt = DateTimeOffset.UnixEpoch,
            Worker = "one",
        }).ToArray();
        var view = new StudyView(3, 2.5, ExperimentMetric.Accuracy);
        view.Apply(new StudyChanges([new TrialRecord { Number = 0, State = TrialState.Paused, Settings = TrialSettings.Empty, Rungs = results }], 1));
        var told = new Told();
        var reporter = new RunReporter(new MlpExperiment().SetMonitor(told), view, Stopwatch.StartNew(), new Lock());

        reporter.ReportFinished(0, results[finished]);

        Assert.Equal(finished, told.Completed!.Last!.Rung);
        Assert.Equal(results[..(finished + 1)], told.Completed.Rungs);
        Assert.Equal(TrialState.Paused, told.Completed.State);
    }

    private sealed class Told : IExperimentMonitor
    {
        public TrialRecord? Completed { get; private set; }

        public void ReportCompletedTrial(TrialReport report) => Completed = report.Trial;
    }
}
