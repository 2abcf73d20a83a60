using DigitML.AutoML.Tuning;

namespace DigitML.AutoML.Tests.Tuning;

public class RankedListTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(513)]
    [InlineData(5003)]
    public void Add_ItemsInAnyOrder_AreFoundByTheirRankAndStandOnce(int count)
    {
        var random = new Random(count);
        var list = new RankedList<int>();
        var set = new SortedSet<int>();
        for (var i = 0; i < count; i++)
        {
            var item = random.Next(count);
            list.Add(item);
            set.Add(item);
        }

        Assert.Equal(set, list);
        Assert.Equal(set, Enumerable.Range(0, list.Count).Select(rank => list[rank]));
        Assert.Throws<ArgumentOutOfRangeException>(() => list[list.Count]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[-1]);
    }
}
