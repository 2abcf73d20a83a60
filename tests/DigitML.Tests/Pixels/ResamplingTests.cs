using DigitML.Pixels;

namespace DigitML.Tests.Pixels;

public class ResamplingTests
{
    [Theory]
    [InlineData(37, 23, 11, 7)]
    [InlineData(5, 9, 13, 17)]
    [InlineData(64, 3, 64, 1)]
    public void Area_AnySizes_MatchesTheMeanUnderEachTargetPixel(int width, int height, int toWidth, int toHeight)
    {
        var random = new Random(width);
        var source = new Plane(width, height, [.. Enumerable.Range(0, width * height).Select(_ => random.NextSingle())]);

        var target = Resampling.Area(source, toWidth, toHeight);

        for (var y = 0; y < toHeight; y++)
        {
            for (var x = 0; x < toWidth; x++)
            {
                // Float sums of a few hundred values below 1.
                Assert.Equal(Mean(source, x, y, toWidth, toHeight), target[x, y], 1e-4);
            }
        }
    }

    [Fact]
    public void Shrink_LargePicture_HasTheLongestSideAskedForAndKeepsTheMean()
    {
        var random = new Random(4);
        var pixels = new byte[711 * 303];
        random.NextBytes(pixels);

        var (picture, scale) = Resampling.Shrink(new GreyImage(711, 303, pixels), 100);

        Assert.Equal((100, 43), (picture.Width, picture.Height));
        Assert.Equal(7.11, scale, 1e-9);
        Assert.Equal(pixels.Average(pixel => pixel / 255.0), picture.Values.Average(), 1e-3);
    }

    [Fact]
    public void Cubic_Ramp_StaysARampInside()
    {
        var ramp = new Plane(9, 4);
        for (var i = 0; i < ramp.Values.Length; i++)
        {
            ramp.Values[i] = (i % 9) / 10f;
        }

        var large = Resampling.Cubic(ramp, 27, 12);

        for (var x = 6; x < 21; x++)
        {
            Assert.Equal((((x + 0.5) / 3) - 0.5) / 10, large[x, 5], 1e-5);
        }
    }

    private static double Mean(Plane source, int x, int y, int toWidth, int toHeight)
    {
        double sum = 0, weight = 0;
        for (var sy = 0; sy < source.Height; sy++)
        {
            for (var sx = 0; sx < source.Width; sx++)
            {
                var across = Overlap(sx, x * source.Width / (double)toWidth, (x + 1) * source.Width / (double)toWidth);
                var down = Overlap(sy, y * source.Height / (double)toHeight, (y + 1) * source.Height / (double)toHeight);
                sum += across * down * source[sx, sy];
                weight += across * down;
            }
        }

        return sum / weight;
    }

    private static double Overlap(int pixel, double from, double to) => Math.Max(0, Math.Min(pixel + 1, to) - Math.Max(pixel, from));
}
