using DigitML.Pixels;
using DigitML.Preprocessing;
using DigitML.Reading;

namespace DigitML.Tests.Reading;

public class LineMiddleTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.08)]
    [InlineData(-0.12)]
    public void OffsetOf_LineThatRises_IsMeasuredFromTheRisingMiddle(double slope)
    {
        InkPiece[] digits = [.. Enumerable.Range(0, 7).Select(i => Piece(20 + (47 * i), 200 + (int)(slope * 47 * i), 31, 60))];
        var comma = Piece(20 + (47 * 7), 200 + 55 + (int)(slope * 47 * 7), 5, 12);
        InkPiece[] all = [.. digits, comma];
        var middle = LineMiddle.Of(new TextLine(all, 60, all.Select(piece => piece.Box).Aggregate((a, b) => a.Union(b))));

        Assert.All(digits, digit => Assert.Equal(0, middle.OffsetOf(digit.Box), 1.5));
        Assert.Equal(31, middle.OffsetOf(comma.Box), 3.0);
    }

    private static InkPiece Piece(int x, int y, int width, int height) => new(new PixelBox(x, y, width, height), new Plane(width + 2, height + 2), width * height);
}
