using DigitML.Evaluation;
using DigitML.IO;

namespace DigitML.Tests.Evaluation;

public class EvaluationGateTests
{
    private const int Images = 10_000;

    /// <summary>An evaluation of the same two-class images with these ones wrong.</summary>
    internal static EvaluationResult WithWrong(IEnumerable<int> wrong, string? dataHash = "abc", string dataset = "counted")
    {
        var probabilities = new float[2 * Images];
        var labels = new byte[Images];
        var missed = wrong.ToHashSet();
        for (var i = 0; i < Images; i++)
        {
            labels[i] = (byte)(i % 2);
            probabilities[(2 * i) + (missed.Contains(i) ? 1 - labels[i] : labels[i])] = 1;
        }

        return EvaluationResult.From(probabilities, labels, 2, dataset) with { DataHash = dataHash };
    }

    [Fact]
    public void Check_HalfAPointWorse_FailsAndSaysWhy()
    {
        var baseline = WithWrong(Enumerable.Range(0, 200));
        var half = Assert.Single(new EvaluationGate().Check(WithWrong(Enumerable.Range(30, 250)), baseline));
        Assert.False(half.IsMet);
        Assert.Equal("The accuracy went from 98.00 % to 97.50 %, −0.50 points, more than chance explains. McNemar's test: 80 images are wrong now that were right, 30 the other way round, p below 0.0001.", half.Reason);
    }

    [Fact]
    public void Check_AHundredthOfAPointWorse_PassesAndSaysWhy()
    {
        var check = Assert.Single(new EvaluationGate().Check(WithWrong(Enumerable.Range(5, 201)), WithWrong(Enumerable.Range(0, 200))));

        Assert.True(check.IsMet);
        Assert.StartsWith("The accuracy went from 98.00 % to 97.99 %, −0.01 points, which chance explains. McNemar's test: 6 images are wrong now that were right, 5 the other way round, p = 1", check.Reason);
    }

    [Theory]
    [InlineData(0.002, 20, true)]
    [InlineData(0.002, 21, false)]
    [InlineData(0, 1, false)]
    [InlineData(0, -1, true)]
    public void Check_AMaximumDrop_IsTheLimitToTheImage(double maximum, int moreWrong, bool isMet)
    {
        var check = Assert.Single(new EvaluationGate { MaximumDrop = maximum }.Check(WithWrong(Enumerable.Range(0, 200 + moreWrong)), WithWrong(Enumerable.Range(0, 200))));

        Assert.Equal(isMet, check.IsMet);
        Assert.Contains(isMet ? "within the " : "more than the ", check.Reason);
    }

    [Fact]
    public void Check_OtherImages_NeedAMaximumDrop()
    {
        var (baseline, current) = (WithWrong([1], dataHash: "other", dataset: "old"), WithWrong([1, 2]));

        var error = Assert.Throws<DigitException>(() => new EvaluationGate().Check(current, baseline));
        Assert.StartsWith("baseline: expected an evaluation of the same images (counted, hash abc) but found old, hash other.", error.Message);

        var check = Assert.Single(new EvaluationGate { MaximumDrop = 0.01 }.Check(current, baseline));
        Assert.True(check.IsMet);
        Assert.EndsWith("The two are not known to be about the same images.", check.Reason);
    }

    [Fact]
    public void Check_ABaselineWithoutItsMistakes_SaysSo()
    {
        var error = Assert.Throws<DigitException>(() => new EvaluationGate().Check(WithWrong([1]), WithWrong([2]) with { MisclassifiedIndices = null }));
        Assert.StartsWith("baseline: expected an evaluation that lists the images it got wrong", error.Message);
    }

    [Fact]
    public void Check_LimitsOutOfRange_AreTheCallersMistake()
    {
        Assert.StartsWith("MinimumAccuracy must be a share from 0 to 1; got 97.", Assert.Throws<ArgumentException>(() => new EvaluationGate { MinimumAccuracy = 97 }.Check(WithWrong([]))).Message);
        Assert.StartsWith("MaximumDrop must be a share from 0 to 1; got NaN.", Assert.Throws<ArgumentException>(() => new EvaluationGate { MaximumDrop = double.NaN }.Check(WithWrong([]))).Message);
        Assert.StartsWith("MaximumDrop needs a baseline", Assert.Throws<ArgumentException>(() => new EvaluationGate { MaximumDrop = 0.1 }.Check(WithWrong([]))).Message);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(5, 0, 0.0625)]
    [InlineData(10, 2, 0.03857421875)]
    [InlineData(7, 7, 1)]
    public void McNemar_SmallCounts_AreTheExactBinomial(int first, int second, double expected)
    {
        // Twice the sum of C(n, k) / 2ⁿ for k up to the smaller count, worked out by hand.
        Assert.Equal(expected, EvaluationComparison.McNemar(first, second), 1e-12);
        Assert.Equal(expected, EvaluationComparison.McNemar(second, first), 1e-12);
    }

    [Fact]
    public void McNemar_ThousandsOfImages_DoesNotVanish() =>
        // The normal approximation with continuity correction gives z = (100 − 1)/√4900 = 1.414, p = 0.157.
        Assert.Equal(0.157, EvaluationComparison.McNemar(2500, 2400), 0.002);

    [Fact]
    public void Json_TheMistakes_ComeBackOnOneLine_AndMustFitTheMatrix()
    {
        var json = WithWrong([3, 77, 4001]).ToJson();
        Assert.Contains("\"misclassifiedIndices\": [3, 77, 4001]", json);
        Assert.Equal([3, 77, 4001], EvaluationResult.FromJson(json).MisclassifiedIndices!);
        Assert.Contains("misclassifiedIndices must name 3 images", Assert.Throws<DigitException>(() => EvaluationResult.FromJson(json.Replace("[3, 77, 4001]", "[3, 77]"))).Message);
        Assert.Contains("misclassifiedIndices must be ascending", Assert.Throws<DigitException>(() => EvaluationResult.FromJson(json.Replace("[3, 77, 4001]", "[77, 3, 10000]"))).Message);
        Assert.Contains("must be an array", Assert.Throws<DigitException>(() => EvaluationResult.FromJson(json.Replace("[3, 77, 4001]", "{}"))).Message);
    }
}
