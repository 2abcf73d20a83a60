using DigitML.Evaluation;

namespace DigitML.Tests.Evaluation;

public class ConfusionMatrixTests
{
    [Fact]
    public void ToString_ThreeClasses_IsThisTable()
    {
        var matrix = new ConfusionMatrix(3, [980, 0, 12, 3, 1135, 0, 0, 0, 0]);
        Assert.Equal(
            """
                      predicted
                 true    0    1    2 total recall
                    0  980    .   12   992   98.8
                    1    3 1135    .  1138   99.7
                    2    .    .    .     0      -
                total  983 1135   12  2130
            precision 99.7  100  0.0         99.3
            recall, precision and, in the corner, accuracy in %; a dot is 0
            """.ReplaceLineEndings("\n"),
            matrix.ToString());
    }

    [Theory]
    [InlineData(10, 9_999)]
    [InlineData(10, 1)]
    [InlineData(3, 60_000)]
    public void ToString_TenClasses_FitsEightyColumns(int classes, int count)
    {
        var counts = new int[classes * classes];
        for (var c = 0; c < classes; c++)
        {
            counts[c * classes + c] = count;
        }

        var lines = new ConfusionMatrix(classes, counts).ToString().Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void ToString_OneImageMissedOfMany_NeverSays100()
    {
        var text = new ConfusionMatrix(2, [99_999, 1, 0, 7]).ToString();
        Assert.Contains("99.9", text);
        Assert.Equal(2, text.Split("100 ").Length - 1 + text.Split("100\n").Length - 1);
    }

    [Fact]
    public void Sums_RowsAndColumns_AreSupportAndPredictions()
    {
        var matrix = new ConfusionMatrix(2, [5, 2, 1, 9]);
        Assert.Equal((7, 10, 6, 11), (matrix.TrueCount(0), matrix.TrueCount(1), matrix.PredictedCount(0), matrix.PredictedCount(1)));
        Assert.Equal((17, 14, 2), (matrix.Total, matrix.Correct, matrix[0, 1]));
        Assert.Equal(5 / 7.0, matrix.Recall(0));
        Assert.Equal(5 / 6.0, matrix.Precision(0));
        Assert.Equal(10 / 13.0, matrix.F1(0));
    }

    [Fact]
    public void Constructor_CountsOutOfRange_AreRefused()
    {
        Assert.Contains("needs 4 counts; got 3", Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2, [1, 2, 3])).Message);
        Assert.Contains("true 1, predicted 0 must be at least 0; got -1", Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2, [1, 2, -1, 3])).Message);
        Assert.Contains("got 0", Assert.Throws<ArgumentException>(() => new ConfusionMatrix(1, [0])).Message);
        Assert.Contains("got 4294967294", Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2, [int.MaxValue, 0, 0, int.MaxValue])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(2, [1, 2, 3, 4])[2, 0]);
    }
}
