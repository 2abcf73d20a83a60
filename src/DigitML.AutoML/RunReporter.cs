using System.Diagnostics;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.AutoML.Tuning;
using DigitML.Training;

namespace DigitML.AutoML;

/// <summary>Tells an experiment's monitor what happens, one thing at a time.</summary>
internal sealed class RunReporter(MlpExperiment experiment, StudyView view, Stopwatch clock, Lock gate)
{
    private double _bestGoodness = double.NegativeInfinity;
    private int _bestRung = -1;

    public void Report(Action<IExperimentMonitor, TrialReport> tell, TrialRecord trial, EpochReport? epoch = null)
    {
        if (experiment.Monitor is not { } monitor)
        {
            return;
        }

        lock (gate)
        {
            var left = experiment.TrainingTime - clock.Elapsed;
            tell(monitor, new TrialReport { Trial = trial, Study = view, Epoch = epoch, Elapsed = clock.Elapsed, Left = left < TimeSpan.Zero ? TimeSpan.Zero : left });
        }
    }

    /// <summary>Tells of a rung that a trial has reached, and whether it leads.</summary>
    public void ReportFinished(int number, RungResult result)
    {
        lock (gate)
        {
            var trial = AsOf(view.Find(number)!, result);
            var goodness = result.Score.Goodness(experiment.Metric);
            var isBest = result.Rung > _bestRung || (result.Rung == _bestRung && goodness > _bestGoodness);
            if (isBest)
            {
                (_bestRung, _bestGoodness) = (result.Rung, goodness);
            }

            Report((monitor, report) => monitor.ReportCompletedTrial(report), trial);
            if (isBest)
            {
                Report((monitor, report) => monitor.ReportBestTrial(report), trial);
            }
        }
    }

    /// <summary>A trial as the rung left it: since it was recorded another worker may have taken the trial further, and tells of that itself.</summary>
    private static TrialRecord AsOf(TrialRecord trial, RungResult result) => trial.Last?.Rung == result.Rung
        ? trial
        : trial with { State = TrialState.Paused, Worker = null, Rungs = [.. trial.Rungs.TakeWhile(rung => rung.Rung <= result.Rung)] };

    /// <summary>Passes on what a database says of itself, until disposed of.</summary>
    public IDisposable? NoticesOf(IStudyStore store)
    {
        if (experiment.Monitor is not { } monitor || store is not DatabaseStudy database)
        {
            return null;
        }

        Action<string> tell = notice =>
        {
            lock (gate)
            {
                monitor.ReportNotice(notice);
            }
        };
        database.Notice += tell;
        return new Subscription(() => database.Notice -= tell);
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
