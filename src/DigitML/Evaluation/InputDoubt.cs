using DigitML.Data;
using DigitML.IO;
using DigitML.Models;

namespace DigitML.Evaluation;

/// <summary>
/// Looks for what would explain a low accuracy that is not the network's: pixel values of another scale than the model was trained on,
/// pictures that lie or are inked otherwise, labels that are numbered otherwise. It says what it finds; it changes nothing.
/// </summary>
public static class InputDoubt
{
    /// <summary>The most images that are predicted again for each guess.</summary>
    public const int MostImages = 1_000;

    // A scale is a setting that somebody left out, so a clear gain is enough to speak of it.
    private const double ScaleSignificance = 1e-4;
    private const double ScaleGain = 0.02;

    // What else is guessed must explain most of what is missing.
    private const double ExplainedByNumbering = 0.5;
    private const double ExplainedByOrder = 0.7;
    private const double SureOfItself = 0.7;

    private static readonly (string Words, string Expects)[] s_scales =
    [
        ("0-255", "values from 0 to 255"),
        ("0-1", "values from 0 to 1"),
        ("0.5,0.5", "values from -1 to 1"),
        ("0.1307,0.3081", "values with MNIST's mean taken off and divided by its deviation"),
    ];

    private static readonly (string Change, Func<int, int, int, int> SourceOf)[] s_turns =
    [
        ("with --transpose (rows and columns exchanged)", (x, y, _) => (x * 1_000_000) + y),
        ("when they are mirrored left to right", (x, y, last) => (y * 1_000_000) + last - x),
        ("when they are mirrored top to bottom", (x, y, last) => ((last - y) * 1_000_000) + x),
        ("when they are turned by 180 degrees", (x, y, last) => ((last - y) * 1_000_000) + last - x),
        ("when they are turned by 90 degrees clockwise", (x, y, last) => ((last - x) * 1_000_000) + y),
        ("when they are turned by 90 degrees counterclockwise", (x, y, last) => (x * 1_000_000) + last - y),
    ];

    /// <summary>Whether an accuracy is about that of answers that have nothing to do with the pictures.</summary>
    /// <param name="evaluation">How the model did.</param>
    public static bool IsNearChance(EvaluationResult evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);

        // A few right answers of a few images may be chance as well.
        var classes = evaluation.ConfusionMatrix.ClassCount;
        return IsNearChance(evaluation.MicroAccuracy, classes) || (evaluation.MicroAccuracy < 0.5 && IsNearChance(evaluation.AccuracyInterval.Lower, classes));
    }

    /// <summary>What would explain the accuracy, and what mends it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The labelled images that it was evaluated on.</param>
    /// <param name="evaluation">How it did on them.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>One line without a full stop's worth of doubt; null when nothing explains it and it is not near chance.</returns>
    /// <exception cref="ArgumentException">The images have no labels, or are of another size than the model's.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static string? Of(Mlp model, LabelledImages images, EvaluationResult evaluation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(evaluation);
        if (!images.HasLabels || images.Count == 0 || images.PixelsPerImage != model.InputCount)
        {
            throw new ArgumentException(Invariant($"{images.Name}: expected labelled images of {model.InputCount} pixels."), nameof(images));
        }

        var sample = Sample(images);
        var found = new Answers(model, sample.Pixels, sample);
        var now = FormattableString.Invariant($"{Percent.Format(evaluation.MicroAccuracy)} right");
        cancellationToken.ThrowIfCancellationRequested();
        if (OtherScale(model, sample, found) is { } scale)
        {
            return $"{now}, but {scale}.";
        }

        var isNearChance = IsNearChance(evaluation);
        if (found.Accuracy >= 0.5 && !isNearChance)
        {
            // Nothing can be twice as good.
            return null;
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (OtherNumbers(sample, found) is { } numbers)
        {
            return $"{now}, but {numbers}.";
        }

        if (OtherPictures(model, sample, found, isNearChance) is { } pictures)
        {
            return $"{now}, but {pictures}.";
        }

        if (OtherOrder(evaluation) is { } order)
        {
            return $"{now}, but {order}.";
        }

        if (!isNearChance)
        {
            return null;
        }

        return found.Sureness > SureOfItself
            ? FormattableString.Invariant($"{now}, which is near chance, while the model is sure of its answers ({Percent.Format(found.Sureness)} on average): the labels seem to be shuffled, or to belong to other pictures.")
            : $"{now}, which is near chance, and nothing that was tried explains it (scale of pixels, turned or inverted pictures, numbering of labels): are these pictures of what the model was trained on?";
    }

    private static bool IsNearChance(double accuracy, int classes) => classes > 1 && accuracy < (1.0 / classes) + (0.1 * (1 - (1.0 / classes)));

    private static LabelledImages Sample(LabelledImages images)
    {
        var count = Math.Min(images.Count, MostImages);
        return images.Select([.. Enumerable.Range(0, count).Select(i => (int)((long)i * images.Count / count))]);
    }

    private static string? OtherScale(Mlp model, LabelledImages sample, Answers found)
    {
        if (model.FeatureNormalization is not null || model.Metadata.GetValueOrDefault("producer") == "DigitML" || Taken(model) is not { } taken)
        {
            return null;
        }

        // Several scales may give nearly the same answers, but only the true one's probabilities fit: a scale too large makes them too sure.
        (string Words, string Expects, double Accuracy, double LogLoss)? best = null;
        foreach (var (words, expects) in s_scales)
        {
            var other = InputScale.Parse(words);
            if (other == taken || Instead(model, taken, other) is not { } changed)
            {
                continue;
            }

            var answers = new Answers(changed, sample.Pixels, sample);
            if (answers.IsBetterThan(found, ScaleSignificance, ScaleGain) && answers.LogLoss < (best?.LogLoss ?? double.PositiveInfinity))
            {
                best = (words, expects, answers.Accuracy, answers.LogLoss);
            }
        }

        return best is { } better
            ? FormattableString.Invariant($"{Percent.Format(better.Accuracy)} of {sample.Count:N0} with --input-scale {better.Words}: the model seems to expect {better.Expects}")
            : null;
    }

    /// <summary>What the model's loading took for its input.</summary>
    private static PixelNormalization? Taken(Mlp model)
    {
        if (!model.Metadata.TryGetValue(InputScale.MetadataKey, out var words))
        {
            return model.Normalization;
        }

        try
        {
            // "0-1, by default", "0.5,0.5, stated": what stands before the last comma.
            return InputScale.Parse(words[..Math.Max(0, words.LastIndexOf(','))]);
        }
        catch (DigitException)
        {
            return null;
        }
    }

    /// <summary>The same layers given pixels of another scale; null where that comes to no number.</summary>
    private static Mlp? Instead(Mlp model, PixelNormalization taken, PixelNormalization other)
    {
        // The model's normalisation may hold more than what was taken, so that is undone first: N(taken⁻¹(other(pixel))).
        var (factor, offset) = Line(model.Normalization);
        var (takenFactor, takenOffset) = Line(taken);
        var (otherFactor, otherOffset) = Line(other);
        var scale = (float)(factor * otherFactor / takenFactor);
        var mean = (float)-((factor * (otherOffset - takenOffset) / takenFactor) + offset);
        return float.IsFinite(scale) && float.IsFinite(mean) ? new Mlp(new PixelNormalization(scale, mean, 1), model.Layers) : null;

        static (double Factor, double Offset) Line(PixelNormalization of) => (of.Scale / (double)of.Deviation, -of.Mean / (double)of.Deviation);
    }

    private static string? OtherPictures(Mlp model, LabelledImages sample, Answers found, bool isNearChance)
    {
        (string Change, double Accuracy)? best = null;
        Try("with --invert (light and dark exchanged)", PictureChanges.Inverted(sample).Pixels);
        if (sample.Width == sample.Height)
        {
            foreach (var (change, sourceOf) in s_turns)
            {
                Try(change, Turned(sample, sourceOf));
            }
        }

        return best is { } better
            ? FormattableString.Invariant($"{Percent.Format(better.Accuracy)} of {sample.Count:N0} {better.Change}: the pictures seem to lie or to be inked otherwise than those that the model was trained on")
            : null;

        void Try(string change, ReadOnlySpan<byte> pixels)
        {
            var answers = new Answers(model, pixels, sample);
            var explains = found.Accuracy < answers.Accuracy / 2 || (isNearChance && answers.Accuracy > found.Accuracy + 0.1);
            if (explains && !IsNearChance(answers.Accuracy, model.ClassCount) && answers.IsBetterThan(found, ScaleSignificance, ScaleGain) && answers.Accuracy > (best?.Accuracy ?? 0))
            {
                best = (change, answers.Accuracy);
            }
        }
    }

    private static byte[] Turned(LabelledImages images, Func<int, int, int, int> sourceOf)
    {
        var side = images.Width;
        var turned = new byte[images.Pixels.Length];
        for (var place = 0; place < images.PixelsPerImage; place++)
        {
            var (y, x) = Math.DivRem(sourceOf(place % side, place / side, side - 1), 1_000_000);
            for (var start = 0; start < turned.Length; start += images.PixelsPerImage)
            {
                turned[start + place] = images.Pixels[start + (y * side) + x];
            }
        }

        return turned;
    }

    /// <summary>Labels that are all one too high or too low, the last class following the first.</summary>
    private static string? OtherNumbers(LabelledImages sample, Answers found)
    {
        foreach (var (shift, words) in new[] { (1, "1"), (-1, "-1") })
        {
            var right = 0;
            for (var i = 0; i < sample.Count; i++)
            {
                right += found.Predicted[i] == (sample.Label(i) + shift + found.ClassCount) % found.ClassCount ? 1 : 0;
            }

            var accuracy = (double)right / sample.Count;
            if (accuracy > ExplainedByNumbering && found.Accuracy < accuracy / 2)
            {
                return FormattableString.Invariant($"{Percent.Format(accuracy)} of {sample.Count:N0} with --label-offset {words}: the labels seem to be numbered from another number on");
            }
        }

        return null;
    }

    /// <summary>Labels that stand for the classes in another order.</summary>
    private static string? OtherOrder(EvaluationResult evaluation)
    {
        var matrix = evaluation.ConfusionMatrix;
        const int MostClasses = 256;
        if (matrix.ClassCount is < 2 or > MostClasses)
        {
            return null;
        }

        var classOf = Assignment.Best(matrix);
        var right = Enumerable.Range(0, matrix.ClassCount).Sum(label => (long)matrix[label, classOf[label]]);
        var accuracy = (double)right / matrix.Total;
        if (accuracy <= ExplainedByOrder || evaluation.MicroAccuracy >= accuracy / 2)
        {
            return null;
        }

        var moved = Enumerable.Range(0, matrix.ClassCount).Where(label => classOf[label] != label && matrix.TrueCount(label) > 0).ToArray();
        var shown = string.Join(", ", moved.Take(10).Select(label => Invariant($"{label} is the model's {classOf[label]}")));
        return $"{Percent.Format(accuracy)} if the labels stood for the classes in another order: {shown}{(moved.Length > 10 ? ", …" : "")}";
    }

    /// <summary>What a model says of pictures.</summary>
    private sealed class Answers
    {
        private readonly bool[] _isRight;

        public Answers(Mlp model, ReadOnlySpan<byte> pixels, LabelledImages labels)
        {
            ClassCount = model.ClassCount;
            var probabilities = new float[labels.Count * ClassCount];
            model.PredictBatch(pixels, probabilities);
            Predicted = new int[labels.Count];
            _isRight = new bool[labels.Count];
            for (var i = 0; i < labels.Count; i++)
            {
                var prediction = new Prediction(probabilities.AsMemory(i * ClassCount, ClassCount));
                Predicted[i] = prediction.PredictedLabel;
                Sureness += prediction.Probability / labels.Count;
                LogLoss -= Math.Log(Math.Max(1e-15, probabilities[(i * ClassCount) + labels.Label(i)])) / labels.Count;
                _isRight[i] = prediction.PredictedLabel == labels.Label(i);
            }
        }

        public int ClassCount { get; }

        public int[] Predicted { get; }

        /// <summary>Mean probability of the predicted class.</summary>
        public double Sureness { get; }

        /// <summary>Mean of −ln(probability of the true class).</summary>
        public double LogLoss { get; }

        public double Accuracy => _isRight.Count(right => right) / (double)_isRight.Length;

        public bool IsBetterThan(Answers other, double significance, double gain)
        {
            var only = _isRight.Zip(other._isRight).Count(pair => pair.First && !pair.Second);
            var onlyOther = _isRight.Zip(other._isRight).Count(pair => !pair.First && pair.Second);
            return Accuracy - other.Accuracy >= gain && EvaluationComparison.McNemar(only, onlyOther) < significance;
        }
    }
}
