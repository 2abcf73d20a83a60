using DigitML.AutoML.Trials;

namespace DigitML.AutoML.Studies;

/// <summary>Who is ahead in a study.</summary>
internal static class StudyStanding
{
    /// <summary>Trials with a result, the best first: by the rung reached, then by the metric there, then the older one.</summary>
    public static IEnumerable<TrialRecord> Ranked(StudyDescription study, IEnumerable<TrialRecord> trials) =>
        trials.Where(trial => trial.Last is not null).OrderByDescending(trial => trial.Rungs.Count).ThenByDescending(trial => trial.Last!.Score.Goodness(study.Metric)).ThenBy(trial => trial.Number);

    /// <summary>The first of <see cref="Ranked"/>; null when none has a result.</summary>
    public static TrialRecord? Best(StudyDescription study, IEnumerable<TrialRecord> trials) => Ranked(study, trials).FirstOrDefault();
}
