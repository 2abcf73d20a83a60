using DigitML.AutoML.Charts;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.AutoML.Importance;

/// <summary>
/// How much each setting matters in a study, by functional analysis of variance (fANOVA; Hutter, Hoos and Leyton-Brown 2014): a regression forest learns scores
/// from settings, and the variance of what it says over the whole search space is shared out among the settings.
/// </summary>
/// <remarks>
/// The space is sampled evenly, so that it does not matter where the tuner looked most. A setting that exists under a condition is varied where it exists alone.
/// Marginals are means over sampled points rather than over the trees' leaves as in the paper, since conditions make the space no box.
/// </remarks>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Html])]
public sealed record SettingImportance
{
    /// <summary>Trials from which a forest is grown at least; with fewer there is nothing to say.</summary>
    public const int LeastTrials = 10;

    private const int Trees = 48;
    private const int Points = 192;
    private const int PlacesOfNumber = 12;

    /// <summary>Trials from which it is grown at most, evenly over their numbers: more would cost time and change little.</summary>
    private const int MostTrials = 600;

    private SettingImportance()
    {
    }

    /// <summary>The settings that have more than one value, those that matter most first; empty when there are too few trials.</summary>
    public IReadOnlyList<SettingShare> Settings { get; private init; } = [];

    /// <summary>Share of the variance that no setting explains alone but several do together, 0 to 1.</summary>
    public double Together { get; private init; }

    /// <summary>Trials that the forest learnt from.</summary>
    public int Trials { get; private init; }

    /// <summary>Epochs after which their scores are compared; 0 when there are too few.</summary>
    public int Epochs { get; private init; }

    /// <summary>Share of the scores' variance that the forest explains in trials that its trees have not seen, at most 1; about 0 or below when it has learnt nothing.</summary>
    public double Explained { get; private init; }

    /// <summary>Looks at a study. All its trials are compared at one rung: the highest that has several trials for each setting.</summary>
    /// <param name="study">What it is about.</param>
    /// <param name="trials">Its trials.</param>
    public static SettingImportance Of(StudyDescription study, IReadOnlyList<TrialRecord> trials)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(trials);
        var space = SearchSpace.FromJson(study.Space, study.Name);
        SearchParameter[] varied = [.. space.Parameters.Where(IsVaried)];
        var rung = RungOf(study.Rungs.Count, trials, varied.Length);
        TrialRecord[] learnt = [.. trials.Where(trial => trial.Settings is not null && trial.Rungs.Count > rung).OrderBy(trial => trial.Number)];
        if (learnt.Length < LeastTrials || varied.Length == 0)
        {
            return new SettingImportance { Trials = learnt.Length };
        }

        // What is very far behind the best counts as less far, so that a few failures are not all that is explained.
        var scale = new ScoreScale(study.Metric, learnt.Select(trial => trial.Rungs[rung].Score));
        var stride = Math.Max(1, (double)learnt.Length / MostTrials);
        TrialRecord[] some = [.. Enumerable.Range(0, Math.Min(learnt.Length, MostTrials)).Select(i => learnt[(int)(i * stride)])];
        return Explain(space, varied, some, rung, study, scale) with { Trials = some.Length, Epochs = study.Rungs[rung] };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{string.Join(", ", Settings)}; together {Percent.Format(Together)}";

    /// <summary>Whether there is something to choose.</summary>
    internal static bool IsVaried(SearchParameter parameter) => parameter switch
    {
        NumberParameter number => number.Minimum < number.Maximum,
        ChoiceParameter choice => choice.Values.Count > 1,
        _ => false,
    };

    /// <summary>The highest rung with enough trials for so many settings, else the first.</summary>
    private static int RungOf(int rungs, IReadOnlyList<TrialRecord> trials, int settings)
    {
        const int trialsPerSetting = 4;
        var wanted = Math.Max(LeastTrials, trialsPerSetting * settings);
        for (var rung = rungs - 1; rung > 0; rung--)
        {
            if (trials.Count(trial => trial.Rungs.Count > rung) >= wanted)
            {
                return rung;
            }
        }

        return 0;
    }

    private static SettingImportance Explain(SearchSpace space, SearchParameter[] varied, TrialRecord[] learnt, int rung, StudyDescription study, ScoreScale scale)
    {
        var points = new SpacePoints(space, varied);
        double[][] rows = [.. learnt.Select(trial => points.Encode(points.Of(trial.Settings!)))];
        double[] values = [.. learnt.Select(trial => scale.Share(trial.Rungs[rung].Score))];
        bool[] isCategory = [.. varied.Select(parameter => parameter is ChoiceParameter)];
        var forest = RegressionForest.Grow(rows, values, isCategory, Trees, study.Seed);
        SettingValue?[][] sample = [.. Enumerable.Range(0, Points).Select(point => points.Of(space.Sample(SeededRandom.OfItem(study.Seed, point))))];
        double[] said = [.. sample.Select(point => forest.Predict(points.Encode(point)))];
        var variance = Variance(said);
        var shares = new SettingShare[varied.Length];
        for (var i = 0; i < varied.Length; i++)
        {
            var (alone, total) = variance > 1e-12 ? Effects(forest, points, varied[i], sample, study.Seed) : (0, 0);
            var share = variance > 1e-12 ? Math.Min(1, alone / variance) : 0;
            shares[i] = new SettingShare(varied[i].Name, share, variance > 1e-12 ? Math.Clamp(total / variance, share, 1) : 0);
        }

        return new SettingImportance
        {
            Settings = [.. shares.OrderByDescending(share => share.Total).ThenBy(share => share.Name, StringComparer.Ordinal)],
            Together = variance > 1e-12 ? Math.Max(0, 1 - shares.Sum(share => share.Alone)) : 0,
            Explained = ExplainedOf(rows, values, isCategory, study.Seed),
        };
    }

    /// <summary>
    /// The variance of the means over all points for each value of a setting, and the mean over the points of the variance over its values: what it does
    /// by itself, and what it does in company too. Both weighted by how often it exists.
    /// </summary>
    private static (double Alone, double Total) Effects(RegressionForest forest, SpacePoints points, SearchParameter parameter, SettingValue?[][] sample, int seed)
    {
        SettingValue[] places = parameter switch
        {
            NumberParameter number => [.. Enumerable.Range(0, PlacesOfNumber).Select(place => (SettingValue)number.FromUnit((place + 0.5) / PlacesOfNumber)).Distinct()],
            ChoiceParameter choice => [.. choice.Values],
            _ => [],
        };
        var index = points.IndexOf(parameter);
        SettingValue?[][] within = [.. sample.Where(point => point[index] is not null)];
        if (places.Length < 2 || within.Length == 0)
        {
            return (0, 0);
        }

        var means = new double[places.Length];
        var total = 0.0;
        for (var point = 0; point < within.Length; point++)
        {
            var random = SeededRandom.OfItem(seed, Points + point);
            var said = new double[places.Length];
            for (var place = 0; place < places.Length; place++)
            {
                // What comes to exist by the change is random, what ceases to exist is left out.
                said[place] = forest.Predict(points.Encode(points.Changed(within[point], index, places[place], random)));
                means[place] += said[place] / within.Length;
            }

            total += Variance(said) / within.Length;
        }

        var share = (double)within.Length / sample.Length;
        return (share * Variance(means), share * total);
    }

    /// <summary>How well forests of four fifths of the trials tell the other fifth: 1 − error / variance.</summary>
    private static double ExplainedOf(double[][] rows, double[] values, bool[] isCategory, int seed)
    {
        var variance = Variance(values);
        if (variance <= 1e-12)
        {
            return 0;
        }

        var error = 0.0;
        const int folds = 5;
        for (var fold = 0; fold < folds; fold++)
        {
            int[] others = [.. Enumerable.Range(0, rows.Length).Where(row => row % folds != fold)];
            var forest = RegressionForest.Grow([.. others.Select(row => rows[row])], [.. others.Select(row => values[row])], isCategory, Trees, seed);
            for (var row = fold; row < rows.Length; row += folds)
            {
                var miss = forest.Predict(rows[row]) - values[row];
                error += miss * miss;
            }
        }

        return 1 - (error / rows.Length / variance);
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / values.Length;
    }
}

/// <summary>How much one setting matters.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Alone">Share of the variance that it explains by itself, 0 to 1.</param>
/// <param name="Total">The same with what it explains together with others, 0 to 1. These overlap, so that their sum may be above 1.</param>
public readonly record struct SettingShare(string Name, double Alone, double Total)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Percent.Format(Alone)} alone, {Percent.Format(Total)} in all";
}
