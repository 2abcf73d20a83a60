using System.Globalization;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;

namespace DigitML.Cli.Views;

/// <summary>An evaluation as text: headline figures, confusion matrix, one line a class.</summary>
internal static class EvaluationView
{
    /// <summary>Shows an evaluation.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="evaluation">What to show.</param>
    /// <param name="examples">What was evaluated: images or rows.</param>
    public static void Show(Terminal terminal, EvaluationResult evaluation, string examples = "images")
    {
        var name = NameOf(evaluation);
        var note = SyntheticDigits.NoteOf(evaluation.IsSynthetic);
        var top = Math.Min(3, evaluation.ConfusionMatrix.ClassCount);
        terminal.SayMarkup($"[bold]Accuracy on {name}: {Share(evaluation.MicroAccuracy)}[/], 95 % interval {evaluation.AccuracyInterval}");
        terminal.Say(Invariant($"  {evaluation.Count:N0} {examples}{(evaluation.Views is { } views ? Invariant($" in {views} views each") : "")}, macro accuracy {Share(evaluation.MacroAccuracy)}, top-{top} accuracy {Share(evaluation.TopKAccuracy(top))}{note}"));
        terminal.Say(Invariant($"  log-loss {evaluation.LogLoss:F4}, calibration error {evaluation.ExpectedCalibrationError:F4}{note}"));
        terminal.Say();
        terminal.SayMarkup($"[bold]Confusion matrix, {name}[/]");
        foreach (var line in evaluation.ConfusionMatrix.ToString().Split('\n'))
        {
            terminal.Say(line);
        }

        terminal.Say();
        terminal.SayMarkup($"[bold]Each class, {name}[/]");
        terminal.Say($"     class{examples,9}   precision     recall         F1   log-loss");
        foreach (var metrics in evaluation.PerClass)
        {
            terminal.Say(Invariant($"{Cut(evaluation.ConfusionMatrix.NameOf(metrics.Class)),10}{metrics.Support,9:N0}{Share(metrics.Precision),12}{Share(metrics.Recall),11}{Share(metrics.F1),11}{Number(metrics.LogLoss),11}{note}"));
        }
    }

    /// <summary>The data's name, which says when a program drew them.</summary>
    public static string NameOf(EvaluationResult evaluation) => SyntheticDigits.NameOf(evaluation.Dataset, evaluation.IsSynthetic);

    /// <summary>A share as people read it; a dash where there is none.</summary>
    private static string Share(double share) => Percent.Format(share, none: "-");

    private static string Cut(string name) => name.Length > 10 ? $"{name[..9]}…" : name;

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("F4", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
