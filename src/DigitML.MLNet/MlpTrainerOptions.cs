using DigitML.Training;

namespace DigitML.MLNet;

/// <summary>What decides a run of <see cref="MlpMulticlassTrainer"/>: its columns and the network's options.</summary>
public sealed record MlpTrainerOptions
{
    /// <summary>The label's column: a key of known count, as <c>MapValueToKey</c> makes it.</summary>
    /// <value>Label.</value>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The features' column: a vector of <see cref="float"/> of known size.</summary>
    /// <value>Features.</value>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>The column of weights, <see cref="float"/>, finite and at least 0: how much each row counts in the loss.</summary>
    /// <value>null: all rows count alike.</value>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>The network and its training. <see cref="MlpOptions.ValidationFraction"/> is held out of the rows unless a validation set is given.</summary>
    /// <value>The defaults of <see cref="MlpOptions"/>.</value>
    public MlpOptions Network { get; init; } = new();

    /// <summary>
    /// Whether small tables are given more epochs: so many that the network is updated at least <see cref="LeastUpdates"/> times, unless a
    /// fifth of them pass without a lower validation loss; the epoch with the lowest is kept. Without a weight decay of its own such a
    /// network gets one of 0.3.
    /// </summary>
    /// <value>true. Twenty-five epochs of MNIST are 37,500 updates, of a hundred rows they are 100, from which nothing is learnt.</value>
    public bool MoreEpochsForSmallTables { get; init; } = true;

    /// <summary>Updates at least, with <see cref="MoreEpochsForSmallTables"/>.</summary>
    /// <value>2,500.</value>
    public int LeastUpdates { get; init; } = 2500;

    /// <summary>Told several times a second within an epoch, and once when each is over, on the thread that fits.</summary>
    /// <value>null. Lines for each epoch go to <c>MLContext.Log</c> in any case.</value>
    public IProgress<EpochReport>? Progress { get; init; }

    /// <summary>Ends training after the running batch; the best model so far is kept, and the log says so.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Throws when an option is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the option, its range and what was given.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(LabelColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(FeatureColumnName);
        ArgumentNullException.ThrowIfNull(Network);
        ArgumentOutOfRangeException.ThrowIfLessThan(LeastUpdates, 1);
        Network.Validate();
    }

    /// <inheritdoc/>
    public override string ToString() => Invariant($"{nameof(MlpTrainerOptions)} {{ {LabelColumnName} of {FeatureColumnName}, {Network} }}");
}
