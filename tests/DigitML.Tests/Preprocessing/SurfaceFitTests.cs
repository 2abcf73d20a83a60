using DigitML.Pixels;
using DigitML.Preprocessing;

namespace DigitML.Tests.Preprocessing;

public class SurfaceFitTests
{
    [Theory]
    [InlineData(false, 90, 70)]
    [InlineData(true, 90, 70)]
    [InlineData(true, 64, 1)]
    [InlineData(true, 1, 40)]
    [InlineData(true, 300, 200)]
    public void Fit_ASurfaceOfItsOwnKindUnderDarkStrokes_IsThatSurface(bool isQuadratic, int width, int height)
    {
        var random = new SeededRandom(3, 0);
        var (picture, expected) = (new Plane(width, height), new Plane(width, height));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (u, v) = ((2.0 * x / Math.Max(1, width - 1)) - 1, (2.0 * y / Math.Max(1, height - 1)) - 1);
                var level = 0.7 + (0.05 * u) - (0.08 * v) + (isQuadratic ? (0.04 * u * u) - (0.03 * u * v) + (0.02 * v * v) : 0);
                var i = (y * width) + x;
                expected.Values[i] = (float)level;
                picture.Values[i] = random.Chance(0.08) ? 0.1f : (float)level;
            }
        }

        var fitted = SurfaceFit.Fit(picture, isQuadratic);
        for (var i = 0; i < expected.Values.Length; i++)
        {
            Assert.InRange(fitted.Values[i], expected.Values[i] - 0.02f, expected.Values[i] + 0.01f);
        }
    }
}
