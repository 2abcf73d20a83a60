using DigitML.Data;

namespace DigitML.Training;

/// <summary>Trains a multilayer perceptron on labelled images.</summary>
public sealed class MlpTrainer
{
    /// <summary>Creates a trainer.</summary>
    /// <param name="options">What decides the run; null for the thesis's network and recipe.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public MlpTrainer(MlpOptions? options = null)
    {
        Options = options ?? new MlpOptions();
        Options.Validate();
    }

    /// <summary>What decides the run.</summary>
    public MlpOptions Options { get; }

    /// <summary>Trains.</summary>
    /// <param name="images">Labelled images; the validation split is taken from them.</param>
    /// <param name="progress">Told several times a second within an epoch, and once when each is over.</param>
    /// <param name="cancellationToken">Ends training after the running batch; the best model so far is returned, and says so.</param>
    /// <exception cref="ArgumentException">The images have no labels, or are too few to split.</exception>
    public TrainingResult Fit(LabelledImages images, IProgress<EpochReport>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
