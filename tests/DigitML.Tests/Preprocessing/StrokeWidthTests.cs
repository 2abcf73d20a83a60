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

    [Theory]
    [InlineData(1, 0.45f)]
    [InlineData(2, 0.4f)]
    [InlineData(40, 0.45f)]
    public void Normalize_StrokeThatRanDry_StaysBesideTheDarkOne(int width, float faint)
    {
        // Thin strokes are broadened and broad ones thinned: the faint half must survive either.
        var ink = new Plane(120, 100);
        InkTests.Bar(ink, 5, 2, width, 96, 1f);
        InkTests.Bar(ink, 80, 2, width, 96, faint);

        var normal = StrokeWidth.Normalize(ink);

        var middle = normal.Height / 2;
        Assert.True(normal.Row(middle)[(normal.Width / 2)..].ToArray().Max() > 0.9f);
        Assert.True(normal.Row(middle)[(normal.Width * 2 / 5)..(normal.Width * 3 / 5)].ToArray().Max() < 0.1f);
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
