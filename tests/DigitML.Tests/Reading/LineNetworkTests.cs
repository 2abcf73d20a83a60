using DigitML.Pixels;
using DigitML.Reading;

namespace DigitML.Tests.Reading;

public class LineNetworkTests
{
    [Fact]
    public void Constructor_ModelOfAnotherShape_SaysWhatItNeeds()
    {
        var error = Assert.Throws<ArgumentException>(() => new LineNetwork(ShippedModel.Mlp));

        Assert.Contains("needs a model of 768 pixels and 11 classes; got 784 and 10", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_AnswersOfSureSteps_AreLikelyWhereTheyAre()
    {
        // Forty columns of ink: fourteen steps. A three at the fourth, a seven at the tenth.
        var strip = LineStrip.Make(Ink(40), left: 100, digitHeight: 20, _ => 10);
        var answers = new LineAnswers(strip, Sure(strip.Steps, (3, 3), (9, 7)));

        var (whole, none) = answers.Between(double.NegativeInfinity, double.PositiveInfinity);
        var (first, noneFirst) = answers.Between(double.NegativeInfinity, 120);
        var (second, _) = answers.Between(120, double.PositiveInfinity);
        var (between, noneBetween) = answers.Between(114, 123);

        Assert.Equal(3, Array.IndexOf(first, first.Max()));
        Assert.Equal(7, Array.IndexOf(second, second.Max()));
        Assert.InRange(first[3], -0.2, 0);
        Assert.True(noneFirst < -3 && none < -6 && whole.Max() < -3);
        Assert.InRange(noneBetween, -0.2, 0);
        Assert.True(between.Max() < -3);
    }

    [Fact]
    public void Ask_AnyStrip_GivesProbabilitiesOfEachStep()
    {
        var strip = LineStrip.Make(Ink(33), 0, 20, _ => 10);

        var answers = LineNetwork.Shipped.Ask(strip);

        Assert.Equal(strip.Steps * LineNetwork.Classes, answers.LogProbabilities.Length);
        for (var step = 0; step < strip.Steps; step++)
        {
            Assert.Equal(1, answers.LogProbabilities.Slice(step * LineNetwork.Classes, LineNetwork.Classes).ToArray().Sum(MathF.Exp), 1e-3);
        }
    }

    private static Plane Ink(int width)
    {
        var ink = new Plane(width, 20);
        ink.Values.AsSpan().Fill(1);
        return ink;
    }

    private static float[] Sure(int steps, params (int Step, int Digit)[] said)
    {
        var probabilities = new float[steps * LineNetwork.Classes];
        for (var step = 0; step < steps; step++)
        {
            var digit = said.Where(one => one.Step == step).Select(one => one.Digit).FirstOrDefault(LineNetwork.Classes - 1);
            probabilities.AsSpan(step * LineNetwork.Classes, LineNetwork.Classes).Fill(0.001f);
            probabilities[(step * LineNetwork.Classes) + digit] = 0.99f;
        }

        return probabilities;
    }
}
