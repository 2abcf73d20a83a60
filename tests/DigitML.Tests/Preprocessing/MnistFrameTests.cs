using DigitML.Preprocessing;

namespace DigitML.Tests.Preprocessing;

public class MnistFrameTests
{
    [Fact]
    public void Put_WideBar_FillsTwentyColumnsAndIsCentred()
    {
        var ink = new Plane(53, 31);
        for (var y = 10; y < 17; y++)
        {
            ink.Row(y)[3..47].Fill(1f);
        }

        var frame = MnistFrame.Put(ink);

        var plane = new Plane(28, 28, Array.ConvertAll(frame, value => value / 255f));
        var box = Assert.NotNull(plane.BoxAbove(0.5f));
        Assert.Equal(20, box.Width);
        Assert.Equal((4, 24), (box.X, box.Right));
        Assert.InRange(box.Y + (box.Height / 2.0), 13.4, 14.6);
        Assert.Equal(255, frame.Max());
    }

    [Fact]
    public void Put_NoInk_IsAllGround() => Assert.All(MnistFrame.Put(new Plane(5, 3)), value => Assert.Equal(0, value));

    [Fact]
    public void Put_SmallDigit_IsDoubledUntilTwentyAsMnistWas()
    {
        // 7 rows are doubled to 28 and brought to 20: every source pixel becomes 20/7 target pixels.
        var ink = new Plane(3, 7, [.. Enumerable.Repeat(1f, 21)]);

        var frame = MnistFrame.Put(ink);

        var sum = frame.Sum(value => value / 255.0);
        Assert.Equal(20 * 3 * 20 / 7.0, sum, 0.5);
    }
}
