using DigitML.Models;

namespace DigitML.Tests.Models;

public class TemperatureScalingTests
{
    [Theory]
    [InlineData(0.4)]
    [InlineData(1.0)]
    [InlineData(2.7)]
    public void Fit_ProbabilitiesSharpenedByAKnownTemperature_FindsItAgain(double temperature)
    {
        // Labels drawn from softmax(z); the network claims softmax(z · T), so T is what makes it honest.
        const int Count = 20_011;
        const int Classes = 7;
        var random = new Random(5);
        var probabilities = new float[Count * Classes];
        var labels = new byte[Count];
        for (var i = 0; i < Count; i++)
        {
            var logits = Enumerable.Range(0, Classes).Select(_ => random.NextDouble() * 4).ToArray();
            var honest = Softmax(logits, 1);
            var draw = random.NextDouble();
            while (draw > honest[labels[i]] && labels[i] < Classes - 1)
            {
                draw -= honest[labels[i]++];
            }

            Softmax(logits, temperature).Select(value => (float)value).ToArray().CopyTo(probabilities, i * Classes);
        }

        // The error of a maximum-likelihood fit to 20,011 draws is about one percent.
        Assert.Equal(temperature, TemperatureScaling.Fit(probabilities, labels, Classes), temperature * 0.05);
    }

    [Fact]
    public void Apply_ATemperature_KeepsTheOrderAndSumsToOne()
    {
        float[] probabilities = [0.7f, 0.2f, 0.1f, 0f];

        TemperatureScaling.Apply(probabilities, 2f);

        Assert.Equal(1f, probabilities.Sum(), 1e-6f);
        Assert.True(probabilities[0] < 0.7f && probabilities[0] > probabilities[1] && probabilities[1] > probabilities[2] && probabilities[2] > probabilities[3]);
        Assert.Equal(MathF.Sqrt(0.7f / 0.2f), probabilities[0] / probabilities[1], 1e-4f);
    }

    [Fact]
    public void Fit_LabelBeyondTheClasses_NamesIt() =>
        Assert.Contains("0 to 2; got 3", Assert.Throws<ArgumentException>(() => TemperatureScaling.Fit(new float[3], [3], 3)).Message);

    [Fact]
    public void Fit_LengthsThatDisagree_NamesBoth() =>
        Assert.Contains("got 5 probabilities and 2 labels", Assert.Throws<ArgumentException>(() => TemperatureScaling.Fit(new float[5], [0, 1], 3)).Message);

    private static double[] Softmax(double[] logits, double scale)
    {
        var powers = logits.Select(logit => Math.Exp(logit * scale)).ToArray();
        return [.. powers.Select(power => power / powers.Sum())];
    }
}
