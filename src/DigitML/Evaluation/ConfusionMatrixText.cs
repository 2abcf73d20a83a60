using System.Globalization;
using System.Text;

namespace DigitML.Evaluation;

/// <summary>Sets a confusion matrix as text: true classes down, predicted ones across, zeros as dots so that errors stand out.</summary>
internal static class ConfusionMatrixText
{
    private const string PrecisionTitle = "precision";

    /// <summary>Names are cut where they are longer, as rows and as columns.</summary>
    private const int LongestTitle = 20;
    private const int LongestColumn = 8;

    public static string Format(ConfusionMatrix matrix)
    {
        var classes = Enumerable.Range(0, matrix.ClassCount).ToArray();
        // A percentage such as 99.8 needs four characters of its own; with a second decimal ten classes would not fit eighty columns.
        var longest = classes.Max(c => matrix.NameOf(c).Length);
        var first = Math.Max(PrecisionTitle.Length, Math.Min(longest, LongestTitle));
        var cell = 1 + Math.Max(Math.Max(4, Math.Min(longest, LongestColumn)), classes.Max(c => Math.Max(matrix.TrueCount(c), matrix.PredictedCount(c)).ToString(CultureInfo.InvariantCulture).Length));
        var total = 1 + Math.Max("total".Length, matrix.Total.ToString(CultureInfo.InvariantCulture).Length);
        var recall = 1 + "recall".Length;

        var text = new StringBuilder();
        text.Append(' ', first + 1).Append("predicted\n");
        AppendRow("true", c => Cut(matrix.NameOf(c), LongestColumn), "total", "recall");
        foreach (var t in classes)
        {
            AppendRow(Cut(matrix.NameOf(t), LongestTitle), p => matrix[t, p] == 0 ? "." : Text(matrix[t, p]), Text(matrix.TrueCount(t)), Percent(matrix.Recall(t)));
        }

        AppendRow("total", p => Text(matrix.PredictedCount(p)), Text(matrix.Total), "");
        AppendRow(PrecisionTitle, p => Percent(matrix.Precision(p)), "", Percent((double)matrix.Correct / matrix.Total));
        text.Append("recall, precision and, in the corner, accuracy in %; a dot is 0");
        return text.ToString();

        void AppendRow(string title, Func<int, string> valueOf, string sum, string share)
        {
            var start = text.Length;
            text.Append(title.PadLeft(first));
            foreach (var c in classes)
            {
                text.Append(valueOf(c).PadLeft(cell));
            }

            text.Append(sum.PadLeft(total)).Append(share.PadLeft(recall));
            while (text.Length > start && text[^1] == ' ')
            {
                text.Length--;
            }

            text.Append('\n');
        }
    }

    private static string Cut(string name, int longest) => name.Length > longest ? $"{name[..(longest - 1)]}…" : name;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Rounded as everywhere, to one decimal; 100 says that nothing was missed.</summary>
    private static string Percent(double share) => share switch
    {
        double.NaN => "-",
        1 => "100",
        _ => IO.Percent.Number(share, 1),
    };
}
