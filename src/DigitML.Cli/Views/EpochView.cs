using System.Globalization;
using DigitML.Data;
using DigitML.IO;
using DigitML.Training;

namespace DigitML.Cli.Views;

/// <summary>
/// Shows training as it goes: one line for each epoch that is over and, where somebody is watching, a bar for the
/// running one below them.
/// </summary>
internal sealed class EpochView : IProgress<EpochReport>
{
    private const int BarWidth = 24;
    private readonly Terminal _terminal;
    private readonly string _note;
    private bool _headerShown;

    /// <summary>Creates the view.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="isSynthetic">Whether a program drew the images; every line of figures then says so.</param>
    public EpochView(Terminal terminal, bool isSynthetic)
    {
        _terminal = terminal;
        _note = SyntheticDigits.NoteOf(isSynthetic);
    }

    /// <inheritdoc/>
    public void Report(EpochReport value)
    {
        if (!_headerShown)
        {
            _headerShown = true;
            _terminal.SayMarkup($"[bold]{Header(value)}[/]");
        }

        if (value.IsComplete)
        {
            _terminal.Say(Line(value));
        }
        else
        {
            _terminal.Status(Running(value));
        }
    }

    // 68 columns, so that the note still fits into 80.
    private static string Header(EpochReport report) =>
        $" {"epoch".PadLeft(EpochWidth(report))}    loss   accuracy   val. loss   accuracy   images/s     time";

    private string Line(EpochReport report) =>
        Invariant($" {Epoch(report).PadLeft(EpochWidth(report))}  {report.TrainLoss,6:F4}  {Percent.Format(report.TrainAccuracy, none: "-"),9}  {report.ValidationLoss?.ToString("F4", CultureInfo.InvariantCulture) ?? "-",10}  {Percent.Format(report.ValidationAccuracy ?? double.NaN, none: "-"),9}  {Rate(report),9}  {report.Seconds,5:F2} s{_note}");

    private string Running(EpochReport report)
    {
        var filled = report.ImagesTotal == 0 ? 0 : (int)((long)BarWidth * report.ImagesDone / report.ImagesTotal);
        var (done, open) = _terminal.IsUnicode ? ('━', '━') : ('#', '.');
        var bar = $"[green]{new string(done, filled)}[/][grey35]{new string(open, BarWidth - filled)}[/]";
        return Invariant($" {Epoch(report).PadLeft(EpochWidth(report))}  {bar} {100L * report.ImagesDone / Math.Max(1, report.ImagesTotal),3} %  loss {report.TrainLoss:F4}  {Rate(report)} images/s{_note}");
    }

    private static int EpochWidth(EpochReport report) => Math.Max(5, 2 * Digits(report) + 1);

    private static string Epoch(EpochReport report) =>
        Invariant($"{report.Epoch.ToString(CultureInfo.InvariantCulture).PadLeft(Digits(report))}/{report.Epochs}");

    private static int Digits(EpochReport report) => report.Epochs.ToString(CultureInfo.InvariantCulture).Length;

    private static string Rate(EpochReport report) =>
        report.Seconds > 0 ? (report.ImagesDone / report.Seconds).ToString("N0", CultureInfo.InvariantCulture) : "-";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
