using System.Globalization;
using DigitML.AutoML.Charts;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.IO;
using DigitML.Reports;

namespace DigitML.AutoML.Reports;

/// <summary>The tables of a study, as reports and notebooks show them.</summary>
internal static class StudyTables
{
    /// <summary>The best trials as ML.NET's Model Builder shows them: trainer, accuracy, macro accuracy, seconds, size.</summary>
    /// <param name="study">What it is about.</param>
    /// <param name="trials">Its trials.</param>
    /// <param name="count">Rows at most.</param>
    /// <param name="withSeconds">False for what shall be the same each time.</param>
    public static Block.Table Top(StudyDescription study, IReadOnlyList<TrialRecord> trials, int count, bool withSeconds = true) => new(
        ["Trainer", "Trial", "Accuracy", "Macro accuracy", "Log-loss", "Epochs", .. withSeconds ? ["Seconds"] : (string[])[], "Size"],
        [.. StudyStanding.Ranked(study, trials).Take(count).Select(trial => (string[])
        [
            trial.Trainer,
            Number(trial.Number),
            .. Scores(trial.Last!),
            .. withSeconds ? [Seconds(trial.Seconds)] : (string[])[],
            Size(trial.Last!.ModelBytes),
        ])]);

    /// <summary>Every trial by its number, and what it was set to.</summary>
    public static Block.Table All(IEnumerable<TrialRecord> trials) => new(
        ["Trial", "State", "Accuracy", "Macro accuracy", "Log-loss", "Epochs", "Seconds", "Settings"],
        [.. trials.Select(trial => (string[])
        [
            Number(trial.Number),
            trial.State.ToString().ToLowerInvariant(),
            .. trial.Last is { } last ? Scores(last) : ["–", "–", "–", "0"],
            Seconds(trial.Seconds),
            $"{trial.Settings}",
        ])])
    { HasTextLast = true };

    /// <summary>Trials that could not be trained, and why.</summary>
    public static Block.Table Failed(IEnumerable<TrialRecord> trials) => new(
        ["Trial", "Settings", "Reason"],
        [.. trials.Select(trial => (string[])[Number(trial.Number), $"{trial.Settings}", trial.Error ?? "not known"])])
    { HasTextLast = true };

    /// <summary>Bytes as people read them.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => Invariant($"{bytes} B"),
        < 1_000_000 => Invariant($"{bytes / 1e3:0} kB"),
        _ => Invariant($"{bytes / 1e6:0.0} MB"),
    };

    /// <summary>A time as people read it.</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 120 => Invariant($"{seconds:0.0} s"),
        < 7_200 => Invariant($"{seconds / 60:0.0} min"),
        _ => Invariant($"{seconds / 3600:0.0} h"),
    };

    private static string[] Scores(RungResult rung) =>
        [Percent.Format(rung.Score.Accuracy), Percent.Format(rung.Score.MacroAccuracy), ScoreScale.Format(ExperimentMetric.LogLoss, rung.Score.LogLoss), Number(rung.Epochs)];

    private static string Seconds(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
