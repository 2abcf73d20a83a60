using DigitML.Evaluation;

namespace DigitML.Tests.Evaluation;

public class EvaluationResultTests
{
    /// <summary>Four images of three classes, worked out by hand: 0→0, 1→1, 1→2, 2→2.</summary>
    private static EvaluationResult ByHand() => EvaluationResult.From(
        [0.7f, 0.2f, 0.1f, 0.25f, 0.5f, 0.25f, 0.1f, 0.3f, 0.6f, 0f, 0.1f, 0.9f],
        [0, 1, 1, 2],
        3,
        "four by hand");

    [Fact]
    public void From_FourImages_GivesTheMetricsWorkedOutByHand()
    {
        var result = ByHand();

        Assert.Equal(4, result.Count);
        Assert.Equal([1, 0, 0, 0, 1, 1, 0, 0, 1], result.ConfusionMatrix.Counts.ToArray());
        Assert.Equal(0.75, result.MicroAccuracy);
        Assert.Equal((1 + 0.5 + 1) / 3, result.MacroAccuracy, 1e-12);
        var loss = -(Math.Log(0.7f) + Math.Log(0.5f) + Math.Log(0.3f) + Math.Log(0.9f)) / 4;
        Assert.Equal(loss, result.LogLoss, 1e-12);
        var prior = -(0.25 * Math.Log(0.25) + 0.5 * Math.Log(0.5) + 0.25 * Math.Log(0.25));
        Assert.Equal((prior - loss) / prior, result.LogLossReduction, 1e-12);
        Assert.Equal([0.75, 1, 1], result.TopKAccuracies);
        Assert.Equal(0.75, result.TopKAccuracy(1));

        var two = result.PerClass[2];
        Assert.Equal((2, 1, 0.5, 1.0), (two.Class, two.Support, two.Precision, two.Recall));
        Assert.Equal(2.0 / 3, two.F1, 1e-12);
        Assert.Equal(-Math.Log(0.9f), two.LogLoss, 1e-12);

        var wrong = Assert.Single(result.MostConfidentlyWrong);
        Assert.Equal(new Misclassification(2, 1, 2, 0.6f), wrong);
    }

    [Fact]
    public void From_FourImages_GivesTheCalibrationErrorOfEquation3()
    {
        // Confidences 0.7, 0.5, 0.6 and 0.9 fall into bins of their own, and 0.6 is the wrong one.
        var result = ByHand();
        Assert.Equal(15, result.CalibrationBins.Count);
        Assert.Equal((0.3 + 0.5 + 0.6 + 0.1) / 4, result.ExpectedCalibrationError, 1e-6);
        Assert.Equal(4, result.CalibrationBins.Sum(bin => bin.Count));
        Assert.True(double.IsNaN(result.CalibrationBins[0].Accuracy));
    }

    [Theory]
    [InlineData(0.5f, 0)]
    [InlineData(0.50001f, 1)]
    [InlineData(1f, 1)]
    public void From_ConfidenceOnABinsEdge_FallsIntoTheLowerBin(float confidence, int expected)
    {
        var result = EvaluationResult.From([confidence, 1 - confidence], [0], 2, "edge", options: new EvaluationOptions { CalibrationBins = 2 });
        Assert.Equal(1, result.CalibrationBins[expected].Count);
    }

    [Fact]
    public void From_ManyImages_MatchesSortingEveryRow()
    {
        const int classes = 7;
        var (probabilities, labels) = Random(4_391, classes, seed: 31);
        var result = EvaluationResult.From(probabilities, labels, classes, "random");
        for (var k = 1; k <= classes; k++)
        {
            var hits = 0;
            for (var i = 0; i < labels.Length; i++)
            {
                var row = probabilities.AsSpan(i * classes, classes).ToArray();
                hits += Enumerable.Range(0, classes).OrderByDescending(c => row[c]).ThenBy(c => c).Take(k).Contains(labels[i]) ? 1 : 0;
            }

            Assert.Equal((double)hits / labels.Length, result.TopKAccuracy(k), 1e-12);
        }

        Assert.Equal(1, result.TopKAccuracy(classes));
        Assert.Equal(result.MicroAccuracy, result.TopKAccuracy(1), 1e-12);
        Assert.Equal(result.LogLoss, result.PerClass.Sum(c => c.LogLoss * c.Support) / result.Count, 1e-9);
    }

    [Fact]
    public void From_ManyErrors_ListsTheSurestFirstWhateverTheLength()
    {
        var (probabilities, labels) = Random(997, 5, seed: 32);
        var all = EvaluationResult.From(probabilities, labels, 5, "random", options: new EvaluationOptions { MostConfidentlyWrong = 1_000_000 }).MostConfidentlyWrong;
        var few = EvaluationResult.From(probabilities, labels, 5, "random", options: new EvaluationOptions { MostConfidentlyWrong = 13 }).MostConfidentlyWrong;
        var none = EvaluationResult.From(probabilities, labels, 5, "random", options: new EvaluationOptions { MostConfidentlyWrong = 0 }).MostConfidentlyWrong;

        Assert.Equal(all.OrderByDescending(item => item.Probability).ThenBy(item => item.Index), all);
        Assert.Equal(all.Take(13), few);
        Assert.Empty(none);
    }

    [Fact]
    public void From_AlwaysTheSharesOfTheData_HasNoLogLossReduction()
    {
        var probabilities = Enumerable.Repeat(new[] { 0.25f, 0.75f }, 8).SelectMany(row => row).ToArray();
        var result = EvaluationResult.From(probabilities, [0, 0, 1, 1, 1, 1, 1, 1], 2, "shares");
        Assert.Equal(0, result.LogLossReduction, 1e-12);
    }

    [Fact]
    public void From_SureMistake_CostsAsMuchAsInMLNet()
    {
        var result = EvaluationResult.From([0f, 1f, 1f, 0f], [0, 0], 2, "sure");
        Assert.Equal(-Math.Log(1e-15) / 2, result.LogLoss, 1e-9);
    }

    [Fact]
    public void From_ClassesThatNeverOccur_AreNaNAndLeftOutOfTheMeans()
    {
        // Of five classes 0 occurs and is found, 1 occurs and is missed, 2 is predicted alone, 3 and 4 are neither.
        var result = EvaluationResult.From([1f, 0, 0, 0, 0, 0, 0, 1f, 0, 0], [0, 1], 5, "gaps");

        Assert.Equal(0.5, result.MacroAccuracy);
        Assert.Equal(0, result.PerClass[1].Recall);
        Assert.True(double.IsNaN(result.PerClass[1].Precision));
        Assert.Equal(0, result.PerClass[1].F1);
        Assert.True(double.IsNaN(result.PerClass[2].Recall));
        Assert.Equal(0, result.PerClass[2].Precision);
        Assert.Equal(0, result.PerClass[2].F1);
        Assert.True(double.IsNaN(result.PerClass[4].F1));
        Assert.True(double.IsNaN(result.PerClass[4].LogLoss));
        Assert.True(double.IsFinite(result.LogLoss));
    }

    [Fact]
    public void From_OneClassAlone_HasNoPriorToReduce()
    {
        var result = EvaluationResult.From([1f, 0f], [0], 2, "one");
        Assert.True(double.IsNaN(result.LogLossReduction));
    }

    [Fact]
    public void From_NotADistribution_NamesTheImage()
    {
        Assert.Contains("class 1 for image 1 must be 0 to 1; got NaN", Assert.Throws<ArgumentException>(() => EvaluationResult.From([1f, 0f, 1f, float.NaN], [0, 0], 2, "x")).Message);
        Assert.Contains("image 0 must sum to 1; got 1.5", Assert.Throws<ArgumentException>(() => EvaluationResult.From([1f, 0.5f], [0], 2, "x")).Message);
        Assert.Contains("label 2 of image 0 is not one of the 2 classes 0 to 1", Assert.Throws<ArgumentException>(() => EvaluationResult.From([1f, 0f], [2], 2, "x")).Message);
        Assert.Contains("at least one image", Assert.Throws<ArgumentException>(() => EvaluationResult.From([], Array.Empty<byte>(), 2, "x")).Message);
        Assert.Contains("got 3 for 1 labels", Assert.Throws<ArgumentException>(() => EvaluationResult.From([1f, 0f, 0f], [1], 2, "x")).Message);
    }

    [Fact]
    public void TopKAccuracy_KOutsideTheClasses_IsRefused()
    {
        var result = ByHand();
        Assert.Throws<ArgumentOutOfRangeException>(() => result.TopKAccuracy(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => result.TopKAccuracy(4));
    }

    [Theory]
    [InlineData(0, 25, "CalibrationBins must be 1 to 1000; got 0.")]
    [InlineData(15, -1, "MostConfidentlyWrong must be 0 to 1000000; got -1.")]
    public void From_OptionOutOfRange_IsNamed(int bins, int wrong, string message)
    {
        var options = new EvaluationOptions { CalibrationBins = bins, MostConfidentlyWrong = wrong };
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => EvaluationResult.From([1f, 0f], [0], 2, "x", options: options)).Message);
    }

    /// <summary>Random distributions that favour the true class somewhat; ties are common because values are coarse.</summary>
    internal static (float[] Probabilities, byte[] Labels) Random(int count, int classes, int seed)
    {
        var random = new Random(seed);
        var probabilities = new float[count * classes];
        var labels = new byte[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = (byte)random.Next(classes);
            var row = probabilities.AsSpan(i * classes, classes);
            var sum = 0f;
            for (var c = 0; c < classes; c++)
            {
                sum += row[c] = random.Next(1, 5) + (c == labels[i] ? 2 : 0);
            }

            for (var c = 0; c < classes; c++)
            {
                row[c] /= sum;
            }
        }

        return (probabilities, labels);
    }
}
