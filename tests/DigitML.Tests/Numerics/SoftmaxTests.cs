using DigitML.Numerics;

namespace DigitML.Tests.Numerics;

public class SoftmaxTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(37)]
    public void CrossEntropyWithUniform_Probabilities_AreSoftmaxAndTheLossIsTheMeanOverAllClasses(int classes)
    {
        var random = new Random(classes);
        var logits = Enumerable.Range(0, classes).Select(_ => (random.NextSingle() * 9f) - 4f).ToArray();
        var losses = Enumerable.Range(0, classes).Select(label => Softmax.CrossEntropy((float[])logits.Clone(), label, out _)).ToArray();
        var expected = (float[])logits.Clone();
        Softmax.CrossEntropy(expected, 0, out _);

        var loss = Softmax.CrossEntropyWithUniform(logits, out var correct);

        Assert.Equal(losses.Average(), loss, 1e-4f);
        Assert.Equal(expected, logits);
        Assert.Equal(expected.Max() <= 0.5f, correct);
    }

    [Fact]
    public void CrossEntropyWithUniform_EqualLogits_IsTheLogarithmOfTheClasses()
    {
        var logits = new float[10];
        Assert.Equal(MathF.Log(10), Softmax.CrossEntropyWithUniform(logits, out var correct), 1e-5f);
        Assert.True(correct);
    }
}
