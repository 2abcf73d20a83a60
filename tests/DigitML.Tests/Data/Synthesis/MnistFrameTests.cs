using DigitML.Data.Synthesis;

namespace DigitML.Tests.Data.Synthesis;

public class MnistFrameTests
{
    [Fact]
    public void Fit_ABarHalfAsWideAsHigh_LiesInTheMiddleUnchanged()
    {
        // 10×20 ink at a corner of a larger picture: neither doubled nor averaged, only set.
        var bitmap = new byte[31 * 43];
        for (var y = 23; y < 43; y++)
        {
            bitmap.AsSpan(y * 31 + 21, 10).Fill(1);
        }

        var picture = new byte[28 * 28];
        picture.AsSpan().Fill(9);
        MnistFrame.Fit(bitmap, 31, 43, picture);

        for (var i = 0; i < picture.Length; i++)
        {
            // Its middle is at 9.5 of the box of 20, and 14 is 4.5 away, rounded up.
            var isInk = i % 28 is >= 10 and < 20 && i / 28 is >= 5 and < 25;
            Assert.Equal(isInk ? 255 : 0, picture[i]);
        }
    }

    [Fact]
    public void Fit_BitmapsOfManySizes_MatchesTheStepsTakenOneByOne()
    {
        var random = new Random(461);
        var picture = new byte[28 * 28];
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
            MnistFrame.Fit(bitmap, width, height, picture);
            var expected = Reference(bitmap, width, height);
            for (var i = 0; i < picture.Length; i++)
            {
                // Sums in float against sums in double may fall on the two sides of a half.
                Assert.InRange(picture[i], expected[i] - 1, expected[i] + 1);
            }
        }
    }

    [Fact]
    public void Fit_AnEmptyBitmap_IsAnEmptyPicture()
    {
        var picture = new byte[28 * 28];
        picture.AsSpan().Fill(9);
        MnistFrame.Fit(new byte[35], 5, 7, picture);
        Assert.All(picture, pixel => Assert.Equal(0, pixel));
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
