using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.AutoML.Tuning;
using DigitML.Data;
using DigitML.Training;

namespace DigitML.AutoML;

/// <summary>
/// Searches networks and their settings, as ML.NET's <c>AutoMLExperiment</c> does trainers: give it data and minutes or a number of trials, get the
/// best model and the table of all that was tried.
/// </summary>
/// <example>
/// <code>
/// var digits = await Mnist.LoadAsync();
/// var result = await new MlpExperiment()
///     .SetDataset(digits.Train)
///     .SetTrainingTime(TimeSpan.FromMinutes(5))
///     .RunAsync();
/// Console.WriteLine(result.BestTrial);
/// result.Model.Save("digits.onnx");
/// </code>
/// </example>
public sealed class MlpExperiment
{
    private Func<ExperimentData>? _data;
    private ExperimentData? _split;
    private string? _datasetName;

    internal SearchSpace? Space { get; private set; }

    internal TimeSpan? TrainingTime { get; private set; }

    internal int MaximumTrials { get; private set; } = int.MaxValue;

    internal ExperimentMetric Metric { get; private set; } = ExperimentMetric.Accuracy;

    internal IExperimentMonitor? Monitor { get; private set; }

    internal IStudyStore? Study { get; private set; }

    internal ITuner? Tuner { get; private set; }

    internal IReadOnlyList<ITrialTrainer> Trainers { get; private set; } = [new MlpTrialTrainer()];

    internal string Name { get; private set; } = "study";

    internal int Seed { get; private set; } = 1;

    internal int Workers { get; private set; } = 1;

    internal int Threads { get; private set; }

    internal TimeSpan Lease { get; private set; } = TimeSpan.FromSeconds(60);

    internal double ValidationFraction { get; private set; } = 0.2;

    internal bool Refit { get; private set; } = true;

    internal CancellationToken SearchEnd { get; private set; }

    /// <summary>What is learnt: pictures.</summary>
    /// <param name="train">Labelled pictures. Without <paramref name="validation"/> a share of each class is held out for the search, and given back for the winner's last training.</param>
    /// <param name="validation">What trials are compared on; null to hold out.</param>
    public MlpExperiment SetDataset(LabelledImages train, LabelledImages? validation = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        (_datasetName, _split) = (train.Name, null);
        _data = () => ExperimentData.Of(train, validation, ValidationFraction, Seed);
        return this;
    }

    /// <summary>What is learnt: a table.</summary>
    /// <param name="train">Labelled rows. Without <paramref name="validation"/> a share of each class is held out for the search, and given back for the winner's last training.</param>
    /// <param name="validation">What trials are compared on; null to hold out.</param>
    public MlpExperiment SetDataset(LabelledFeatures train, LabelledFeatures? validation = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        (_datasetName, _split) = (train.Name, null);
        _data = () => ExperimentData.Of(train, validation, ValidationFraction, Seed);
        return this;
    }

    /// <summary>Where to search. Without it: the trainers' own spaces.</summary>
    /// <param name="space">The settings, their ranges and choices.</param>
    public MlpExperiment SetSearchSpace(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        Space = space;
        return this;
    }

    /// <summary>How long the experiment may take, the winner's last training included: the search leaves time for it, at most half; where that is short, the last training has fewer epochs.</summary>
    /// <param name="time">Above zero.</param>
    public MlpExperiment SetTrainingTime(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        TrainingTime = time;
        return this;
    }

    /// <summary>How many trials the study may have; it ends when none of them goes on.</summary>
    /// <param name="trials">At least 1.</param>
    public MlpExperiment SetMaximumTrials(int trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        MaximumTrials = trials;
        return this;
    }

    /// <summary>What trials are compared by. Without it: accuracy.</summary>
    /// <param name="metric">Which.</param>
    public MlpExperiment SetMetric(ExperimentMetric metric)
    {
        Metric = Enum.IsDefined(metric) ? metric : throw new ArgumentOutOfRangeException(nameof(metric), metric, "The metric must be Accuracy, MacroAccuracy or LogLoss.");
        return this;
    }

    /// <summary>Who is told how it goes.</summary>
    /// <param name="monitor">Called from the threads that train.</param>
    public MlpExperiment SetMonitor(IExperimentMonitor monitor)
    {
        Monitor = monitor;
        return this;
    }

    /// <summary>Where trials are kept. Without it they are in memory and end with the process.</summary>
    /// <param name="study">A file, or a database that several machines share; whoever made it disposes of it.</param>
    /// <param name="name">What the study is called there.</param>
    public MlpExperiment SetStudy(IStudyStore study, string name = "study")
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (Study, Name) = (study, name);
        return this;
    }

    /// <summary>What decides what is tried next. Without it: <see cref="HalvingTuner"/>.</summary>
    /// <param name="tuner">The tuner.</param>
    public MlpExperiment SetTuner(ITuner tuner)
    {
        ArgumentNullException.ThrowIfNull(tuner);
        Tuner = tuner;
        return this;
    }

    /// <summary>Which trainers compete. Without it: our networks alone.</summary>
    /// <param name="trainers">Each of another name.</param>
    public MlpExperiment SetTrainers(params IReadOnlyList<ITrialTrainer> trainers)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        if (trainers.Count == 0 || trainers.DistinctBy(trainer => trainer.Name).Count() < trainers.Count)
        {
            throw new ArgumentException($"Trainers must be at least one, each of another name; got {(trainers.Count == 0 ? "none" : string.Join(", ", trainers.Select(trainer => trainer.Name)))}.", nameof(trainers));
        }

        Trainers = trainers;
        return this;
    }

    /// <summary>Where all chance comes from. The same seed and number of trials give the same table on one worker.</summary>
    /// <param name="seed">Any; 1 without it.</param>
    public MlpExperiment SetSeed(int seed)
    {
        Seed = seed;
        return this;
    }

    /// <summary>How many trials this process trains at a time, and on how many threads in all.</summary>
    /// <param name="workers">At least 1; 1 without it.</param>
    /// <param name="threads">Shared among the workers; 0 for one per processor.</param>
    public MlpExperiment SetWorkers(int workers, int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        (Workers, Threads) = (workers, threads);
        return this;
    }

    /// <summary>How long a trial belongs to a worker that has fallen silent. Workers renew it three times in that time.</summary>
    /// <param name="lease">At least 1 s; a minute without it.</param>
    public MlpExperiment SetLease(TimeSpan lease)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lease, TimeSpan.FromSeconds(1));
        Lease = lease;
        return this;
    }

    /// <summary>The share of each class that trials are compared on, where no validation data were given.</summary>
    /// <param name="fraction">Above 0 and below 1; 0.2 without it.</param>
    public MlpExperiment SetValidationFraction(double fraction)
    {
        ValidationFraction = fraction is > 0 and < 1 ? fraction : throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The validation fraction must be above 0 and below 1.");
        return this;
    }

    /// <summary>Whether the best trial's settings are trained on all training data when the search is over. Workers among others leave that to one.</summary>
    /// <param name="refit">true without it.</param>
    public MlpExperiment SetRefit(bool refit)
    {
        Refit = refit;
        return this;
    }

    /// <summary>What ends the search before its time, as its time would: the best trial so far is trained on all training data.</summary>
    /// <param name="end">Ends the search alone; what is given to <see cref="RunAsync"/> ends everything.</param>
    public MlpExperiment SetSearchEnd(CancellationToken end)
    {
        SearchEnd = end;
        return this;
    }

    /// <summary>Searches, then trains the best trial's settings on all training data.</summary>
    /// <param name="cancellationToken">Ends the search; trials that are running are given back to the study, with which another run goes on.</param>
    /// <exception cref="InvalidOperationException">No data were set, or neither a time nor a number of trials.</exception>
    /// <exception cref="ArgumentException">The search space is empty or makes no sense; says where.</exception>
    /// <exception cref="IO.DigitException">The study cannot be opened or belongs to other data, a class has one example, or no trial reached a rung; one line.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<ExperimentResult> RunAsync(CancellationToken cancellationToken = default)
    {
        if (_data is null)
        {
            throw new InvalidOperationException("An experiment needs data: call SetDataset.");
        }

        if (TrainingTime is null && MaximumTrials == int.MaxValue)
        {
            throw new InvalidOperationException("An experiment needs an end: call SetTrainingTime or SetMaximumTrials.");
        }

        // Splitting and hashing take a moment for large data, and a caller's thread is not for that.
        var data = await Task.Run(ReadData, cancellationToken).ConfigureAwait(false);
        using var run = new ExperimentRun(this, data);
        return await run.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override string ToString() => $"experiment on {_datasetName ?? "no data yet"} by {Metric}";

    /// <summary>The data, split as trials see them; made once.</summary>
    internal ExperimentData ReadData() => _split ??= _data!();

    /// <summary>The space of one trainer as it is, or those of several under the choice of the trainer.</summary>
    internal SearchSpace SpaceFor(ExperimentData data)
    {
        if (Space is { } given)
        {
            return given;
        }

        if (Trainers.Count == 1)
        {
            return Named(Trainers[0].SpaceFor(data));
        }

        var choice = new ChoiceParameter(SearchSpace.TrainerSetting, [.. Trainers.Select(trainer => (SettingValue)trainer.Name)]);
        var spaces = Trainers.Select(trainer => (trainer.Name, Space: trainer.SpaceFor(data))).ToArray();
        return new SearchSpace([choice, .. spaces.SelectMany(trainer => trainer.Space.Parameters.Select(parameter => parameter with
        {
            Conditions = [new ParameterCondition(SearchSpace.TrainerSetting, [trainer.Name]), .. parameter.Conditions],
        }))])
        {
            Starts = [.. spaces.SelectMany(trainer => (trainer.Space.Starts.Count > 0 ? trainer.Space.Starts : [TrialSettings.Empty]).Select(start => new TrialSettings([new(SearchSpace.TrainerSetting, trainer.Name), .. start])))],
        };

        // Another trainer than ours alone: its trials say so.
        SearchSpace Named(SearchSpace space) => Trainers[0].Name == ITrialTrainer.Mlp
            ? space
            : new SearchSpace([new ChoiceParameter(SearchSpace.TrainerSetting, Trainers[0].Name), .. space.Parameters]) { Starts = space.Starts };
    }

    /// <summary>The tuner, or halving over as many epochs as the data need.</summary>
    internal ITuner TunerFor(ExperimentData data) =>
        Tuner ?? new HalvingTuner(data.Table is { } table ? new MlpOptions().ForTable(table.Count, hasValidation: true).Epochs : HalvingTuner.DefaultMaximumEpochs);
}
