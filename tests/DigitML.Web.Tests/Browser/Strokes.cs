namespace DigitML.Web.Tests.Browser;

/// <summary>How a hand writes the ten digits on the pad: strokes of points, as shares of its width and height.</summary>
internal static class Strokes
{
    /// <summary>The strokes of a digit in the middle of the pad.</summary>
    public static IEnumerable<(double X, double Y)[]> Of(int digit) => Of(digit, centre: 0.5, size: 1);

    /// <summary>The strokes of a digit.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="centre">Where its middle is, as a share of the pad's width.</param>
    /// <param name="size">1 for most of the pad's height.</param>
    public static IEnumerable<(double X, double Y)[]> Of(int digit, double centre, double size) =>
        Shapes[digit].Select(stroke => stroke.Select(point => (centre + ((point.X - 0.5) * 0.5 * size), 0.5 + ((point.Y - 0.5) * 0.75 * size))).ToArray());

    // On a unit square; curves are arcs of ellipses.
    private static readonly (double X, double Y)[][][] Shapes =
    [
        [Arc(0.5, 0.5, 0.36, 0.5, -80, -440)],
        [[(0.38, 0.16), (0.52, 0.02), (0.52, 0.25), (0.51, 0.5), (0.5, 0.75), (0.5, 0.98)]],
        [[.. Arc(0.5, 0.28, 0.34, 0.27, 195, 385), (0.72, 0.5), (0.5, 0.72), (0.16, 0.97), (0.5, 0.96), (0.88, 0.96)]],
        [[.. Arc(0.47, 0.25, 0.32, 0.24, 210, 445), .. Arc(0.47, 0.73, 0.37, 0.26, 275, 510)]],
        [[(0.34, 0.02), (0.26, 0.28), (0.16, 0.58), (0.5, 0.58), (0.88, 0.56)], [(0.66, 0.1), (0.65, 0.4), (0.63, 0.7), (0.62, 1.0)]],
        [[(0.8, 0.03), (0.55, 0.03), (0.27, 0.04), (0.25, 0.22), (0.22, 0.42), .. Arc(0.47, 0.69, 0.36, 0.3, 235, 505)]],
        [[(0.68, 0.02), (0.46, 0.16), (0.28, 0.4), (0.2, 0.64), .. Arc(0.49, 0.71, 0.29, 0.28, 180, -180)]],
        [[(0.15, 0.06), (0.45, 0.05), (0.83, 0.05), (0.7, 0.32), (0.56, 0.62), (0.44, 0.98)]],
        [[.. Arc(0.5, 0.25, 0.27, 0.24, -60, -270), .. Arc(0.5, 0.75, 0.33, 0.26, -90, 270), .. Arc(0.5, 0.25, 0.27, 0.24, 90, -60)]],
        [[.. Arc(0.47, 0.28, 0.3, 0.27, -20, -380), (0.76, 0.5), (0.72, 0.75), (0.64, 1.0)]],
    ];

    /// <summary>Points on an ellipse from one angle to another, in degrees, clockwise as y points down.</summary>
    private static (double X, double Y)[] Arc(double x, double y, double radiusX, double radiusY, double from, double to)
    {
        const int points = 17;
        return [.. Enumerable.Range(0, points).Select(i =>
        {
            var angle = (from + ((to - from) * i / (points - 1))) * Math.PI / 180;
            return (x + (radiusX * Math.Cos(angle)), y + (radiusY * Math.Sin(angle)));
        })];
    }
}
