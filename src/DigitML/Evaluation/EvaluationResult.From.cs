namespace DigitML.Evaluation;

public sealed partial record EvaluationResult
{
    /// <summary>What ML.NET takes for the smallest probability, so that one sure mistake does not make the loss infinite.</summary>
    private const double SmallestProbability = 1e-15;

    /// <summary>A confusion matrix of more would take more than 64 MiB.</summary>
    private const int MostClasses = 4096;

    /// <summary>Rows of float probabilities sum to 1 but for rounding; this much is more than rounding.</summary>
    private const double SumTolerance = 1e-3;

    /// <summary>Measures predictions that were made elsewhere.</summary>
    /// <param name="probabilities">Row-major [images, classes], each 0 to 1, each row summing to 1.</param>
    /// <param name="labels">[images] true classes, each below <paramref name="classCount"/>; at least one.</param>
    /// <param name="classCount">Classes told apart, 1 to 4,096.</param>
    /// <param name="dataset">The data's name.</param>
    /// <param name="isSynthetic">Whether a program drew the images.</param>
    /// <param name="options">What is kept beyond the metrics; null for the defaults.</param>
    /// <param name="classNames">[classes] their names; null or empty when a class is called by its number.</param>
    /// <exception cref="ArgumentException">Lengths disagree, a label is no class or a row is no distribution.</exception>
    public static EvaluationResult From(
        ReadOnlySpan<float> probabilities,
        ReadOnlySpan<byte> labels,
        int classCount,
        string dataset,
        bool isSynthetic = false,
        EvaluationOptions? options = null,
        IReadOnlyList<string>? classNames = null)
    {
        var classes = new int[labels.Length];
        for (var i = 0; i < classes.Length; i++)
        {
            classes[i] = labels[i];
        }

        return From(probabilities, classes, classCount, dataset, isSynthetic, options, classNames);
    }

    /// <inheritdoc cref="From(ReadOnlySpan{float}, ReadOnlySpan{byte}, int, string, bool, EvaluationOptions?, IReadOnlyList{string}?)"/>
    public static EvaluationResult From(
        ReadOnlySpan<float> probabilities,
        ReadOnlySpan<int> labels,
        int classCount,
        string dataset,
        bool isSynthetic = false,
        EvaluationOptions? options = null,
        IReadOnlyList<string>? classNames = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classCount, MostClasses);
        options ??= new EvaluationOptions();
        options.Validate();
        if (labels.IsEmpty || probabilities.Length != (long)labels.Length * classCount)
        {
            throw new ArgumentException(Invariant($"{dataset}: expected {classCount} probabilities for each of at least one image but got {probabilities.Length} for {labels.Length} labels."), nameof(probabilities));
        }

        var counts = new int[classCount * classCount];
        var ranks = new int[classCount];
        var classLoss = new double[classCount];
        var bins = new (int Count, int Correct, double Confidence)[options.CalibrationBins];
        var misclassified = new List<int>();
        var wrong = new PriorityQueue<Misclassification, (float, int)>();
        for (var i = 0; i < labels.Length; i++)
        {
            var label = labels[i];
            if ((uint)label >= (uint)classCount)
            {
                throw new ArgumentException(Invariant($"{dataset}: label {label} of image {i} is not one of the {classCount} classes 0 to {classCount - 1}."), nameof(labels));
            }

            var row = probabilities.Slice(i * classCount, classCount);
            var predicted = CheckedArgMax(row, dataset, i);
            counts[label * classCount + predicted]++;
            ranks[RankOf(label, row)]++;
            classLoss[label] -= Math.Log(Math.Clamp(row[label], SmallestProbability, 1));

            // Bins are (lower, upper], as in the paper.
            ref var bin = ref bins[Math.Clamp((int)Math.Ceiling((double)row[predicted] * bins.Length) - 1, 0, bins.Length - 1)];
            bin.Count++;
            bin.Correct += predicted == label ? 1 : 0;
            bin.Confidence += row[predicted];

            if (predicted != label)
            {
                misclassified.Add(i);
                // The least sure leaves first; of equals the later, so that the list does not depend on its length.
                wrong.Enqueue(new Misclassification(i, label, predicted, row[predicted]), (row[predicted], -i));
                if (wrong.Count > options.MostConfidentlyWrong)
                {
                    wrong.Dequeue();
                }
            }
        }

        var matrix = new ConfusionMatrix(classCount, counts, classNames);
        return new EvaluationResult
        {
            Dataset = dataset,
            IsSynthetic = isSynthetic,
            LogLoss = classLoss.Sum() / labels.Length,
            TopKAccuracies = CumulativeShares(ranks, labels.Length),
            ConfusionMatrix = matrix,
            PerClass = [.. Enumerable.Range(0, classCount).Select(c => new ClassMetrics
            {
                Class = c,
                Support = matrix.TrueCount(c),
                Precision = matrix.Precision(c),
                Recall = matrix.Recall(c),
                F1 = matrix.F1(c),
                LogLoss = matrix.TrueCount(c) == 0 ? double.NaN : classLoss[c] / matrix.TrueCount(c),
            })],
            CalibrationBins = [.. bins.Select((bin, b) => new CalibrationBin
            {
                Lower = (double)b / bins.Length,
                Upper = (double)(b + 1) / bins.Length,
                Count = bin.Count,
                Confidence = bin.Count == 0 ? double.NaN : bin.Confidence / bin.Count,
                Accuracy = bin.Count == 0 ? double.NaN : (double)bin.Correct / bin.Count,
            })],
            MisclassifiedIndices = misclassified,
            MostConfidentlyWrong = [.. wrong.UnorderedItems.Select(item => item.Element).OrderByDescending(item => item.Probability).ThenBy(item => item.Index)],
        };
    }

    /// <summary>The most probable class, the lowest of equals, of a row that is checked to be a distribution.</summary>
    private static int CheckedArgMax(ReadOnlySpan<float> row, string dataset, int image)
    {
        var best = 0;
        var sum = 0.0;
        for (var c = 0; c < row.Length; c++)
        {
            // Written so that NaN fails too.
            if (!(row[c] >= 0 && row[c] <= 1 + SumTolerance))
            {
                throw new ArgumentException(FormattableString.Invariant($"{dataset}: the probability of class {c} for image {image} must be 0 to 1; got {row[c]}."));
            }

            sum += row[c];
            best = row[c] > row[best] ? c : best;
        }

        return Math.Abs(sum - 1) <= SumTolerance
            ? best
            : throw new ArgumentException(FormattableString.Invariant($"{dataset}: the probabilities of image {image} must sum to 1; got {sum}."));
    }

    /// <summary>How many classes come before this one when the most probable leads, the lower of equals first.</summary>
    private static int RankOf(int label, ReadOnlySpan<float> row)
    {
        var rank = 0;
        for (var c = 0; c < row.Length; c++)
        {
            rank += row[c] > row[label] || (row[c] == row[label] && c < label) ? 1 : 0;
        }

        return rank;
    }

    private static double[] CumulativeShares(int[] counts, int total)
    {
        var shares = new double[counts.Length];
        var sum = 0;
        for (var k = 0; k < shares.Length; k++)
        {
            sum += counts[k];
            shares[k] = (double)sum / total;
        }

        return shares;
    }
}
