using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DigitML.AutoML.Importance;
using DigitML.IO;
using DigitML.Reports;

namespace DigitML.AutoML.Reports;

/// <summary>What a notebook shows of an experiment: the same each time for the same seed, so that nothing tells the time.</summary>
internal static class StudyDisplay
{
    private const int Shown = 10;

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The results' rooms lie below this one and cannot name it; nothing but a delegate is stored.")]
    internal static void Register() => RichDisplay.Add(() =>
    [
        RichDisplay.Of<ExperimentResult>(RichDisplay.Html, result => HtmlWriter.Fragment([new Block.Paragraph($"{StudyReport.Of(result)}"), StudyTables.Top(result.Study, result.Trials, Shown, withSeconds: false)])),
        RichDisplay.Of<ExperimentResult>(RichDisplay.Plain, result => $"{StudyReport.Of(result)}"),
        RichDisplay.Of<SettingImportance>(RichDisplay.Html, importance => HtmlWriter.Fragment(
        [
            new Block.Table(["Setting", "Alone", "With others"], [.. importance.Settings.Select(setting => (string[])[setting.Name, Percent.Format(setting.Alone, 1), Percent.Format(setting.Total, 1)])]),
        ])),
    ]);
}
