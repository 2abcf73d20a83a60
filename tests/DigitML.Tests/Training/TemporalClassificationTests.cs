using DigitML.Pixels;
using DigitML.Training;

namespace DigitML.Tests.Training;

public class TemporalClassificationTests
{
    private const int Classes = 4;

    private const int None = Classes - 1;

    public static TheoryData<int, byte[]> Cases => new()
    {
        { 1, [] }, { 4, [] }, { 1, [2] }, { 3, [0] }, { 3, [0, 1] }, { 3, [1, 1] }, { 5, [1, 1] }, { 5, [2, 0, 2] }, { 5, [0, 0, 1] }, { 6, [0, 1, 1, 2] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void LogLikelihood_OfAllPaths_IsTheSumOfTheirs(int steps, byte[] text)
    {
        var logits = Logits(steps, 1);
        var probabilities = Probabilities(logits);

        var sum = 0.0;
        foreach (var path in Paths(steps))
        {
            if (Spelt(path).SequenceEqual(text))
            {
                sum += path.Select((letter, step) => (double)probabilities[(step * Classes) + letter]).Aggregate(1.0, (a, b) => a * b);
            }
        }

        Assert.Equal(Math.Log(sum), TemporalClassification.LogLikelihood(Array.ConvertAll(probabilities, MathF.Log), Classes, text), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_OfAnyText_IsThatOfCentralDifferences(int steps, byte[] text)
    {
        const float Step = 1e-2f;
        var logits = Logits(steps, 2);
        var gradient = (float[])logits.Clone();

        var loss = TemporalClassification.Gradient(gradient, Classes, text);

        Assert.Equal(-TemporalClassification.LogLikelihood(Array.ConvertAll(Probabilities(logits), MathF.Log), Classes, text), loss!.Value, 1e-5);
        for (var i = 0; i < logits.Length; i++)
        {
            Assert.Equal((LossWith(i, Step) - LossWith(i, -Step)) / (2 * Step), gradient[i], 1e-3);
        }

        double LossWith(int place, float change)
        {
            var changed = (float[])logits.Clone();
            changed[place] += change;
            return TemporalClassification.Gradient(changed, Classes, text)!.Value;
        }
    }

    [Theory]
    [InlineData(0, new byte[] { 1 })]
    [InlineData(1, new byte[] { 1, 2 })]
    [InlineData(2, new byte[] { 1, 1 })]
    public void Gradient_TooFewSteps_TeachesNothing(int steps, byte[] text)
    {
        var logits = Logits(steps, 3);

        Assert.Null(TemporalClassification.Gradient(logits, Classes, text));
        Assert.All(logits, value => Assert.Equal(0, value));
        Assert.Equal(double.NegativeInfinity, TemporalClassification.LogLikelihood(Logits(steps, 3), Classes, text));
    }

    [Theory]
    [InlineData(new int[] { 3, 3 }, new byte[] { })]
    [InlineData(new int[] { 1, 1, 1 }, new byte[] { 1 })]
    [InlineData(new int[] { 1, 3, 1 }, new byte[] { 1, 1 })]
    [InlineData(new int[] { 3, 0, 0, 2, 3, 2 }, new byte[] { 0, 2, 2 })]
    public void BestPath_OfSureSteps_SaysRepetitionsOnce(int[] path, byte[] expected)
    {
        var scores = new float[path.Length * Classes];
        for (var step = 0; step < path.Length; step++)
        {
            scores[(step * Classes) + path[step]] = 1;
        }

        var text = new byte[path.Length];

        Assert.Equal(expected, text[..TemporalClassification.BestPath(scores, Classes, text)]);
    }

    private static float[] Logits(int steps, int seed)
    {
        var random = SeededRandom.OfItem(seed, steps);
        return [.. Enumerable.Range(0, steps * Classes).Select(_ => random.Between(-2, 2))];
    }

    private static float[] Probabilities(float[] logits)
    {
        var probabilities = new float[logits.Length];
        for (var at = 0; at < logits.Length; at += Classes)
        {
            var sum = logits.Skip(at).Take(Classes).Sum(MathF.Exp);
            for (var c = 0; c < Classes; c++)
            {
                probabilities[at + c] = MathF.Exp(logits[at + c]) / sum;
            }
        }

        return probabilities;
    }

    private static IEnumerable<int[]> Paths(int steps) =>
        Enumerable.Range(0, (int)Math.Pow(Classes, steps)).Select(number => Enumerable.Range(0, steps).Select(step => number / (int)Math.Pow(Classes, step) % Classes).ToArray());

    private static IEnumerable<byte> Spelt(int[] path) =>
        path.Where((letter, step) => letter != None && (step == 0 || path[step - 1] != letter)).Select(letter => (byte)letter);
}
