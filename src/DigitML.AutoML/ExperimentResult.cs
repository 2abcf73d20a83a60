using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.IO;

namespace DigitML.AutoML;

/// <summary>What an experiment found.</summary>
/// <param name="Study">What it was about.</param>
/// <param name="Trials">All trials of the study, by number.</param>
/// <param name="BestTrial">The one whose settings won.</param>
/// <param name="Model">These settings trained on all training data; null after a search by <c>SetRefit(false)</c>.</param>
/// <param name="SearchSeconds">From the beginning to the last trial.</param>
/// <param name="RefitSeconds">What training the winner on all data took.</param>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Html])]
public sealed record ExperimentResult(
    StudyDescription Study,
    IReadOnlyList<TrialRecord> Trials,
    TrialRecord BestTrial,
    ExperimentModel? Model,
    double SearchSeconds,
    double RefitSeconds)
{
    /// <summary>What was learnt, split as trials saw it.</summary>
    public required ExperimentData Data { get; init; }


    /// <summary>The best trials by the metric at the last rung of each, then by that rung: as many as asked for.</summary>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<TrialRecord> Top(int count) => [.. StudyStanding.Ranked(Study, Trials).Take(count)];

    /// <inheritdoc/>
    public override string ToString() => Invariant($"{Study.Name}: best {BestTrial} of {Trials.Count} in {SearchSeconds:F0} s");
}
