using System.Text.Json.Serialization;
using DigitML.IO;

namespace DigitML.Evaluation;

/// <summary>How often each true class (rows) was taken for each class (columns).</summary>
[JsonConverter(typeof(ConfusionMatrixConverter))]
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Html])]
public sealed class ConfusionMatrix
{
    private readonly int[] _counts;

    /// <summary>Wraps counts that were made elsewhere; they are copied.</summary>
    /// <param name="classCount">Classes told apart, at least 1.</param>
    /// <param name="counts">Row-major [true class, predicted class], each at least 0; together at least 1 and at most <see cref="int.MaxValue"/>.</param>
    /// <param name="classNames">[classes] their names; null or empty when a class is called by its number.</param>
    /// <exception cref="ArgumentException">A length disagrees with the class count, or a count is out of its range.</exception>
    public ConfusionMatrix(int classCount, ReadOnlySpan<int> counts, IReadOnlyList<string>? classNames = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ClassNames = classNames ?? [];
        if (ClassNames.Count > 0 && ClassNames.Count != classCount)
        {
            throw new ArgumentException(Invariant($"A confusion matrix of {classCount} classes needs as many names; got {ClassNames.Count}."), nameof(classNames));
        }

        if (counts.Length != (long)classCount * classCount)
        {
            throw new ArgumentException(Invariant($"A confusion matrix of {classCount} classes needs {(long)classCount * classCount} counts; got {counts.Length}."), nameof(counts));
        }

        long total = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] < 0)
            {
                throw new ArgumentException(Invariant($"The count of true {i / classCount}, predicted {i % classCount} must be at least 0; got {counts[i]}."), nameof(counts));
            }

            total += counts[i];
        }

        if (total is < 1 or > int.MaxValue)
        {
            throw new ArgumentException(Invariant($"The counts of a confusion matrix must sum to 1 to {int.MaxValue}; got {total}."), nameof(counts));
        }

        _counts = counts.ToArray();
        ClassCount = classCount;
        Total = (int)total;
        for (var c = 0; c < classCount; c++)
        {
            Correct += this[c, c];
        }
    }

    /// <summary>Classes told apart.</summary>
    public int ClassCount { get; }

    /// <summary>The classes' names; empty when a class is called by its number.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>What a class is called: its name, or its number.</summary>
    /// <param name="class">0 to <see cref="ClassCount"/> − 1.</param>
    public string NameOf(int @class) => ClassNames.Count > 0 ? ClassNames[Check(@class)] : Invariant($"{Check(@class)}");

    /// <summary>All images counted.</summary>
    public int Total { get; }

    /// <summary>The images on the diagonal: those classified correctly.</summary>
    public int Correct { get; }

    /// <summary>Row-major [true class, predicted class].</summary>
    public ReadOnlySpan<int> Counts => _counts;

    /// <summary>Images of one class that were taken for one class.</summary>
    /// <param name="trueClass">0 to <see cref="ClassCount"/> − 1.</param>
    /// <param name="predictedClass">0 to <see cref="ClassCount"/> − 1.</param>
    public int this[int trueClass, int predictedClass] => _counts[Check(trueClass) * ClassCount + Check(predictedClass)];

    /// <summary>Images whose true class this is: the row's sum, also called support.</summary>
    /// <param name="trueClass">0 to <see cref="ClassCount"/> − 1.</param>
    public int TrueCount(int trueClass)
    {
        var sum = 0;
        for (var p = 0; p < ClassCount; p++)
        {
            sum += this[trueClass, p];
        }

        return sum;
    }

    /// <summary>Images taken for this class: the column's sum.</summary>
    /// <param name="predictedClass">0 to <see cref="ClassCount"/> − 1.</param>
    public int PredictedCount(int predictedClass)
    {
        var sum = 0;
        for (var t = 0; t < ClassCount; t++)
        {
            sum += this[t, predictedClass];
        }

        return sum;
    }

    /// <summary>Share of a class's images that were recognised, 0 to 1; higher is better; NaN when the class has none.</summary>
    /// <param name="trueClass">0 to <see cref="ClassCount"/> − 1.</param>
    public double Recall(int trueClass) => Share(this[trueClass, trueClass], TrueCount(trueClass));

    /// <summary>Share of the images taken for a class that are of it, 0 to 1; higher is better; NaN when none were.</summary>
    /// <param name="predictedClass">0 to <see cref="ClassCount"/> − 1.</param>
    public double Precision(int predictedClass) => Share(this[predictedClass, predictedClass], PredictedCount(predictedClass));

    /// <summary>
    /// The harmonic mean of precision and recall, 2·hits / (images of the class + images taken for it), 0 to 1;
    /// higher is better; NaN when the class neither occurs nor was predicted.
    /// </summary>
    /// <param name="class">0 to <see cref="ClassCount"/> − 1.</param>
    public double F1(int @class) => Share(2L * this[@class, @class], (long)TrueCount(@class) + PredictedCount(@class));

    /// <summary>The counts with their sums, precision and recall as a text table: 80 columns hold ten classes of up to 9,999 images.</summary>
    public override string ToString() => ConfusionMatrixText.Format(this);

    private static double Share(long part, long whole) => whole == 0 ? double.NaN : (double)part / whole;

    private int Check(int @class) =>
        (uint)@class < (uint)ClassCount
            ? @class
            : throw new ArgumentOutOfRangeException(nameof(@class), @class, Invariant($"Classes are 0 to {ClassCount - 1}."));
}
