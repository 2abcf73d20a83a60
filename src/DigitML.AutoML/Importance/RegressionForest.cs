using DigitML.Pixels;

namespace DigitML.AutoML.Importance;

/// <summary>
/// A random forest for numbers (Breiman 2001): each tree learns from a sample drawn with replacement, each split looks at some of the columns and takes the cut
/// that leaves the least squared error. A column is a number, or a category, whose values are cut in the order of their means.
/// </summary>
internal sealed class RegressionForest
{
    /// <summary>Rows of a leaf at least: one or two alone would learn chance.</summary>
    private const int LeastRows = 2;

    private readonly Node[] _trees;

    private RegressionForest(Node[] trees) => _trees = trees;

    /// <summary>Grows a forest.</summary>
    /// <param name="rows">[row][column]; a category is its index.</param>
    /// <param name="values">What a row shall give.</param>
    /// <param name="isCategory">One for each column.</param>
    /// <param name="trees">How many.</param>
    /// <param name="seed">The same seed grows the same forest.</param>
    public static RegressionForest Grow(double[][] rows, double[] values, bool[] isCategory, int trees, int seed) => new(
    [
        .. Enumerable.Range(0, trees).Select(tree =>
        {
            var random = SeededRandom.OfItem(seed, tree);
            int[] sample = [.. Enumerable.Range(0, rows.Length).Select(_ => random.Next(rows.Length))];
            return Split(rows, values, isCategory, sample, random);
        }),
    ]);

    /// <summary>The mean of what the trees say of a row.</summary>
    public double Predict(double[] row)
    {
        var sum = 0.0;
        foreach (var tree in _trees)
        {
            var node = tree;
            while (node.Left is { } left)
            {
                node = node.GoesLeft(row) ? left : node.Right!;
            }

            sum += node.Value;
        }

        return sum / _trees.Length;
    }

    private static Node Split(double[][] rows, double[] values, bool[] isCategory, int[] sample, SeededRandom random)
    {
        var mean = sample.Average(row => values[row]);
        var error = sample.Sum(row => (values[row] - mean) * (values[row] - mean));
        if (sample.Length < 2 * LeastRows || error <= 1e-18)
        {
            return new Node(mean);
        }

        // Half of the columns, since a study has few of them and most matter little.
        int[] columns = [.. Enumerable.Range(0, isCategory.Length)];
        random.Shuffle<int>(columns);
        Node? best = null;
        var least = error * (1 - 1e-9);
        for (var i = 0; i < columns.Length && (best is null || i < (columns.Length + 1) / 2); i++)
        {
            if (BestCut(rows, values, isCategory[columns[i]], columns[i], sample, ref least) is { } cut)
            {
                best = cut with { Value = mean };
            }
        }

        return best is null
            ? new Node(mean)
            : best with
            {
                Left = Split(rows, values, isCategory, [.. sample.Where(row => best.GoesLeft(rows[row]))], random),
                Right = Split(rows, values, isCategory, [.. sample.Where(row => !best.GoesLeft(rows[row]))], random),
            };
    }

    /// <summary>The cut of one column with less error than the least so far; null for none.</summary>
    private static Node? BestCut(double[][] rows, double[] values, bool isCategory, int column, int[] sample, ref double least)
    {
        // Categories take the place of their mean: the best cut into two sets is one of that order (Fisher 1958).
        var means = isCategory ? sample.GroupBy(row => rows[row][column]).ToDictionary(group => group.Key, group => group.Average(row => values[row])) : null;
        var keys = Array.ConvertAll(sample, row => means is null ? rows[row][column] : means[rows[row][column]]);
        int[] sorted = [.. sample];
        Array.Sort(keys, sorted);
        var (total, totalSquares) = (0.0, 0.0);
        foreach (var row in sorted)
        {
            total += values[row];
            totalSquares += values[row] * values[row];
        }

        var (left, bestCut) = (0.0, double.NaN);
        for (var i = 1; i < sorted.Length; i++)
        {
            left += values[sorted[i - 1]];
            if (keys[i] <= keys[i - 1] || i < LeastRows || sorted.Length - i < LeastRows)
            {
                continue;
            }

            var right = total - left;
            var error = totalSquares - (left * left / i) - (right * right / (sorted.Length - i));
            if (error < least)
            {
                (least, bestCut) = (error, (keys[i - 1] + keys[i]) / 2);
            }
        }

        return double.IsNaN(bestCut) ? null : new Node(0) { Column = column, Cut = bestCut, LeftCategories = means is null ? null : [.. means.Where(mean => mean.Value < bestCut).Select(mean => mean.Key)] };
    }

    private sealed record Node(double Value)
    {
        public Node? Left { get; init; }

        public Node? Right { get; init; }

        public int Column { get; init; }

        public double Cut { get; init; }

        /// <summary>The categories left of the cut; null for a number.</summary>
        public HashSet<double>? LeftCategories { get; init; }

        public bool GoesLeft(double[] row) => LeftCategories is null ? row[Column] < Cut : LeftCategories.Contains(row[Column]);
    }
}
