using DigitML.Pixels;

namespace DigitML.Tests.Pixels;

public class BilinearTests
{
    // A bilinear function of its place is its own interpolation; single precision leaves some 1e-6.
    private static readonly Plane Picture = Make(7, 5);

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(6f, 4f)]
    [InlineData(2.25f, 3.75f)]
    [InlineData(5.99f, 0.01f)]
    public void Repeated_PlaceInside_LiesOnTheSurface(float x, float y)
    {
        Assert.Equal(Surface(x, y), Bilinear.Repeated(Picture, x, y), 1e-5);
        Assert.Equal(Surface(x, y), Bilinear.Bounded(Picture.Values, Picture.Width, x, y), 1e-5);
    }

    [Fact]
    public void Repeated_PlaceOutside_IsTheNearestOfTheBorder()
    {
        Assert.Equal(Surface(0, 2.5f), Bilinear.Repeated(Picture, -3f, 2.5f), 1e-5);
        Assert.Equal(Surface(6, 4), Bilinear.Repeated(Picture, 99f, 99f), 1e-5);
    }

    [Fact]
    public void Bounded_PlaceOutside_FallsToNothingWithinAPixel()
    {
        Assert.Equal(0.25 * Surface(0, 2), Bilinear.Bounded(Picture.Values, Picture.Width, -0.75f, 2f), 1e-5);
        Assert.Equal(0.5 * 0.75 * Surface(6, 4), Bilinear.Bounded(Picture.Values, Picture.Width, 6.5f, 4.25f), 1e-5);
        Assert.Equal(0f, Bilinear.Bounded(Picture.Values, Picture.Width, 7f, 2f));
        Assert.Equal(0f, Bilinear.Bounded(Picture.Values, Picture.Width, 2f, -1.01f));
    }

    [Fact]
    public void Stretch_ThreeTimesTheSize_LiesOnTheSurfaceBetweenTheCentres()
    {
        var large = Bilinear.Stretch(Picture, 21, 15);

        for (var y = 1; y < 14; y++)
        {
            for (var x = 1; x < 20; x++)
            {
                Assert.Equal(Surface(((x + 0.5f) / 3) - 0.5f, ((y + 0.5f) / 3) - 0.5f), large[x, y], 1e-5);
            }
        }

        Assert.Same(Picture, Bilinear.Stretch(Picture, 7, 5));
        Assert.All(Bilinear.Stretch(new Plane(1, 1, [0.5f]), 4, 3).Values, value => Assert.Equal(0.5f, value));
    }

    private static float Surface(float x, float y) => 1 + (0.5f * x) - (0.25f * y) + (0.125f * x * y);

    private static Plane Make(int width, int height)
    {
        var plane = new Plane(width, height);
        for (var i = 0; i < plane.Values.Length; i++)
        {
            plane.Values[i] = Surface(i % width, i / width);
        }

        return plane;
    }
}
