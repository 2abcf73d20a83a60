using DigitML.AutoML;
using DigitML.AutoML.Studies;
using DigitML.Data;
using DigitML.IO;
using DigitML.Models;
using DigitML.Web.Studies;

namespace DigitML.Web.Trainings;

/// <summary>A search begun from the page: tells how it stands, and shows its study.</summary>
/// <param name="shown">Where the study is shown.</param>
/// <param name="change">Changes how it stands.</param>
/// <param name="keep">Gets the model.</param>
internal sealed class TrainingSearch(ShownStudy shown, Action<Func<TrainingDocument, TrainingDocument>> change, Action<Mlp> keep) : IExperimentMonitor
{
    /// <summary>Searches, then trains the best on all training data and measures it.</summary>
    /// <param name="time">How long that may take.</param>
    /// <param name="seed">Where all chance comes from.</param>
    /// <param name="data">What is learnt, and tested on.</param>
    /// <param name="stop">Ends the search; what is best so far is trained.</param>
    /// <param name="end">Ends that too.</param>
    public async Task RunAsync(TimeSpan time, int seed, DigitData data, CancellationToken stop, CancellationToken end)
    {
        await using var study = new MemoryStudy();
        var experiment = new MlpExperiment().SetDataset(data.Train).SetTrainingTime(time).SetSeed(seed).SetStudy(study, TrainingDesk.Search).SetMonitor(this).SetSearchEnd(stop);
        var running = experiment.RunAsync(end);
        while (study.Description is null && !running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None));
        }

        if (study.Description is { } description)
        {
            var isShown = shown.Show(new StudySource(study, description));
            change(standing => standing with { Search = standing.Search! with { IsShown = isShown } });
        }

        ExperimentResult result;
        try
        {
            result = await running;
        }
        catch (DigitException) when (stop.IsCancellationRequested)
        {
            // Stopped before any trial had a result.
            throw new OperationCanceledException();
        }

        var evaluation = result.Model!.Evaluate(data.Test, CancellationToken.None);
        keep(result.Model.Network!);
        change(standing => standing.Measured(evaluation, data.Test.Name) with
        {
            State = stop.IsCancellationRequested ? "stopped" : "done",
            Epochs = [.. result.Model.History!.Epochs.Select(EpochDocument.Of)],
            BestEpoch = result.Model.History.BestEpoch,
            Seconds = result.SearchSeconds + result.RefitSeconds,
            Now = null,
        });
    }

    /// <inheritdoc/>
    public void ReportRunningTrial(TrialReport report) => Tell(report);

    /// <inheritdoc/>
    public void ReportCompletedTrial(TrialReport report) => Tell(report);

    /// <inheritdoc/>
    public void ReportFailTrial(TrialReport report) => Tell(report);

    /// <inheritdoc/>
    public void ReportRefit(TrialReport report) => change(standing => standing with
    {
        State = "fitting",
        Seconds = report.Elapsed.TotalSeconds,
        PlannedEpochs = report.Epoch?.Epochs ?? 0,
        Epochs = report.Epoch is { IsComplete: true } done ? [.. standing.Epochs, EpochDocument.Of(done)] : standing.Epochs,
        Now = report.Epoch is { IsComplete: false } now ? EpochDocument.Of(now) : null,
    });

    private void Tell(TrialReport report)
    {
        var (trials, best) = (report.Study.Count, report.Study.Best);
        change(standing => standing with
        {
            Seconds = report.Elapsed.TotalSeconds,
            Search = standing.Search! with { Trials = trials, BestTrial = best?.Number, BestAccuracy = best?.Last?.Score.Accuracy },
        });
    }
}
