using DigitML.AutoML.Spaces;
using DigitML.Training;

namespace DigitML.AutoML.Trials;

/// <summary>What trains the trials of one name: our networks, or anything else that learns classes.</summary>
public interface ITrialTrainer
{
    /// <summary>The name of our networks' trainer.</summary>
    const string Mlp = "mlp";

    /// <summary>What it is called in <c>--trainers</c>, in tables and in a trial's settings.</summary>
    string Name { get; }

    /// <summary>What of it is searched.</summary>
    /// <param name="data">What is learnt.</param>
    SearchSpace SpaceFor(ExperimentData data);

    /// <summary>Whether <see cref="Refit"/> does no more than <see cref="TrialRequest.MaximumEpochs"/>, so that a search short of time may ask for fewer.</summary>
    bool RefitsByEpochs => false;

    /// <summary>Begins a trial, or goes on with one.</summary>
    /// <param name="request">Which.</param>
    /// <exception cref="ArgumentException">The settings make no sense; the trial fails with this message.</exception>
    ITrialTraining Begin(TrialRequest request);

    /// <summary>Trains a trial's settings on all data, from the beginning to the end.</summary>
    /// <param name="request">As for <see cref="Begin"/>; its data hold nothing out.</param>
    /// <param name="progress">Told how far it is, if it counts epochs.</param>
    /// <param name="cancellationToken">Ends it early; what is learnt by then is given.</param>
    ExperimentModel Refit(TrialRequest request, IProgress<EpochReport>? progress, CancellationToken cancellationToken);

    /// <summary>Reads a model that <see cref="ExperimentModel.Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    ExperimentModel Load(string path);
}

/// <summary>What a trainer is asked to train.</summary>
public sealed record TrialRequest
{
    /// <summary>What is learnt.</summary>
    public required ExperimentData Data { get; init; }

    /// <summary>The space that the settings are a point of.</summary>
    public required SearchSpace Space { get; init; }

    /// <summary>The point.</summary>
    public required TrialSettings Settings { get; init; }

    /// <summary>Epochs of a trial that is trained to the end; schedules end there.</summary>
    public required int MaximumEpochs { get; init; }

    /// <summary>Where its chance comes from.</summary>
    public required int Seed { get; init; }

    /// <summary>Threads that train; 0 for one per processor.</summary>
    public required int Threads { get; init; }

    /// <summary>What <see cref="ITrialTraining.Checkpoint"/> gave at the last rung; empty to begin anew.</summary>
    public ReadOnlyMemory<byte> Checkpoint { get; init; }
}

/// <summary>A trial while it is trained.</summary>
public interface ITrialTraining : IDisposable
{
    /// <summary>Trains on until so many epochs, or their share of other work, are done, and scores on the validation data.</summary>
    /// <param name="epochs">More than were done, at most <see cref="TrialRequest.MaximumEpochs"/>.</param>
    /// <param name="progress">Told of every epoch, if there are any.</param>
    /// <param name="cancellationToken">Ends it at once; nothing is scored then.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    TrialScore TrainTo(int epochs, IProgress<EpochReport>? progress, CancellationToken cancellationToken);

    /// <summary>What <see cref="ITrialTrainer.Begin"/> goes on from; empty where it can only begin anew.</summary>
    ReadOnlyMemory<byte> Checkpoint { get; }

    /// <summary>Bytes of the model as a file, as it stands.</summary>
    long ModelBytes { get; }
}
