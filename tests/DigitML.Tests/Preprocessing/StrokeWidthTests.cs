using DigitML.Pixels;
using DigitML.Preprocessing;

namespace DigitML.Tests.Preprocessing;

public class StrokeWidthTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    [InlineData(24)]
    public void Measure_LongBar_IsItsWidth(int width)
    {
        var ink = new Plane(width, 307);
        ink.Values.AsSpan().Fill(1f);

        // The two ends add to the edge: 2·A / P of a bar is w / (1 + w / length).
        Assert.Equal(width / (1 + (width / 307.0)), StrokeWidth.Measure(ink), width * 0.03 + 0.1);
    }

    [Theory]
    [InlineData(1, 400)]
    [InlineData(2, 90)]
    [InlineData(1, 37)]
    public void Normalize_ThinStroke_BecomesAsBroadAsMnists(int width, int side)
    {
        var ink = new Plane(side, side);
        InkTests.Bar(ink, side / 2, 0, width, side, 1f);
        InkTests.Bar(ink, 0, side / 2, side, width, 1f);

        var frame = MnistFrame.Put(StrokeWidth.Normalize(ink));

        // Far from the crossing a row across the upright stroke sums to its width in the 20×20 box.
        var row = frame.AsSpan(7 * 28, 28).ToArray().Sum(value => value / 255.0);
        Assert.InRange(row, 1.4, 2.6);
        Assert.True(frame.AsSpan(7 * 28, 28).ToArray().Max() > 150);
    }

    [Fact]
    public void Normalize_StrokeOfMnistsWidth_IsLeftAsItIs()
    {
        var ink = new Plane(60, 80);
        InkTests.Bar(ink, 20, 0, 11, 80, 1f);
        InkTests.Bar(ink, 0, 60, 60, 11, 1f);

        Assert.Same(ink, StrokeWidth.Normalize(ink));
    }
}
