using DigitML.AutoML.Spaces;
using DigitML.Training;

namespace DigitML.AutoML.Trials;

/// <summary>Our networks as trials.</summary>
/// <param name="options">What the search space leaves open; null for the defaults.</param>
public sealed class MlpTrialTrainer(MlpOptions? options = null) : ITrialTrainer
{
    private readonly MlpOptions _options = options ?? new MlpOptions();

    /// <inheritdoc/>
    public string Name => ITrialTrainer.Mlp;

    /// <inheritdoc/>
    public SearchSpace SpaceFor(ExperimentData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Table is null ? SearchSpace.ForImages() : SearchSpace.ForTables();
    }

    /// <inheritdoc/>
    public bool RefitsByEpochs => true;

    /// <inheritdoc/>
    public ITrialTraining Begin(TrialRequest request) => new MlpTrialTraining(OptionsOf(request), request);

    /// <inheritdoc/>
    public ExperimentModel Refit(TrialRequest request, IProgress<EpochReport>? progress, CancellationToken cancellationToken)
    {
        var options = OptionsOf(request);
        var result = new MlpTrainer(options).Fit(request.Data.ToTrainingData(), progress, cancellationToken);
        return new MlpExperimentModel(result.Model, result.History);
    }

    /// <inheritdoc/>
    public ExperimentModel Load(string path) => new MlpExperimentModel(Models.Mlp.Load(path));

    /// <summary>A request's options: the search decides when to stop, so that patience would be one judge too many.</summary>
    internal MlpOptions OptionsOf(TrialRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Space.Apply(_options with { EarlyStoppingPatience = 0, WarmupEpochs = request.MaximumEpochs > 3 ? 1 : 0, Epochs = request.MaximumEpochs, Seed = request.Seed, Threads = request.Threads }, request.Settings);
    }
}
