using DigitML.Pixels;
using DigitML.Reading;

namespace DigitML.Tests.Reading;

public class LineStripTests
{
    [Theory]
    [InlineData(10, 1)]
    [InlineData(40, 4)]
    [InlineData(65, 3)]
    public void Make_InkOfAnySize_BringsDigitsToOneHeight(int height, int digits)
    {
        // Bars as high as digits, in the middle of what is found of them.
        var ink = new Plane(digits * height, 2 * height);
        for (var digit = 0; digit < digits; digit++)
        {
            Fill(ink, (digit * height) + (height / 4), height / 2, height / 4, height);
        }

        var strip = LineStrip.Make(ink, left: 7, digitHeight: height, _ => height);

        Assert.Equal(20 * digits, strip.Width);
        Assert.Equal(7, strip.Left);
        Assert.Equal(20.0 / height, strip.Scale, 1e-9);
        for (var digit = 0; digit < digits; digit++)
        {
            var rows = RowsWithInk(strip, (20 * digit) + 7);
            Assert.InRange(rows.Length, 19, 22);
            Assert.InRange(rows.Average(), 15, 16);
        }
    }

    [Fact]
    public void Make_LineThatRises_IsLevel()
    {
        const int Height = 20;
        var ink = new Plane(200, 60);
        for (var x = 0; x < 200; x++)
        {
            Fill(ink, x, (int)Math.Round(30 - (0.1 * x)), 1, Height);
        }

        var strip = LineStrip.Make(ink, 0, Height, x => 40 - (0.1 * x));

        Assert.All(Enumerable.Range(5, 190), x => Assert.InRange(RowsWithInk(strip, x).Average(), 14.4, 16.6));
    }

    [Fact]
    public void Make_FaintInk_IsAsDarkAsAny()
    {
        var ink = new Plane(20, 20);
        Fill(ink, 5, 0, 10, 20, 0.2f);

        Assert.Equal(255, Window(LineStrip.Make(ink, 0, 20, _ => 10), 3).Max());
    }

    [Fact]
    public void CopyWindow_EveryStep_CoversTheStripAndNothingElse()
    {
        var ink = new Plane(50, 20);
        Fill(ink, 0, 0, 50, 20);
        var strip = LineStrip.Make(ink, 0, 20, _ => 10);

        Assert.Equal(17, strip.Steps);
        for (var step = 0; step < strip.Steps; step++)
        {
            var window = Window(strip, step);
            for (var x = 0; x < LineStrip.WindowWidth; x++)
            {
                var column = (step * LineStrip.Stride) - (LineStrip.WindowWidth / 2) + x;
                Assert.Equal(column is >= 0 and < 50, window[(16 * LineStrip.WindowWidth) + x] > 0);
            }
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, -1)]
    [InlineData(-1, 1)]
    [InlineData(0, 40)]
    public void CopyWindow_Moved_IsTheSamePixelsElsewhere(int right, int down)
    {
        var random = new SeededRandom(4, 0);
        var ink = new Plane(60, 20, [.. Enumerable.Range(0, 1200).Select(_ => random.NextSingle())]);
        var strip = LineStrip.Make(ink, 0, 20, _ => 10);
        var (plain, moved) = (Window(strip, 9), new byte[LineStrip.WindowSize]);

        strip.CopyWindow(9, moved, right, down);

        for (var y = 0; y < LineStrip.Height; y++)
        {
            for (var x = 1; x < LineStrip.WindowWidth - 1; x++)
            {
                var expected = y + down is >= 0 and < LineStrip.Height ? plain[((y + down) * LineStrip.WindowWidth) + x + right] : 0;
                Assert.Equal(expected, moved[(y * LineStrip.WindowWidth) + x]);
            }
        }
    }

    private static byte[] Window(LineStrip strip, int step)
    {
        var window = new byte[LineStrip.WindowSize];
        strip.CopyWindow(step, window);
        return window;
    }

    private static int[] RowsWithInk(LineStrip strip, int column)
    {
        var window = Window(strip, column / LineStrip.Stride);
        var x = column - (column / LineStrip.Stride * LineStrip.Stride) + (LineStrip.WindowWidth / 2);
        return [.. Enumerable.Range(0, LineStrip.Height).Where(y => window[(y * LineStrip.WindowWidth) + x] > 100)];
    }

    private static void Fill(Plane ink, int left, int top, int width, int height, float value = 1)
    {
        for (var y = top; y < top + height; y++)
        {
            ink.Row(y).Slice(left, width).Fill(value);
        }
    }
}
