using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Training;
using DigitML.Web.Monitoring;

namespace DigitML.Web.Trainings;

/// <summary>One training at a time, begun from the page: how it stands after each epoch, and what has come of it.</summary>
internal sealed class TrainingDesk : IDisposable
{
    private readonly Lock _lock = new();
    private readonly DigitDataOptions _data;
    private readonly ILogger<TrainingDesk> _log;
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private TrainingDocument _standing = TrainingDocument.Idle;
    private Mlp? _model;

    /// <summary>Creates it.</summary>
    public TrainingDesk(WebOptions options, ILogger<TrainingDesk> log) => (_data, _log) = (options.TrainingData, log);

    /// <summary>How it stands.</summary>
    public TrainingDocument Standing
    {
        get
        {
            lock (_lock)
            {
                return _standing;
            }
        }
    }

    /// <summary>The best model so far; null before there is one.</summary>
    public Mlp? Model
    {
        get
        {
            lock (_lock)
            {
                return _model;
            }
        }
    }

    /// <summary>Begins to train.</summary>
    /// <param name="options">How.</param>
    /// <param name="recipe">What the page calls it.</param>
    /// <exception cref="BadHttpRequestException">409: one is running.</exception>
    public void Begin(MlpOptions options, string recipe)
    {
        lock (_lock)
        {
            if (!_running.IsCompleted)
            {
                throw new BadHttpRequestException("A training is running. Stop it first.", StatusCodes.Status409Conflict);
            }

            _stop.Dispose();
            _stop = new CancellationTokenSource();
            _model = null;
            _standing = new TrainingDocument("loading", recipe, options.Epochs);
            var stop = _stop.Token;
            _running = Task.Factory.StartNew(() => RunAsync(options, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        }
    }

    /// <summary>Stops the training; the best epoch so far is kept.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stop.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _stop.Dispose();
    }

    private async Task RunAsync(MlpOptions options, CancellationToken stop)
    {
        try
        {
            var data = await DigitData.LoadAsync(_data, cancellationToken: stop);
            Change(standing => standing with { State = "running", Dataset = data.Train.Name, Notice = data.Notice });
            _log.Training(options.Epochs, data.Train.Name);
            Train(options, data, stop);
        }
        catch (OperationCanceledException)
        {
            Change(standing => standing with { State = "stopped", Now = null });
        }
        catch (Exception error) when (error is DigitException or ArgumentException or OutOfMemoryException)
        {
            Change(standing => standing with { State = "failed", Error = error.Message, Now = null });
        }
    }

    private void Train(MlpOptions options, DigitData data, CancellationToken stop)
    {
        var trainer = new MlpTrainer(options);
        var split = TrainingData.Split(data.Train, options.ValidationFraction, options.Seed);
        var progress = new Reporter(report => Change(standing => standing with { Now = EpochDocument.Of(report) }));
        TrainingCheckpoint? checkpoint = null;
        var reason = StopReason.Cancelled;
        for (var epoch = 1; epoch <= options.Epochs; epoch++)
        {
            var result = trainer.FitUntil(split, epoch, checkpoint, progress, stop);
            // What is stopped is kept, and so measured to its end.
            var evaluation = result.Model.Evaluate(data.Test, cancellationToken: CancellationToken.None);
            lock (_lock)
            {
                _model = result.Model;
                _standing = _standing with
                {
                    Epochs = [.. result.History.Epochs.Select(EpochDocument.Of)],
                    BestEpoch = result.History.BestEpoch,
                    Accuracy = evaluation.MicroAccuracy,
                    TestImages = evaluation.Count,
                    TestSet = data.Test.Name,
                    ConfusionMatrix = Rows(evaluation.ConfusionMatrix),
                    Seconds = result.History.TrainSeconds,
                    Now = null,
                };
            }

            (checkpoint, reason) = (result.Checkpoint, result.History.StopReason);
            if (checkpoint is null || result.History.Epochs.Count < epoch || stop.IsCancellationRequested)
            {
                break;
            }
        }

        Change(standing => standing with { State = stop.IsCancellationRequested ? "stopped" : reason == StopReason.Diverged ? "failed" : "done", Now = null });
    }

    private static int[][] Rows(ConfusionMatrix matrix) =>
        [.. Enumerable.Range(0, matrix.ClassCount).Select(t => Enumerable.Range(0, matrix.ClassCount).Select(p => matrix[t, p]).ToArray())];

    private void Change(Func<TrainingDocument, TrainingDocument> change)
    {
        lock (_lock)
        {
            _standing = change(_standing);
        }
    }

    private sealed class Reporter(Action<EpochReport> report) : IProgress<EpochReport>
    {
        public void Report(EpochReport value)
        {
            if (!value.IsComplete)
            {
                report(value);
            }
        }
    }
}
