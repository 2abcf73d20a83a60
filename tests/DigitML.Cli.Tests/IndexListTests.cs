using DigitML.IO;

namespace DigitML.Cli.Tests;

public class IndexListTests
{
    [Theory]
    [InlineData("0..3", new[] { 0, 1, 2, 3 })]
    [InlineData("5", new[] { 5 })]
    [InlineData("4, 0..1,4", new[] { 4, 0, 1, 4 })]
    public void Parse_NumbersAndRanges_KeepsTheirOrder(string text, int[] expected) =>
        Assert.Equal(expected, IndexList.Parse(text, count: 6, "x.idx"));

    [Theory]
    [InlineData("")]
    [InlineData("3..1")]
    [InlineData("-1")]
    [InlineData("1..2..3")]
    [InlineData("one")]
    [InlineData("99999999999")]
    public void Parse_Nonsense_SaysWhatAListIs(string text)
    {
        var error = Assert.Throws<DigitException>(() => IndexList.Parse(text, count: 6, "x.idx"));
        Assert.Contains($"got '{text}'", error.Message);
    }

    [Fact]
    public void Parse_BeyondTheFile_SaysHowManyThereAre()
    {
        var error = Assert.Throws<DigitException>(() => IndexList.Parse("0..6", count: 6, "x.idx"));
        Assert.Equal("x.idx: has pictures 0 to 5, but --index asks for 6.", error.Message);
    }
}
