using DigitML.IO;
using DigitML.Models;
using DigitML.Tests.Models;

namespace DigitML.Tests.IO;

/// <summary>Rules of writing that every room, the command line and the page share.</summary>
public class PercentTests
{
    [Theory]
    [InlineData(0.97435, 2, 0, "97.44 %")]
    [InlineData(1, 2, 0, "100.00 %")]
    [InlineData(0.5, 1, 0, "50.0 %")]
    [InlineData(0.516, 0, 0, "52 %")]
    [InlineData(0.0125, 0, 3, "1.25 %")]
    [InlineData(0.974, 2, 4, "97.40 %")]
    [InlineData(0.97443, 2, 4, "97.443 %")]
    [InlineData(double.NaN, 2, 0, "–")]
    public void Format_AShare_HasTheDecimalsAskedFor(double share, int decimals, int most, string expected) =>
        Assert.Equal(expected, Percent.Format(share, decimals, most));

    [Fact]
    public void Format_NoShare_IsWrittenAsTheCallerSays() => Assert.Equal("none", Percent.Format(double.NaN, none: "none"));

    [Theory]
    [InlineData(0.00123, 0, "+0.12 points")]
    [InlineData(-0.00123, 4, "−0.123 points")]
    [InlineData(0, 4, "±0.00 points")]
    public void Points_AChange_HasItsSign(double change, int most, string expected) => Assert.Equal(expected, Percent.Points(change, most));

    [Fact]
    public void Shape_ANetwork_IsItsSizesFromTheInputOn()
    {
        Assert.Equal("6-4-3", TestNetworks.Create(5, PixelNormalization.UnitRange, null, 6, 4, 3).Shape);
        Assert.Equal("", Mlp.ShapeOf([]));
    }
}
