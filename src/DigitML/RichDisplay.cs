using System.Diagnostics.CodeAnalysis;
using DigitML.Charts;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.Imaging;
using DigitML.Models;
using DigitML.Reports;
using DigitML.Training;

namespace DigitML;

/// <summary>
/// How the library's results look in a notebook. Charts and pictures are SVG and PNG, which GitHub shows too; what is a
/// table stays a table. Types name this class by <see cref="TypeFormatterSourceAttribute"/>.
/// </summary>
internal sealed class RichDisplay
{
    public const string Html = "text/html";
    public const string Svg = "image/svg+xml";
    public const string Png = "image/png";
    public const string Plain = "text/plain";

    private const int PicturesShown = 30;

    /// <summary>Called by the notebook's kernel.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "The kernel looks for an instance method.")]
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        .. Figures<Figure>(figure => figure),
        .. Figures<TrainingHistory>(Chart.LearningCurves),
        .. Figures<Prediction>(Chart.ProbabilityBars),
        .. Figures<LabelledImages>(images => images.Count == 0 ? null : Chart.Samples(images, PicturesShown)),
        Of<DigitData>(Html, digits => Digits(digits.Source, digits.Train, digits.Test)),
        Of<Mnist>(Html, digits => Digits(digits.Source, digits.Train, digits.Test)),
        Of<Mlp>(Html, model => HtmlWriter.Fragment([ResultTables.Network(model)])),
        Of<Mlp>(Plain, model => FormattableString.Invariant($"{ResultTables.Shape(model)}, {model.ParameterCount} parameters")),
        Of<EvaluationResult>(Html, evaluation => HtmlWriter.Fragment(
        [
            new Block.Paragraph(ResultTables.Headline(evaluation)),
            ResultTables.Headlines(evaluation),
            ResultTables.PerClass(evaluation),
        ])),
        Of<ConfusionMatrix>(Html, matrix => HtmlWriter.Fragment([ResultTables.Confusion(matrix)])),
        Of<TrainingResult>(Html, result => HtmlWriter.Fragment([ResultTables.Epochs(result.History)])),
        Of<GreyImage>(Png, image => Convert.ToBase64String(PngEncoder.Encode(image))),
        Of<GreyImage>(Html, ReadingTable.Image),
        Of<GreyImage>(Plain, image => FormattableString.Invariant($"grey picture of {image.Width}×{image.Height}")),
        Of<Reading.Reading>(Html, ReadingTable.Write),
        Of<Reading.Reading>(Plain, ReadingTable.Line),
        Of<GateCheck>(Html, check => HtmlWriter.Fragment([new Block.Verdict(check.IsMet, $"{check.Name}: {check.Reason}")])),
    ];

    private static string Digits(string source, LabelledImages train, LabelledImages test) => HtmlWriter.Fragment(
    [
        new Block.Paragraph($"{train}; {test}; from {source}"),
        .. new[] { train, test }.Where(images => images.Count > 0).Select(images => new Block.Chart(Chart.Samples(images, PicturesShown))),
    ]);

    private static IEnumerable<RichFormatter> Figures<T>(Func<T, Figure?> figureOf) =>
    [
        Of<T>(Svg, value => figureOf(value)?.ToSvg()),
        Of<T>(Html, value => figureOf(value)?.ToSvg()),
    ];

    private static RichFormatter Of<T>(string mimeType, Func<T, string?> render) => new(typeof(T), mimeType, value => render((T)value));
}
