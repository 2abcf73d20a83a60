using System.Text.Json;
using System.Text.Json.Serialization;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;

namespace DigitML.Web.Studies;

/// <summary>The answer of <c>/api/study</c>.</summary>
/// <param name="Name">What the study is called.</param>
/// <param name="Dataset">The data's name.</param>
/// <param name="Tuner">What decides what is tried.</param>
/// <param name="Metric">What trials are compared by.</param>
/// <param name="Rungs">Epochs at each rung.</param>
/// <param name="Seed">Where all chance comes from.</param>
/// <param name="Counts">Trials by where they stand.</param>
/// <param name="TrainingSeconds">Of all trials together.</param>
/// <param name="Results">Results and failures so far; charts change when it does.</param>
/// <param name="Best">The one ahead; null for none.</param>
/// <param name="Top">The best five.</param>
/// <param name="Running">Trials that workers train, at most fifty.</param>
/// <param name="AgeSeconds">Since the store answered; null when it has not yet.</param>
/// <param name="Error">What the store said when it could not be read; null otherwise.</param>
internal sealed record StudyDocument(
    string Name,
    string Dataset,
    string Tuner,
    string Metric,
    IReadOnlyList<int> Rungs,
    int Seed,
    CountsDocument Counts,
    double TrainingSeconds,
    int Results,
    RankedDocument? Best,
    IReadOnlyList<RankedDocument> Top,
    IReadOnlyList<RunningDocument> Running,
    double? AgeSeconds,
    string? Error)
{
    private const int MostTop = 5;
    private const int MostRunning = 50;

    /// <summary>Describes a study at one moment.</summary>
    public static StudyDocument Of(StudyDescription study, StudyLook look)
    {
        RankedDocument[] top = [.. StudyStanding.Ranked(study, look.Trials).Take(MostTop).Select(RankedDocument.Of)];
        return new StudyDocument(
            study.Name,
            DigitML.Data.SyntheticDigits.NameOf(study.Dataset, study.IsSynthetic),
            study.Tuner,
            study.Metric.ToString(),
            study.Rungs,
            study.Seed,
            new CountsDocument(Count(TrialState.Waiting), Count(TrialState.Running), Count(TrialState.Paused), Count(TrialState.Finished), Count(TrialState.Failed)),
            Math.Round(look.Trials.Sum(trial => trial.Seconds), 1),
            look.Results,
            top.FirstOrDefault(),
            top,
            [.. look.Trials.Where(trial => trial.State == TrialState.Running).Take(MostRunning).Select(trial => RunningDocument.Of(study, trial))],
            look.Age is { } age ? Math.Round(age.TotalSeconds, 1) : null,
            look.Error);

        int Count(TrialState state) => look.Trials.Count(trial => trial.State == state);
    }

    /// <summary>A trial's settings as a JSON object.</summary>
    internal static JsonElement SettingsOf(TrialRecord trial) => JsonElement.Parse(trial.Settings?.ToJson() ?? "{}");
}

/// <summary>Trials by where they stand.</summary>
internal sealed record CountsDocument(int Waiting, int Running, int Paused, int Finished, int Failed);

/// <summary>A trial that has reached a rung.</summary>
internal sealed record RankedDocument(int Trial, string Trainer, double Accuracy, double MacroAccuracy, double? LogLoss, int Epochs, double Seconds, long Bytes, JsonElement Settings)
{
    /// <summary>Describes one; a log-loss that is no number is null.</summary>
    public static RankedDocument Of(TrialRecord trial)
    {
        var last = trial.Last!;
        return new RankedDocument(
            trial.Number,
            trial.Trainer,
            last.Score.Accuracy,
            last.Score.MacroAccuracy,
            double.IsFinite(last.Score.LogLoss) ? last.Score.LogLoss : null,
            last.Epochs,
            Math.Round(trial.Seconds, 2),
            last.ModelBytes,
            StudyDocument.SettingsOf(trial));
    }
}

/// <summary>A trial that is being trained.</summary>
internal sealed record RunningDocument(int Trial, string Trainer, string Worker, int Epochs, int NextEpochs, JsonElement Settings)
{
    /// <summary>Describes one; of the worker the machine and which of its workers, without what only that machine knows.</summary>
    public static RunningDocument Of(StudyDescription study, TrialRecord trial) => new(
        trial.Number,
        trial.Trainer,
        trial.Worker?.Split('/') is [var machine, .., var index] ? $"{machine}/{index}" : trial.Worker ?? "–",
        trial.Last?.Epochs ?? 0,
        study.Rungs[Math.Min(trial.Rungs.Count, study.Rungs.Count - 1)],
        StudyDocument.SettingsOf(trial));
}

/// <summary>How the study's answer is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(StudyDocument))]
internal sealed partial class StudyJson : JsonSerializerContext;
