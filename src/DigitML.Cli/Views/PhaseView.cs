using DigitML.Data;
using DigitML.IO;
using DigitML.Training;

namespace DigitML.Cli.Views;

/// <summary>Where a training run's time went: its rate, and a line for each phase that took any.</summary>
internal static class PhaseView
{
    /// <summary>Shows a run whose phases were measured.</summary>
    public static void Show(Terminal terminal, TrainingResult result)
    {
        var history = result.History;
        var images = (double)history.TrainingImages * history.Epochs.Count;
        var note = SyntheticDigits.NoteOf(history.IsSynthetic);
        terminal.SayMarkup(FormattableString.Invariant($"[bold]Where the time went[/] at {images / history.TrainSeconds:N0} images/s{note}"));
        terminal.Say("  phase             seconds      share");
        foreach (var time in result.Phases.Where(time => time.Share >= 0.0005))
        {
            terminal.Say(FormattableString.Invariant($"  {NameOf(time.Phase),-16}{time.Seconds,9:F3}{Percent.Format(time.Share, 1),11}"));
        }
    }

    private static string NameOf(TrainingPhase phase) => phase switch
    {
        TrainingPhase.InputGradient => "input gradient",
        TrainingPhase.WeightUpdate => "weight update",
        _ => phase.ToString().ToLowerInvariant(),
    };
}
