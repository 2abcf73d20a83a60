using DigitML.Charts.Drawing;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.Imaging;
using DigitML.Models;

namespace DigitML.Charts;

public static partial class Chart
{
    /// <summary>The most pictures that one figure shows.</summary>
    public const int MostPictures = 400;

    private const int PicturesARow = 10;

    /// <summary>How many times as large a small picture is stored, each pixel a square, so that no viewer blurs it.</summary>
    private const int Magnification = 4;

    /// <summary>Pictures with their labels, ink dark on white; with predictions, what each was taken for, and the wrong ones framed and named.</summary>
    /// <param name="images">1 to <see cref="MostPictures"/>; take some of a larger set.</param>
    /// <param name="predictions">One for each image; null for none.</param>
    /// <exception cref="ArgumentException">There are no images, too many, or not one prediction each.</exception>
    public static Figure Gallery(LabelledImages images, IReadOnlyList<Prediction>? predictions = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count is < 1 or > MostPictures)
        {
            throw new ArgumentException($"A gallery shows 1 to {MostPictures} images; got {images.Count}. Take some of them.", nameof(images));
        }

        if (predictions is not null && predictions.Count != images.Count)
        {
            throw new ArgumentException($"A gallery of {images.Count} images needs as many predictions; got {predictions.Count}.", nameof(predictions));
        }

        var name = Name(images.Name, images.IsSynthetic);
        var tiles = Enumerable.Range(0, images.Count).Select(i => Tile(images, i, images.HasLabels ? images.Label(i) : null, predictions?[i].Label, predictions?[i].Probability)).ToArray();
        var subtitle = $"{name} · {Ticks.Count(images.Count)} images";
        if (predictions is not null && images.HasLabels)
        {
            subtitle += $" · {Ticks.Count(tiles.Count(tile => tile.IsWrong))} wrong, framed: true → predicted";
        }

        return Grid(predictions is null ? "Digits" : "Predictions", subtitle, tiles);
    }

    /// <summary>The first pictures of a set that may be large, which the subtitle describes.</summary>
    internal static Figure Samples(LabelledImages images, int count)
    {
        var some = images.Take(Math.Min(count, images.Count));
        var tiles = Enumerable.Range(0, some.Count).Select(i => Tile(some, i, some.HasLabels ? some.Label(i) : null, predicted: null, probability: null)).ToArray();
        var shown = some.Count < images.Count ? $" · the first {some.Count} are shown" : "";
        return Grid("Digits", $"{Name(images.Name, images.IsSynthetic)} · {Ticks.Count(images.Count)} images of {images.Width}×{images.Height}{shown}", tiles);
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
            throw new ArgumentException($"The images must be those that were evaluated, {evaluation.Count} of {evaluation.Dataset}; got {images}.", nameof(images));
        }

        var tiles = evaluation.MostConfidentlyWrong.Take(count).Select(mistake => Tile(images, mistake.Index, mistake.Label, mistake.Predicted, mistake.Probability)).ToArray();
        return Grid("Worst errors", $"{Headline(evaluation)} · true → predicted", tiles);
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
            WeightPicture(layer.Weights.Span.Slice(unit * layer.Inputs, layer.Inputs), width, height),
            width,
            height,
            $"unit {unit}",
            FormattableString.Invariant($"Unit {unit}\nlength of its weights {norms[unit]:0.000}"),
            IsWrong: false)).ToArray();
        return Grid("What the first layer looks for", $"{units.Length} of {layer.Outputs} units, largest weights first · orange: ink speaks for, blue: against", tiles);
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
            Colors = [.. Enumerable.Range(0, n).Select(c => c == prediction.Label ? Palette.Vermilion : Palette.Blue)],
            Texts = n > MostClassesWithText ? null : [.. probabilities.Select(probability => FormattableString.Invariant($"{100 * probability:0.0} %"))],
            Hover = [.. probabilities.Select((probability, c) => $"Class {c}: {Share(probability)}")],
            Thickness = 0.7,
            IsHorizontal = true,
        };
        return new Figure(
            "Probabilities",
            FormattableString.Invariant($"taken for {prediction.Label}, with {100 * prediction.Probability:0.0} %"),
            440,
            380,
            [new Panel(62, 66, 310, 254, new Axis("Probability, %", 0, 1) { Ticks = Ticks.Every(0.25, 0, 1, Ticks.Percent), HasGrid = true }, new Axis("Class", n - 0.5, -0.5) { Ticks = Ticks.Classes(n) }, [bars])]);
    }

    private static Figure Grid(string title, string subtitle, PictureTile[] tiles)
    {
        const int cell = 78;
        const int caption = 22;
        var rows = (tiles.Length + PicturesARow - 1) / PicturesARow;
        var marks = new List<Mark>();
        for (var i = 0; i < tiles.Length; i++)
        {
            var (column, row, tile) = (i % PicturesARow, i / PicturesARow, tiles[i]);
            // The longer side takes the tile's width; the other one is centred.
            var scale = 68.0 / Math.Max(tile.Width, tile.Height);
            var (width, height) = (tile.Width * scale, tile.Height * scale);
            var left = (column * cell) + ((cell - width) / 2);
            var top = (row * (cell + caption)) + ((cell - height) / 2);
            marks.Add(new Picture { Png = tile.Png, X = left, Y = top, Width = width, Height = height, Hover = tile.Hover, Frame = tile.IsWrong ? Palette.Vermilion : null });
            marks.Add(new Label((column * cell) + (cell / 2.0), (row * (cell + caption)) + cell + 6, tile.Caption, tile.IsWrong ? Palette.Vermilion : Palette.Muted, 12, tile.IsWrong));
        }

        var (areaWidth, areaHeight) = (PicturesARow * cell, Math.Max(1, rows) * (cell + caption));
        var panel = new Panel(12, 62, areaWidth, areaHeight, Axis.Hidden(0, areaWidth), Axis.Hidden(areaHeight, 0), marks);
        return new Figure(title, subtitle, areaWidth + 24, areaHeight + 72, [panel]);
    }

    private static PictureTile Tile(LabelledImages images, int index, int? label, int? predicted, float? probability)
    {
        var isWrong = label is not null && predicted is not null && label != predicted;
        var caption = isWrong ? $"{label} → {predicted}" : $"{label ?? predicted}";
        var hover = $"Image {index}"
            + (label is null ? "" : $"\ntrue {label}")
            + (predicted is null ? "" : FormattableString.Invariant($"\npredicted {predicted}, {100 * probability:0.0} %"));
        return new PictureTile(InkPicture(images.Image(index), images.Width, images.Height), images.Width, images.Height, caption, hover, isWrong);
    }

    private static byte[] InkPicture(ReadOnlySpan<byte> pixels, int width, int height)
    {
        var zoom = Zoom(width, height);
        var magnified = new byte[checked(width * height * zoom * zoom)];
        for (var i = 0; i < magnified.Length; i++)
        {
            var (x, y) = (i % (width * zoom) / zoom, i / (width * zoom) / zoom);
            magnified[i] = (byte)(255 - pixels[(y * width) + x]);
        }

        return PngEncoder.Encode(new GreyImage(width * zoom, height * zoom, magnified));
    }

    private static byte[] WeightPicture(ReadOnlySpan<float> weights, int width, int height)
    {
        var strongest = 0f;
        foreach (var weight in weights)
        {
            strongest = Math.Max(strongest, Math.Abs(weight));
        }

        var zoom = Zoom(width, height);
        var rgb = new byte[checked(width * height * zoom * zoom * 3)];
        for (var i = 0; i < rgb.Length / 3; i++)
        {
            var weight = weights[(i / (width * zoom) / zoom * width) + (i % (width * zoom) / zoom)];
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = Palette.Diverging(strongest > 0 ? weight / strongest : 0);
        }

        return PngEncoder.EncodeRgb(width * zoom, height * zoom, rgb);
    }

    private static int Zoom(int width, int height) => Math.Max(width, height) <= 64 ? Magnification : 1;

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
            && int.TryParse(w, out var width)
            && int.TryParse(h, out var height)
            && width > 0 && height > 0 && (long)width * height == model.InputCount)
        {
            return (width, height);
        }

        var side = (int)Math.Round(Math.Sqrt(model.InputCount));
        return side * side == model.InputCount
            ? (side, side)
            : throw new ArgumentException($"The model's {model.InputCount} inputs are no square picture, and its file does not say imageSize.", nameof(model));
    }
}
