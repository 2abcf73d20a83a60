using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DigitML.Charts;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Training;

namespace DigitML.Reports;

/// <summary>What a notebook shows as a table or a line of text.</summary>
internal static class ReportDisplay
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The results' rooms lie below this one and cannot name it; nothing but a delegate is stored.")]
    internal static void Register() => RichDisplay.Add(() =>
    [
        Html<DigitData>(digits => Digits(digits.Source, digits.Train, digits.Test)),
        Html<Mnist>(digits => Digits(digits.Source, digits.Train, digits.Test)),
        Html<Mlp>(model => HtmlWriter.Fragment([ResultTables.Network(model)])),
        RichDisplay.Of<Mlp>(RichDisplay.Plain, model => FormattableString.Invariant($"{model.Shape}, {model.ParameterCount} parameters")),
        Html<EvaluationResult>(evaluation => HtmlWriter.Fragment(
        [
            new Block.Paragraph(ResultTables.Headline(evaluation)),
            ResultTables.Headlines(evaluation),
            ResultTables.PerClass(evaluation),
        ])),
        Html<ConfusionMatrix>(matrix => HtmlWriter.Fragment([ResultTables.Confusion(matrix)])),
        Html<TrainingResult>(result => HtmlWriter.Fragment([ResultTables.Epochs(result.History)])),
        Html<GreyImage>(ReadingTable.Image),
        Html<ReadingResult>(ReadingTable.Write),
        RichDisplay.Of<ReadingResult>(RichDisplay.Plain, ReadingTable.Line),
        Html<GateCheck>(check => HtmlWriter.Fragment([new Block.Verdict(check.IsMet, $"{check.Name}: {check.Reason}")])),
    ]);

    private static string Digits(string source, LabelledImages train, LabelledImages test) => HtmlWriter.Fragment(
    [
        new Block.Paragraph($"{train}; {test}; from {source}"),
        .. new[] { train, test }.Where(images => images.Count > 0).Select(images => new Block.Chart(Chart.Samples(images, ChartDisplay.PicturesShown))),
    ]);

    private static RichFormatter Html<T>(Func<T, string?> render) => RichDisplay.Of(RichDisplay.Html, render);
}
