using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Training;
using DigitML.Web.Monitoring;
using DigitML.Web.Studies;

namespace DigitML.Web.Trainings;

/// <summary>One training or search at a time, begun from the page: how it stands after each epoch, and what has come of it.</summary>
internal sealed class TrainingDesk : IDisposable
{
    /// <summary>What the page calls a search among the recipes.</summary>
    public const string Search = "search";

    private readonly Lock _lock = new();
    private readonly DigitDataOptions _data;
    private readonly ILogger<TrainingDesk> _log;
    private readonly ShownStudy _shown;
    private CancellationTokenSource _stop = new();
    private CancellationTokenSource _end = new();
    private Task _running = Task.CompletedTask;
    private TrainingDocument _standing = TrainingDocument.Idle;
    private Mlp? _model;

    /// <summary>Creates it.</summary>
    public TrainingDesk(WebOptions options, ShownStudy shown, ILogger<TrainingDesk> log) => (_data, _shown, _log) = (options.TrainingData, shown, log);

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
    public void Begin(MlpOptions options, string recipe) => Begin(new TrainingDocument("loading", recipe, options.Epochs), data =>
    {
        Change(standing => standing with { State = "running" });
        _log.Training(options.Epochs, data.Train.Name);
        Train(options, data, _stop.Token);
        return Task.CompletedTask;
    });

    /// <summary>Begins to search for a network; the best is trained on all training data.</summary>
    /// <param name="time">How long both may take.</param>
    /// <param name="seed">Where all chance comes from.</param>
    /// <exception cref="BadHttpRequestException">409: one is running.</exception>
    public void BeginSearch(TimeSpan time, int seed) => Begin(new TrainingDocument("loading", Search) { Search = new SearchDocument(time.TotalSeconds) }, data =>
    {
        Change(standing => standing with { State = "searching" });
        _log.Searching(time.TotalSeconds, data.Train.Name);
        return new TrainingSearch(_shown, Change, Keep).RunAsync(time, seed, data, _stop.Token, _end.Token);
    });

    /// <summary>Stops the training; the best epoch so far is kept. A search goes on to train its best; stopped while it does, it ends without a model.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (_stop.IsCancellationRequested || _standing.State == "fitting")
            {
                _end.Cancel();
            }

            _stop.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _stop.Cancel();
        _stop.Dispose();
        _end.Dispose();
    }

    private void Begin(TrainingDocument standing, Func<DigitData, Task> train)
    {
        lock (_lock)
        {
            if (!_running.IsCompleted)
            {
                throw new BadHttpRequestException("A training is running. Stop it first.", StatusCodes.Status409Conflict);
            }

            _stop.Dispose();
            _end.Dispose();
            (_stop, _end) = (new CancellationTokenSource(), new CancellationTokenSource());
            _model = null;
            _standing = standing;
            _running = Task.Factory.StartNew(() => RunAsync(train), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        }
    }

    private async Task RunAsync(Func<DigitData, Task> train)
    {
        try
        {
            var data = await DigitData.LoadAsync(_data, cancellationToken: _stop.Token);
            Change(standing => standing with { Dataset = data.Train.Name, Notice = data.Notice });
            await train(data);
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
                _standing = _standing.Measured(evaluation, data.Test.Name) with
                {
                    Epochs = [.. result.History.Epochs.Select(EpochDocument.Of)],
                    BestEpoch = result.History.BestEpoch,
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

    private void Keep(Mlp model)
    {
        lock (_lock)
        {
            _model = model;
        }
    }

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
