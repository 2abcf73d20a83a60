using System.Globalization;
using DigitML.Data;
using DigitML.IO;
using DigitML.Training;

namespace DigitML.Cli.Views;

/// <summary>
/// Shows training as it goes: one line for each epoch that is over and, where somebody is watching, a bar for the
/// running one below them, with the time that is left for all of them.
/// </summary>
internal sealed class EpochView : IProgress<EpochReport>
{
    private const int BarWidth = 16;
    private readonly Terminal _terminal;
    private readonly string _note;
    private bool _headerShown;
    private double _completedSeconds;
    private int _completedEpochs;

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
            _completedSeconds += value.Seconds;
            _completedEpochs++;
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
        var line = Invariant($" {Epoch(report).PadLeft(EpochWidth(report))}  {bar} {100L * report.ImagesDone / Math.Max(1, report.ImagesTotal),3} %{Left(report)}  loss {report.TrainLoss:F4}{_note}");
        var rate = $"  {Rate(report)} images/s";
        return Spectre.Console.Markup.Remove(line).Length + rate.Length < _terminal.Screen.Profile.Width ? line + rate : line;
    }

    // Of epochs that are over, else of the part of the first that is, which knows nothing yet of its validation.
    private string Left(EpochReport report)
    {
        var ofEpoch = _completedEpochs > 0
            ? _completedSeconds / _completedEpochs
            : report.Seconds / Math.Max(1, report.ImagesDone) * report.ImagesTotal;
        var seconds = (ofEpoch * (report.Epochs - report.Epoch + 1)) - report.Seconds;
        return report.ImagesDone == 0 ? "" : $"  {Duration(Math.Max(0, seconds))} left";
    }

    /// <summary>A time as one would say it, in its two largest units: <c>42 s</c>, <c>3 min 20 s</c>, <c>1 h 05 min</c>, <c>2 d 3 h</c>.</summary>
    /// <param name="seconds">At least 0.</param>
    internal static string Duration(double seconds)
    {
        var whole = (long)Math.Ceiling(Math.Min(seconds, TimeSpan.FromDays(9999).TotalSeconds));
        return whole switch
        {
            < 60 => Invariant($"{whole} s"),
            < 3600 => Invariant($"{whole / 60} min {whole % 60:D2} s"),
            < 86_400 => Invariant($"{whole / 3600} h {whole / 60 % 60:D2} min"),
            _ => Invariant($"{whole / 86_400} d {whole / 3600 % 24} h"),
        };
    }

    private static int EpochWidth(EpochReport report) => Math.Max(5, 2 * Digits(report) + 1);

    private static string Epoch(EpochReport report) =>
        Invariant($"{report.Epoch.ToString(CultureInfo.InvariantCulture).PadLeft(Digits(report))}/{report.Epochs}");

    private static int Digits(EpochReport report) => report.Epochs.ToString(CultureInfo.InvariantCulture).Length;

    private static string Rate(EpochReport report) =>
        report.Seconds > 0 ? (report.ImagesDone / report.Seconds).ToString("N0", CultureInfo.InvariantCulture) : "-";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
