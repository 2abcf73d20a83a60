using DigitML.Reading;

namespace DigitML.Tests.Reading;

public class LineLatticeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Read_ByTheLinesNetworkAlone_TakesWhicheverItSays(double sign)
    {
        var lattice = Lattice("3071", seed: 5);

        // Nothing counts but what the line's network says of a digit, and that what is broad is none.
        var linear = new double[SegmentScore.Count];
        (linear[SegmentScore.Digit], linear[SegmentScore.Line], linear[SegmentScore.VeryBroad]) = (10, sign, -100);
        var reading = lattice.Read(new SegmentWeights(SegmentScore.Names, linear, []))!;

        var taken = reading.Segments.Where(segment => !segment.IsSkipped).ToArray();
        Assert.NotEmpty(taken);
        Assert.All(taken, segment =>
        {
            var line = lattice.Runs.First(run => ReferenceEquals(run.Piece, segment.Piece)).Line;
            Assert.True(sign * line[segment.Answer.Digit] >= sign * line[segment.Answer.RunnerUp]);
        });
    }

    [Fact]
    public void Runs_OfDigitsApart_AreLikeliestTheDigitsThatStandThere()
    {
        const string Text = "3071";
        var lattice = Lattice(Text, seed: 5);

        Assert.Equal(Text, lattice.Answers.Text);
        var spelt = lattice.Read(SegmentWeights.Shipped)!.Segments.Where(segment => !segment.IsSkipped).Select(segment => lattice.Runs.First(run => ReferenceEquals(run.Piece, segment.Piece)).Line);
        Assert.Equal(Text, string.Concat(spelt.Select(line => Array.IndexOf(line, line.Max()))));
    }

    [Fact]
    public void Judge_WhereTheLinesNetworkSaysAThirdDigit_MayTakeIt()
    {
        var run = Lattice("3071", seed: 5).Runs[0];
        var third = Enumerable.Range(0, 10).First(digit => digit != run.Answer.Digit && digit != run.Answer.RunnerUp);
        var sure = run with { Line = [.. Enumerable.Range(0, 10).Select(digit => digit == third ? 0.0 : -12.0)] };
        var linear = new double[SegmentScore.Count];
        linear[SegmentScore.Line] = 1;

        var (answer, score) = LineLattice.Judge(sure, new SegmentWeights(SegmentScore.Names, linear, []));

        Assert.Equal((third, 0.0), (answer.Digit, score));
    }

    [Theory]
    [InlineData(4, 4, 2)]
    [InlineData(2, 2, 4)]
    [InlineData(7, 7, 2)]
    public void As_AnyDigit_IsAsSureOfIt(int digit, int first, int second)
    {
        var answer = new Classified([], [0, 0, 0.3f, 0, 0.6f, 0, 0, 0.1f, 0, 0], Digit: 4, RunnerUp: 2);

        var other = answer.As(digit);

        Assert.Equal((first, second, 0.6f, 0.3f), (other.Digit, other.RunnerUp, other.Probability, other.RunnerUpProbability));
        Assert.Equal((0.6f, 0.3f, 0.1f), (answer.Probability, answer.RunnerUpProbability, answer.Probabilities[7]));
    }

    private static LineLattice Lattice(string text, int seed)
    {
        var page = WrittenPage.Draw([text], seed);
        return Assert.Single(new PictureReading(new DigitClassifier(ShippedModel.Mlp), new ReaderOptions(), page, page.Width, page.Height).Lattices());
    }
}
