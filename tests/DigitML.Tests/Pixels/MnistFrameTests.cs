using DigitML.Data;
using DigitML.Pixels;

namespace DigitML.Tests.Pixels;

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
        Assert.Equal((5, 25), (box.X, box.Right));
        Assert.InRange(box.Y + (box.Height / 2.0), 14, 15);
        Assert.Equal(255, frame.Max());
    }

    [Fact]
    public void Put_ABarHalfAsWideAsHigh_LiesInTheMiddleUnchanged()
    {
        // 10×20 ink at a corner of a larger picture: neither doubled nor averaged, only set.
        var ink = new Plane(31, 43);
        for (var y = 23; y < 43; y++)
        {
            ink.Row(y)[21..].Fill(1f);
        }

        var frame = MnistFrame.Put(ink);

        for (var i = 0; i < frame.Length; i++)
        {
            // Its middle is at 9.5 of the box of 20, and 14 is 4.5 away, rounded up.
            var isInk = i % 28 is >= 10 and < 20 && i / 28 is >= 5 and < 25;
            Assert.Equal(isInk ? 255 : 0, frame[i]);
        }
    }

    [Fact]
    public void Put_BitmapsOfManySizes_MatchesTheStepsTakenOneByOne()
    {
        var random = new Random(461);
        for (var size = 1; size <= 61; size += 3)
        {
            int width = size, height = 1 + random.Next(60);
            var bitmap = new byte[width * height];
            for (var i = 0; i < bitmap.Length; i++)
            {
                bitmap[i] = (byte)(random.Next(3) == 0 ? 1 : 0);
            }

            // The corners make the whole bitmap the tight box, so that the reference need not find it.
            bitmap[0] = bitmap[^1] = 1;
            var frame = MnistFrame.Put(new Plane(width, height, Array.ConvertAll(bitmap, value => (float)value)));
            var expected = Reference(bitmap, width, height);
            for (var i = 0; i < frame.Length; i++)
            {
                // Sums in float against sums in double may fall on the two sides of a half.
                Assert.InRange(frame[i], expected[i] - 1, expected[i] + 1);
            }
        }
    }

    [Fact]
    public async Task Put_MnistTestDigitsInLargerPictures_GivesMnistBack()
    {
        var digits = (await Mnist.LoadAsync(RealMnist.FolderOrSkip(), TestContext.Current.CancellationToken)).Test;
        int same = 0, shortcuts = 0;
        for (var i = 0; i < digits.Count; i++)
        {
            // Not where it was, and on a picture that is no frame: nothing of the place in the middle is left to copy.
            var ink = new Plane(41, 37);
            for (var y = 0; y < 28; y++)
            {
                for (var x = 0; x < 28; x++)
                {
                    ink.Row(y + 1)[x + 9] = digits.Image(i)[(y * 28) + x] / 255f;
                }
            }

            shortcuts += MnistFrame.IsFramed(ink) ? 1 : 0;
            var frame = MnistFrame.Put(ink);
            var off = 0;
            for (var pixel = 0; pixel < frame.Length; pixel++)
            {
                off += Math.Abs(frame[pixel] - digits.Image(i)[pixel]) > 40 ? 1 : 0;
            }

            same += off <= 8 ? 1 : 0;
        }

        Assert.Equal(0, shortcuts);
        Assert.InRange(same / (double)digits.Count, 0.99, 1);
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

    /// <summary>Square, doublings and averages as the words say, each cell cut into as many parts as the square has.</summary>
    private static int[] Reference(byte[] bitmap, int width, int height)
    {
        var side = Math.Max(width, height);
        var square = new byte[side, side];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                square[(side - height) / 2 + y, (side - width) / 2 + x] = bitmap[y * width + x];
            }
        }

        while (side < 20)
        {
            var doubled = new byte[2 * side, 2 * side];
            for (var i = 0; i < doubled.Length; i++)
            {
                doubled[i / (2 * side), i % (2 * side)] = square[i / (2 * side) / 2, i % (2 * side) / 2];
            }

            (square, side) = (doubled, 2 * side);
        }

        var box = new double[400];
        for (var i = 0; i < 20 * side * 20 * side; i++)
        {
            int y = i / (20 * side), x = i % (20 * side);
            box[y / side * 20 + x / side] += square[y / 20, x / 20];
        }

        double mass = box.Sum(), brightest = box.Max();
        var left = Math.Clamp((int)Math.Floor(14.5001 - box.Select((ink, i) => ink * (i % 20)).Sum() / mass), 0, 8);
        var top = Math.Clamp((int)Math.Floor(14.5001 - box.Select((ink, i) => ink * (i / 20)).Sum() / mass), 0, 8);
        var picture = new int[784];
        for (var i = 0; i < box.Length; i++)
        {
            picture[(top + i / 20) * 28 + left + i % 20] = (int)Math.Round(255 * box[i] / brightest);
        }

        return picture;
    }
}
