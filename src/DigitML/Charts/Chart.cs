using System.Globalization;
using DigitML.Charts.Drawing;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Training;

namespace DigitML.Charts;

/// <summary>
/// Makes figures of results. Colours can be told apart with any common form of colour blindness, series differ in shape or
/// dash as well, axes name their units, and every figure names its data, saying so when a program drew them.
/// </summary>
public static class Chart
{
    /// <summary>The most pictures that one figure shows.</summary>
    public const int MostPictures = 400;

    /// <summary>Up to this many classes, cells of a confusion matrix have room for their counts.</summary>
    private const int MostClassesWithText = 12;

    /// <summary>Where legends start: below the subtitle, level with it.</summary>
    private const int Edge = SvgWriter.Edge - 4;

    /// <summary>Loss and accuracy over the epochs, of training and of validation, with the epoch marked whose weights the model has.</summary>
    /// <param name="history">A run; without a completed epoch the axes are empty.</param>
    public static Figure LearningCurves(TrainingHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var epochs = history.Epochs;
        var network = Mlp.ShapeOf(history.Options.HiddenLayers);
        var subtitle = Invariant(
            $"{SyntheticDigits.NameOf(history.Dataset, history.IsSynthetic)} · {history.TrainingImages:N0} images, {history.ValidationImages:N0} to validate on · hidden layers {(network.Length == 0 ? "none" : network)} · seed {history.Options.Seed}{Lowest(history)}");
        var hasValidation = history.ValidationImages > 0;
        var x = EpochAxis(Math.Max(1, epochs.Count));
        var losses = Curves("loss", value => Invariant($"{value:0.0000} nats"), epoch => epoch.TrainLoss, epoch => epoch.ValidationLoss);
        var accuracies = Curves("accuracy", Share, epoch => epoch.TrainAccuracy, epoch => epoch.ValidationAccuracy);
        return new Figure(
            "Learning curves",
            subtitle,
            880,
            400,
            [
                new Panel(76, 116, 340, 222, x, Axes.FromZero("Mean cross-entropy, nats", Values(losses), Ticks.Number), Marks(losses)) { Title = "Loss" },
                new Panel(518, 116, 340, 222, x, Axes.Shares("Images classified correctly, %", Values(accuracies)), Marks(accuracies)) { Title = "Accuracy" },
            ],
            legendLeft: Edge);

        IReadOnlyList<Series> Curves(string what, Func<double, string> format, Func<EpochReport, double> ofTraining, Func<EpochReport, double?> ofValidation)
        {
            var training = Curve("Training", what, format, Palette.Blue, epoch => ofTraining(epoch));
            return hasValidation
                ? [training, Curve("Validation", what, format, Palette.Vermilion, ofValidation) with { IsDashed = true, Symbol = Symbol.Diamond }]
                : [training];
        }

        Series Curve(string name, string what, Func<double, string> format, string color, Func<EpochReport, double?> valueOf) => new()
        {
            Name = name,
            X = [.. epochs.Select(epoch => (double)epoch.Epoch)],
            Y = [.. epochs.Select(epoch => valueOf(epoch) ?? double.NaN)],
            Color = color,
            Symbol = Symbol.Circle,
            Hover = [.. epochs.Select(epoch => Invariant($"Epoch {epoch.Epoch}\n{name} {what} {format(valueOf(epoch) ?? double.NaN)}"))],
        };

        IReadOnlyList<Mark> Marks(IReadOnlyList<Series> series) =>
            history.BestEpoch > 0 ? [.. series, new Rule(history.BestEpoch, Invariant($"kept: epoch {history.BestEpoch}"))] : [.. series];

        static IEnumerable<double> Values(IReadOnlyList<Series> series) => series.SelectMany(curve => curve.Y);
    }

    /// <summary>
    /// How often each class was taken for each: the true classes down, 0 on top, the predicted ones across. Cells hold
    /// counts and, on the diagonal, shares of the true class; the colour follows the share's square root, so that rare confusions show.
    /// </summary>
    /// <param name="evaluation">What to draw.</param>
    public static Figure ConfusionHeatmap(EvaluationResult evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        var matrix = evaluation.ConfusionMatrix;
        var n = matrix.ClassCount;
        var cells = Enumerable.Range(0, n * n).Select(i => (True: i / n, Predicted: i % n)).ToArray();
        var shares = cells.Select(cell => matrix.TrueCount(cell.True) is var all and > 0 ? (double)matrix[cell.True, cell.Predicted] / all : 0).ToArray();
        double[] named = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1];
        var heatmap = new Heatmap
        {
            Rows = n,
            Columns = n,
            Values = [.. shares.Select(Math.Sqrt)],
            Texts = n > MostClassesWithText ? null : [.. cells.Select((cell, i) => CellText(cell.True, cell.Predicted, shares[i]))],
            Hover = [.. cells.Select((cell, i) => Invariant($"True {matrix.NameOf(cell.True)}, taken for {matrix.NameOf(cell.Predicted)}\n{Ticks.Count(matrix[cell.True, cell.Predicted])} of {Ticks.Count(matrix.TrueCount(cell.True))} images, {Share(shares[i])}"))],
            ScaleTitle = "Share of the true class",
            ScaleTicks = [.. named.Select(share => new Tick(Math.Sqrt(share), Ticks.Share(share)))],
        };
        var ticks = Ticks.Classes(matrix);
        return new Figure(
            "Confusion matrix",
            Headline(evaluation),
            680,
            640,
            [new Panel(62, 72, 510, 510, new Axis("Predicted class", -0.5, n - 0.5) { Ticks = ticks }, new Axis("True class", n - 0.5, -0.5) { Ticks = ticks }, [heatmap])]);

        string CellText(int t, int p, double share)
        {
            var count = matrix[t, p];
            if (count == 0)
            {
                return "";
            }

            return t == p ? Invariant($"{count}\n{Percent.Format(share)}") : Ticks.Number(count);
        }
    }

    /// <summary>Precision, recall and F1 of every class; recall has its 95 % Wilson interval.</summary>
    /// <param name="evaluation">What to draw.</param>
    public static Figure PerClass(EvaluationResult evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        var classes = evaluation.PerClass;
        var intervals = classes.Select(metrics => metrics.Support > 0
            ? ConfidenceInterval.Wilson(evaluation.ConfusionMatrix[metrics.Class, metrics.Class], metrics.Support)
            : new ConfidenceInterval(double.NaN, double.NaN)).ToArray();
        Series[] series =
        [
            Points("Precision", Palette.Vermilion, Symbol.Diamond, -0.22, metrics => metrics.Precision),
            Points("Recall", Palette.Blue, Symbol.Circle, 0, metrics => metrics.Recall) with { Whiskers = [.. intervals.Select(interval => (interval.Lower, interval.Upper))] },
            Points("F1", Palette.Green, Symbol.Square, 0.22, metrics => metrics.F1),
        ];
        var y = Axes.Shares("Share, %", series.SelectMany(points => points.Y).Concat(intervals.SelectMany(interval => new[] { interval.Lower, interval.Upper })));
        var x = new Axis("Class", -0.5, classes.Count - 0.5) { Ticks = Ticks.Classes(evaluation.ConfusionMatrix) };
        return new Figure("Per class", Headline(evaluation), 880, 398, [new Panel(76, 92, 782, 244, x, y, series)], legendLeft: Edge);

        Series Points(string name, string color, Symbol symbol, double offset, Func<ClassMetrics, double> valueOf) => new()
        {
            Name = name,
            X = [.. classes.Select(metrics => metrics.Class + offset)],
            Y = [.. classes.Select(valueOf)],
            Color = color,
            HasLine = false,
            Symbol = symbol,
            Hover = [.. classes.Select(metrics => Invariant($"Class {evaluation.ConfusionMatrix.NameOf(metrics.Class)}, {Ticks.Count(metrics.Support)} images\n{name} {Share(valueOf(metrics))}"))],
        };
    }

    /// <summary>How often the model is right when it says how sure it is, beside a model whose word can be taken; below, how many images each bin holds.</summary>
    /// <param name="evaluation">What to draw.</param>
    public static Figure Calibration(EvaluationResult evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        var bins = evaluation.CalibrationBins.Where(bin => bin.Count > 0).ToArray();
        var shares = Ticks.Every(0.2, 0, 1, Ticks.Share);
        var intervals = bins.Select(bin => ConfidenceInterval.Wilson((int)Math.Round(bin.Accuracy * bin.Count), bin.Count)).ToArray();
        var diagonal = new Series { Name = "As sure as right", X = [0, 1], Y = [0, 1], Color = Palette.Muted, IsDashed = true, Hover = ["", ""] };
        var model = new Series
        {
            Name = "Model, with 95 % interval",
            X = [.. bins.Select(bin => bin.Confidence)],
            Y = [.. bins.Select(bin => bin.Accuracy)],
            Color = Palette.Blue,
            Symbol = Symbol.Circle,
            Whiskers = [.. intervals.Select(interval => (interval.Lower, interval.Upper))],
            Hover = [.. bins.Select(bin => $"Said {Share(bin.Confidence)}, right {Share(bin.Accuracy)}\n{Ticks.Count(bin.Count)} images")],
        };
        // Nearly all images lie in the last bin; on a scale of powers of ten the others show too.
        var largest = Math.Max(1, bins.Select(bin => Math.Ceiling(Math.Log10(bin.Count))).DefaultIfEmpty(1).Max());
        var counts = new Bars
        {
            Name = "Images",
            Positions = [.. bins.Select(bin => (bin.Lower + bin.Upper) / 2)],
            // A bin of one image is a sliver rather than nothing.
            Values = [.. bins.Select(bin => Math.Max(0.04, Math.Log10(bin.Count)))],
            Colors = [.. bins.Select(_ => Palette.Blue)],
            Thickness = 0.92 / evaluation.CalibrationBins.Count,
            Hover = [.. bins.Select(bin => $"{Share(bin.Lower)} to {Share(bin.Upper)}\n{Ticks.Count(bin.Count)} images")],
        };
        var powers = Enumerable.Range(0, (int)largest + 1).Select(power => new Tick(power, Ticks.Count(Math.Pow(10, power)))).ToArray();
        return new Figure(
            "Calibration",
            Invariant($"{SyntheticDigits.NameOf(evaluation.Dataset, evaluation.IsSynthetic)} · {evaluation.Count:N0} images · expected calibration error {Percent.Format(evaluation.ExpectedCalibrationError)}"),
            560,
            660,
            [
                new Panel(84, 100, 450, 340, new Axis(null, -0.02, 1.02) { Ticks = shares, HasGrid = true }, new Axis("Classified correctly, %", -0.02, 1.02) { Ticks = shares, HasGrid = true }, [diagonal, model]),
                new Panel(84, 484, 450, 116, new Axis("Probability given to the predicted class, %", -0.02, 1.02) { Ticks = shares }, new Axis("Images", 0, largest) { Ticks = powers, HasGrid = true }, [counts]),
            ],
            legendLeft: Edge);
    }

    /// <summary>Pictures with their labels, ink dark on white; with predictions, what each was taken for, and the wrong ones framed and named.</summary>
    /// <param name="images">1 to <see cref="MostPictures"/>; take some of a larger set.</param>
    /// <param name="predictions">One for each image; null for none.</param>
    /// <exception cref="ArgumentException">There are no images, too many, or not one prediction each.</exception>
    public static Figure Gallery(LabelledImages images, IReadOnlyList<Prediction>? predictions = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count is < 1 or > MostPictures)
        {
            throw new ArgumentException(Invariant($"A gallery shows 1 to {MostPictures} images; got {images.Count}. Take some of them."), nameof(images));
        }

        if (predictions is not null && predictions.Count != images.Count)
        {
            throw new ArgumentException(Invariant($"A gallery of {images.Count} images needs as many predictions; got {predictions.Count}."), nameof(predictions));
        }

        var name = SyntheticDigits.NameOf(images.Name, images.IsSynthetic);
        var tiles = Enumerable.Range(0, images.Count).Select(i => PictureGrid.Tile(images, i, images.HasLabels ? images.Label(i) : null, predictions?[i].PredictedLabel, predictions?[i].Probability)).ToArray();
        var subtitle = $"{name} · {Ticks.Count(images.Count)} images";
        if (predictions is not null && images.HasLabels)
        {
            subtitle += $" · {Ticks.Count(tiles.Count(tile => tile.IsWrong))} wrong, framed: true → predicted";
        }

        return PictureGrid.Draw(predictions is null ? "Digits" : "Predictions", subtitle, tiles);
    }

    /// <summary>The first pictures of a set that may be large, which the subtitle describes.</summary>
    internal static Figure Samples(LabelledImages images, int count)
    {
        var some = images.Take(Math.Min(count, images.Count));
        var tiles = Enumerable.Range(0, some.Count).Select(i => PictureGrid.Tile(some, i, some.HasLabels ? some.Label(i) : null, predicted: null, probability: null)).ToArray();
        var shown = some.Count < images.Count ? Invariant($" · the first {some.Count} are shown") : "";
        return PictureGrid.Draw("Digits", Invariant($"{SyntheticDigits.NameOf(images.Name, images.IsSynthetic)} · {Ticks.Count(images.Count)} images of {images.Width}×{images.Height}{shown}"), tiles);
    }

    /// <summary>The wrongly classified images that the model was most sure of, surest first.</summary>
    /// <param name="evaluation">What was found.</param>
    /// <param name="images">The images that were evaluated.</param>
    /// <param name="count">At most so many, 1 to <see cref="MostPictures"/>; the evaluation lists <see cref="EvaluationOptions.MostConfidentlyWrong"/>.</param>
    /// <exception cref="ArgumentException">The images are others than those evaluated.</exception>
    public static Figure WorstErrors(EvaluationResult evaluation, LabelledImages images, int count = 20)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostPictures);
        if (images.Count != evaluation.Count || (evaluation.DataHash is { } hash && hash != images.Hash))
        {
            throw new ArgumentException(Invariant($"The images must be those that were evaluated, {evaluation.Count} of {evaluation.Dataset}; got {images}."), nameof(images));
        }

        var tiles = evaluation.MostConfidentlyWrong.Take(count).Select(mistake => PictureGrid.Tile(images, mistake.Index, mistake.Label, mistake.Predicted, mistake.Probability)).ToArray();
        return PictureGrid.Draw("Worst errors", $"{Headline(evaluation)} · true → predicted", tiles);
    }

    /// <summary>
    /// What the units of the first layer look for: each weight where its pixel is, blue against, orange for, white neither.
    /// Units come with the largest weights first.
    /// </summary>
    /// <param name="model">Its input must be a square picture, or its file say <c>imageSize</c>.</param>
    /// <param name="count">At most so many units, 1 to <see cref="MostPictures"/>.</param>
    /// <exception cref="ArgumentException">The size of the model's pictures is not known.</exception>
    public static Figure WeightImages(Mlp model, int count = 60)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostPictures);
        var (width, height) = PictureSize(model);
        var layer = model.Layers[0];
        var norms = Enumerable.Range(0, layer.Outputs).Select(unit => Norm(layer.Weights.Span.Slice(unit * layer.Inputs, layer.Inputs))).ToArray();
        var units = Enumerable.Range(0, layer.Outputs).OrderByDescending(unit => norms[unit]).ThenBy(unit => unit).Take(count).ToArray();
        var tiles = units.Select(unit => new PictureTile(
            PictureGrid.WeightPicture(layer.Weights.Span.Slice(unit * layer.Inputs, layer.Inputs), width, height),
            width,
            height,
            Invariant($"unit {unit}"),
            Invariant($"Unit {unit}\nlength of its weights {norms[unit]:0.000}"),
            IsWrong: false)).ToArray();
        return PictureGrid.Draw("What the first layer looks for", Invariant($"{units.Length} of {layer.Outputs} units, largest weights first · orange: ink speaks for, blue: against"), tiles);
    }

    /// <summary>The probability of every class, the most probable one in colour.</summary>
    /// <param name="prediction">What a model says of one picture.</param>
    public static Figure ProbabilityBars(Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        var probabilities = prediction.Probabilities.ToArray();
        var n = probabilities.Length;
        var bars = new Bars
        {
            Name = "Probability",
            Positions = [.. Enumerable.Range(0, n).Select(c => (double)c)],
            Values = [.. probabilities.Select(probability => (double)probability)],
            Colors = [.. Enumerable.Range(0, n).Select(c => c == prediction.PredictedLabel ? Palette.Vermilion : Palette.Blue)],
            Texts = n > MostClassesWithText ? null : [.. probabilities.Select(probability => Percent.Sureness(probability))],
            Hover = [.. probabilities.Select((probability, c) => Invariant($"Class {c}: {Share(probability)}"))],
            Thickness = 0.7,
            IsHorizontal = true,
        };
        return new Figure(
            "Probabilities",
            Invariant($"taken for {prediction.PredictedLabel}, with {Percent.Sureness(prediction.Probability)}"),
            440,
            380,
            [new Panel(62, 66, 310, 254, new Axis("Probability, %", 0, 1) { Ticks = Ticks.Every(0.25, 0, 1, Ticks.Share), HasGrid = true }, new Axis("Class", n - 0.5, -0.5) { Ticks = Ticks.Classes(n) }, [bars])]);
    }

    private static string Headline(EvaluationResult evaluation) => Invariant(
        $"{SyntheticDigits.NameOf(evaluation.Dataset, evaluation.IsSynthetic)} · {evaluation.Count:N0} images · accuracy {Percent.Format(evaluation.MicroAccuracy)} (95 %: {evaluation.AccuracyInterval})");

    private static string Share(double share) =>
        Percent.Format(share, none: "none");

    /// <summary>The epoch that did best in validation, where another one was kept.</summary>
    private static string Lowest(TrainingHistory history) =>
        history.Epochs.Where(epoch => epoch.ValidationLoss is { } loss && double.IsFinite(loss)).MinBy(epoch => epoch.ValidationLoss) is { } best && best.Epoch != history.BestEpoch
            ? Invariant($" · lowest validation loss in epoch {best.Epoch}")
            : "";

    private static Axis EpochAxis(int epochs)
    {
        var step = Math.Max(1, Ticks.Step(epochs, 8));
        return new Axis("Epoch", 0.5, epochs + 0.5) { Ticks = epochs == 1 ? [new Tick(1, "1")] : Ticks.Every(Math.Ceiling(step), 1, epochs, Ticks.Number) };
    }

    private static double Norm(ReadOnlySpan<float> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights)
        {
            sum += (double)weight * weight;
        }

        return Math.Sqrt(sum);
    }

    private static (int Width, int Height) PictureSize(Mlp model)
    {
        if (model.Metadata.TryGetValue("imageSize", out var size)
            && size.Split('x') is [var w, var h]
            && int.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            && int.TryParse(h, NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            && width > 0 && height > 0 && (long)width * height == model.InputCount)
        {
            return (width, height);
        }

        var side = (int)Math.Round(Math.Sqrt(model.InputCount));
        return side * side == model.InputCount
            ? (side, side)
            : throw new ArgumentException(Invariant($"The model's {model.InputCount} inputs are no square picture, and its file does not say imageSize."), nameof(model));
    }
}
