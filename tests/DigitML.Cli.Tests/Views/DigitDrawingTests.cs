using DigitML.Cli.Views;

namespace DigitML.Cli.Tests.Views;

public class DigitDrawingTests
{
    // 3 wide, 5 high: an L with a lone dot of weak ink.
    private static readonly byte[] Pixels =
    [
        255, 0, 40,
        255, 0, 0,
        255, 0, 0,
        255, 0, 0,
        255, 255, 255,
    ];

    [Fact]
    public void Plain_Unicode_PutsTwoRowsIntoOne() =>
        Assert.Equal("█  \n█  \n▀▀▀", DigitDrawing.Plain(Pixels, 3, isUnicode: true));

    [Fact]
    public void Plain_Ascii_ShowsShades() =>
        Assert.Equal("@  \n@  \n===", DigitDrawing.Plain(Pixels, 3, isUnicode: false));

    [Fact]
    public void Shrink_ByTwo_TakesMeansAndDropsTheRest()
    {
        var small = DigitDrawing.Shrink(Pixels, 3, 2, out var columns);

        Assert.Equal(1, columns);
        Assert.Equal([127, 127], small);
    }

    [Fact]
    public void Shrink_BeyondTheSize_LeavesOnePixel()
    {
        var small = DigitDrawing.Shrink(Pixels, 3, 7, out var columns);

        Assert.Equal(1, columns);
        Assert.Equal([(byte)(Pixels.Sum(pixel => pixel) / 15)], small);
    }
}
