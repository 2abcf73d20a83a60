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

    [Theory]
    [InlineData(37, 29, 12, 0f)]
    [InlineData(37, 29, 12, 2.5f)]
    [InlineData(5, 61, 3, 9f)]
    [InlineData(61, 5, 3, 24f)]
    [InlineData(61, 40, 2, 31f)]
    [InlineData(1, 1, 1, 3f)]
    public void To_ShortDistancesAlone_AreTheSameAndOthersGreater(int width, int height, int marks, float most)
    {
        var random = new Random(width + marks);
        var marked = new bool[width * height];
        for (var i = 0; i < marks; i++)
        {
            marked[random.Next(marked.Length)] = true;
        }

        var all = DistanceTransform.To(width, height, marked, isMark: true);
        var near = DistanceTransform.To(width, height, marked, isMark: true, most);

        Assert.All(all.Zip(near), pair => Assert.True(pair.First <= most ? pair.Second == pair.First : pair.Second > most, $"{pair}"));
    }

    [Fact]
    public void To_NothingMarked_IsFarEverywhere() => Assert.All(DistanceTransform.To(7, 5, new bool[35]), distance => Assert.True(distance > 1e5f));
}
