namespace DigitML.Evaluation;

/// <summary>
/// Which class each label stands for if every label stands for one of its own: the assignment that makes most predictions right
/// (Kuhn 1955, "The Hungarian method for the assignment problem", by shortest augmenting paths).
/// </summary>
internal static class Assignment
{
    /// <summary>The class of each label.</summary>
    /// <param name="matrix">How often each class was predicted for each label.</param>
    public static int[] Best(ConfusionMatrix matrix)
    {
        var n = matrix.ClassCount;

        // Prices of labels and classes whose sum is at most the cost of each pair, and equals it for those that are paired. Number n is nobody.
        var (labelPrice, classPrice) = (new long[n], new long[n + 1]);
        var labelOf = new int[n + 1];
        Array.Fill(labelOf, -1);
        var (slack, from, isReached) = (new long[n + 1], new int[n + 1], new bool[n + 1]);
        for (var label = 0; label < n; label++)
        {
            Array.Fill(slack, long.MaxValue);
            Array.Fill(isReached, false);
            labelOf[n] = label;
            var current = n;
            while (labelOf[current] >= 0)
            {
                isReached[current] = true;
                var reached = labelOf[current];
                var (step, next) = (long.MaxValue, -1);
                for (var c = 0; c < n; c++)
                {
                    if (isReached[c])
                    {
                        continue;
                    }

                    var rest = -matrix[reached, c] - labelPrice[reached] - classPrice[c];
                    if (rest < slack[c])
                    {
                        (slack[c], from[c]) = (rest, current);
                    }

                    if (slack[c] < step)
                    {
                        (step, next) = (slack[c], c);
                    }
                }

                for (var c = 0; c <= n; c++)
                {
                    if (isReached[c])
                    {
                        labelPrice[labelOf[c]] += step;
                        classPrice[c] -= step;
                    }
                    else if (c < n)
                    {
                        slack[c] -= step;
                    }
                }

                current = next;
            }

            while (current != n)
            {
                labelOf[current] = labelOf[from[current]];
                current = from[current];
            }
        }

        var classOf = new int[n];
        for (var c = 0; c < n; c++)
        {
            classOf[labelOf[c]] = c;
        }

        return classOf;
    }
}
