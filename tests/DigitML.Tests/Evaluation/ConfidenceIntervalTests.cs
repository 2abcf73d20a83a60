using DigitML.Evaluation;

namespace DigitML.Tests.Evaluation;

public class ConfidenceIntervalTests
{
    // The roots of (p − x)² = z²·x(1 − x)/n, which define the interval, are found by bisection as the reference.
    [Theory]
    [InlineData(1, 3)]
    [InlineData(81, 263)]
    [InlineData(9769, 10000)]
    [InlineData(9999, 10000)]
    public void Wilson_AnyShare_SolvesItsDefinition(int successes, int trials)
    {
        var p = (double)successes / trials;
        var interval = ConfidenceInterval.Wilson(successes, trials);
        Assert.Equal(Root(0, p), interval.Lower, 1e-9);
        Assert.Equal(Root(1, p), interval.Upper, 1e-9);

        double Root(double outside, double inside)
        {
            for (var i = 0; i < 100; i++)
            {
                var middle = (outside + inside) / 2;
                var within = (p - middle) * (p - middle) < 3.841458820694124 * middle * (1 - middle) / trials;
                (outside, inside) = within ? (outside, middle) : (middle, inside);
            }

            return inside;
        }
    }

    [Fact]
    public void Wilson_AllOrNothing_StaysWithinZeroAndOne()
    {
        Assert.Equal(0, ConfidenceInterval.Wilson(0, 17).Lower);
        Assert.Equal(1, ConfidenceInterval.Wilson(17, 17).Upper);
        Assert.InRange(ConfidenceInterval.Wilson(17, 17).Lower, 0.81, 0.82);
    }

    [Fact]
    public void Wilson_MoreSuccessesThanTrials_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfidenceInterval.Wilson(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfidenceInterval.Wilson(0, 0));
    }
}
