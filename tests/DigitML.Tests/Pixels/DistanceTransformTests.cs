using DigitML.Pixels;

namespace DigitML.Tests.Pixels;

public class DistanceTransformTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(23, 17, 5)]
    [InlineData(1, 41, 3)]
    [InlineData(53, 2, 9)]
    public void To_RandomMarks_MatchesEveryPairCompared(int width, int height, int marks)
    {
        var random = new Random(width + (100 * height));
        var marked = new bool[width * height];
        for (var i = 0; i < marks; i++)
        {
            marked[random.Next(marked.Length)] = true;
        }

        var distances = DistanceTransform.To(width, height, marked);

        for (var i = 0; i < marked.Length; i++)
        {
            var nearest = Enumerable.Range(0, marked.Length).Where(j => marked[j])
                .Min(j => Math.Sqrt(Math.Pow((i % width) - (j % width), 2) + Math.Pow((i / width) - (j / width), 2)));
            Assert.Equal(nearest, distances[i], 1e-4);
        }
    }

    [Fact]
    public void To_NothingMarked_IsFarEverywhere() => Assert.All(DistanceTransform.To(7, 5, new bool[35]), distance => Assert.True(distance > 1e5f));
}
