using DigitML.Data;
using DigitML.IO;

namespace DigitML.Tests.Data;

public class LabelledFeaturesTests
{
    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(7, 3, true)]
    [InlineData(1000, 7, true)]
    [InlineData(1000, 1300, false)]
    [InlineData(3, 1_048_577, true)]
    public void Builder_AnyNumberOfRows_GivesThemBack(int count, int features, bool endsInFractions)
    {
        var random = new Random(17 + count);
        var builder = new LabelledFeaturesBuilder("made", features);
        var rows = new float[count][];
        for (var i = 0; i < count; i++)
        {
            rows[i] = [.. Enumerable.Range(0, features).Select(_ => (float)random.Next(256))];
            rows[i][^1] += endsInFractions && i >= count / 2 ? 0.25f : 0;
            builder.Add(rows[i], i % 3);
        }

        var table = builder.Build();

        Assert.Equal((count, features, !endsInFractions), (table.Count, table.FeatureCount, table.Blocks.AreBytes));
        var copy = new float[features];
        for (var i = 0; i < count; i++)
        {
            table.CopyRow(i, copy);
            Assert.Equal(rows[i], copy);
            Assert.Equal(i % 3, table.Labels[i]);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Add_AValueThatIsNotFinite_NamesRowAndFeature(float value)
    {
        var builder = new LabelledFeaturesBuilder("wine", 2, new FeatureDetails { FeatureNames = ["alcohol", "ash"] });
        builder.Add([1, 2], 0);

        var error = Assert.Throws<DigitException>(() => builder.Add([3, value], 1));

        Assert.StartsWith("wine: expected finite values but row 1 has ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("in feature 'ash'. Replace missing values or drop the row.", error.Message, StringComparison.Ordinal);
        Assert.Contains("in feature 1.", Assert.Throws<ArgumentException>(() => new LabelledFeatures("t", 2, new[] { 1f, value })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Builder_WeightsFromSomeRowOn_ThoseBeforeCountOnce()
    {
        var builder = new LabelledFeaturesBuilder("weighted", 1);
        builder.Add([1], 0);
        builder.Add([2], 1, weight: 3);
        builder.Add([3], 1);

        Assert.Equal([1, 3, 1], builder.Build().Weights.ToArray());
        Assert.Throws<ArgumentException>(() => new LabelledFeatures("t", 1, new float[2], new[] { 0, 1 }, new FeatureDetails { Weights = new[] { 1f, -1f } }));
    }

    [Fact]
    public void Create_LengthsThatDisagree_SaysWhatWasExpected()
    {
        Assert.Contains("whole number of rows of 3", Assert.Throws<ArgumentException>(() => new LabelledFeatures("t", 3, new float[7])).Message, StringComparison.Ordinal);
        Assert.Contains("one label for each of 2 rows", Assert.Throws<ArgumentException>(() => new LabelledFeatures("t", 3, new float[6], new[] { 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("row 1 has -1", Assert.Throws<ArgumentException>(() => new LabelledFeatures("t", 3, new float[6], new[] { 1, -1 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hash_OneValueOrLabelChanged_Differs()
    {
        var hashes = new[]
        {
            new LabelledFeatures("a", 2, new[] { 1f, 2f }, new[] { 0 }).Hash,
            new LabelledFeatures("a", 2, new[] { 1f, 2.5f }, new[] { 0 }).Hash,
            new LabelledFeatures("a", 2, new[] { 1f, 2f }, new[] { 1 }).Hash,
            new LabelledFeatures("a", 1, new[] { 1f, 2f }).Hash,
        };
        Assert.Equal(4, hashes.Distinct().Count());
    }
}
