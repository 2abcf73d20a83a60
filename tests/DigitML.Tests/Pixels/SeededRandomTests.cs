using DigitML.Pixels;

namespace DigitML.Tests.Pixels;

public class SeededRandomTests
{
    [Fact]
    public void Next_ASeed_GivesTheStreamItGivesOnEveryMachine()
    {
        // The reference generator from state 0 gives this number first; OfItem mixes it with the place and steps once more.
        Assert.Equal(0xE220A8397B1DCDAFUL, SeededRandom.Mix(0x9E3779B97F4A7C15UL));
        var expected = SeededRandom.Mix(SeededRandom.Mix(unchecked((0xE220A8397B1DCDAFUL ^ 5UL) + 0x9E3779B97F4A7C15UL)) + 0x9E3779B97F4A7C15UL);
        Assert.Equal(expected, SeededRandom.OfItem(0, 5).Next());
        Assert.NotEqual(SeededRandom.OfItem(1, 0).Next(), SeededRandom.OfItem(0, 1).Next());
    }

    [Fact]
    public void Draws_ManyNumbers_HaveTheMomentsTheyClaim()
    {
        const int Count = 100_000;
        var random = SeededRandom.OfItem(472, 7);
        double uniform = 0, normal = 0, square = 0, gaussian = 0, logarithm = 0;
        var chances = 0;
        var counts = new int[7];
        for (var i = 0; i < Count; i++)
        {
            uniform += random.Between(3, 5);
            var number = random.NextIrwinHall();
            Assert.InRange(number, -3.5f, 3.5f);
            normal += number;
            square += number * number;
            var draw = random.NextGaussian();
            gaussian += draw * draw;
            logarithm += Math.Log2(random.LogBetween(2, 8));
            chances += random.Chance(0.25) ? 1 : 0;
            counts[random.Next(11, 18) - 11]++;
        }

        // Five standard errors of each mean.
        Assert.InRange(uniform / Count, 3.99, 4.01);
        Assert.InRange(normal / Count, -0.016, 0.016);
        Assert.InRange(square / Count, 0.98, 1.02);
        Assert.InRange(gaussian / Count, 0.977, 1.023);
        Assert.InRange(logarithm / Count, 1.99, 2.01);
        Assert.InRange(chances, 0.243 * Count, 0.257 * Count);
        Assert.All(counts, count => Assert.InRange(count, (Count / 7) - 560, (Count / 7) + 560));
    }

    [Fact]
    public void Shuffle_Values_KeepsThemInEveryPlaceAsOften()
    {
        var random = new SeededRandom(9, 2);
        var places = new int[5];
        for (var i = 0; i < 10_000; i++)
        {
            int[] values = [0, 1, 2, 3, 4];
            random.Shuffle<int>(values);
            Assert.Equal([0, 1, 2, 3, 4], values.Order());
            places[Array.IndexOf(values, 3)]++;
        }

        // Five standard errors of 2,000.
        Assert.All(places, count => Assert.InRange(count, 1800, 2200));
    }
}
