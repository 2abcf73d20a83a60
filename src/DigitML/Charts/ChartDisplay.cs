using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DigitML.Data;
using DigitML.Imaging;
using DigitML.IO;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Training;

namespace DigitML.Charts;

/// <summary>What a notebook shows as a chart or a picture.</summary>
internal static class ChartDisplay
{
    /// <summary>Digits shown of a set.</summary>
    public const int PicturesShown = 30;

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The results' rooms lie below this one and cannot name it; nothing but a delegate is stored.")]
    internal static void Register() => RichDisplay.Add(() =>
    [
        .. Figures<Figure>(figure => figure),
        .. Figures<TrainingHistory>(Chart.LearningCurves),
        .. Figures<Prediction>(Chart.ProbabilityBars),
        .. Figures<LabelledImages>(images => images.Count == 0 ? null : Chart.Samples(images, PicturesShown)),
        RichDisplay.Of<GreyImage>(RichDisplay.Png, image => Convert.ToBase64String(PngEncoder.Encode(image))),
        RichDisplay.Of<GreyImage>(RichDisplay.Plain, image => FormattableString.Invariant($"grey picture of {image.Width}×{image.Height}")),
    ]);

    private static IEnumerable<RichFormatter> Figures<T>(Func<T, Figure?> figureOf) =>
    [
        RichDisplay.Of<T>(RichDisplay.Svg, value => figureOf(value)?.ToSvg()),
        RichDisplay.Of<T>(RichDisplay.Html, value => figureOf(value)?.ToSvg()),
        RichDisplay.Of<T>(RichDisplay.PlotlyFigure, value => figureOf(value)?.ToJson()),
    ];
}
