using DigitML.Pixels;

namespace DigitML.Tests.Pixels;

public class FiltersTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(1, 1, 4)]
    [InlineData(17, 9, 0)]
    [InlineData(17, 9, 1)]
    [InlineData(23, 40, 3)]
    [InlineData(40, 23, 7)]
    [InlineData(40, 3, 8)]
    [InlineData(3, 40, 100)]
    [InlineData(1, 31, 2)]
    public void MaximumAndMinimum_AnyPlane_AreThoseOfEachWindow(int width, int height, int radius)
    {
        var random = new Random(width + (7 * height) + radius);
        var plane = new Plane(width, height, [.. Enumerable.Range(0, width * height).Select(_ => random.NextSingle() - 0.5f)]);
        var values = (float[])plane.Values.Clone();

        var maximum = Filters.Maximum(plane, radius);
        var minimum = Filters.Minimum(plane, radius);

        Assert.Equal(values, plane.Values);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var window = Window(plane, x, y, radius).ToArray();
                Assert.Equal((window.Max(), window.Min()), (maximum[x, y], minimum[x, y]));
            }
        }
    }

    [Theory]
    [InlineData(19, 11, 0)]
    [InlineData(19, 11, 2)]
    [InlineData(4, 30, 9)]
    public void Mean_AnyPlane_IsThatOfEachWindow(int width, int height, int radius)
    {
        var random = new Random(width + radius);
        var plane = new Plane(width, height, [.. Enumerable.Range(0, width * height).Select(_ => random.NextSingle())]);

        var mean = Filters.Mean(plane, radius);

        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                Assert.Equal(Window(plane, x, y, radius).Average(), mean[x, y], 1e-5f);
            }
        }
    }

    private static IEnumerable<float> Window(Plane plane, int x, int y, int radius) =>
        from row in Enumerable.Range(y - radius, (2 * radius) + 1)
        where row >= 0 && row < plane.Height
        from column in Enumerable.Range(x - radius, (2 * radius) + 1)
        where column >= 0 && column < plane.Width
        select plane[column, row];
}
