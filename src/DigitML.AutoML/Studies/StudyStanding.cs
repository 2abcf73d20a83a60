using DigitML.AutoML.Trials;

namespace DigitML.AutoML.Studies;

/// <summary>Who is ahead in a study.</summary>
/// <remarks>
/// A trial is judged by its last result, at whatever rung: who does better after fewer epochs than another after more would do better still, and
/// who was sent on early, when there were few to choose from, is not the best for that.
/// </remarks>
internal static class StudyStanding
{
    /// <summary>Trials with a result, the best first: by the metric at its last rung, then by that rung, then the older one.</summary>
    public static IEnumerable<TrialRecord> Ranked(StudyDescription study, IEnumerable<TrialRecord> trials) =>
        trials.Where(trial => trial.Last is not null).OrderByDescending(trial => trial.Last!.Score.Goodness(study.Metric)).ThenByDescending(trial => trial.Rungs.Count).ThenBy(trial => trial.Number);

    /// <summary>The first of <see cref="Ranked"/>; null when none has a result.</summary>
    public static TrialRecord? Best(StudyDescription study, IEnumerable<TrialRecord> trials) => Ranked(study, trials).FirstOrDefault();
}
