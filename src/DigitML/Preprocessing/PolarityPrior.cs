using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>
/// How the whole picture speaks for dark ink on a light ground, before anything is read. Two signs, neither enough alone:
/// ink is the minority, so what is left after light and shade is skewed towards it; and ink keeps to the middle
/// more than to the border, though in many data sets it touches it.
/// </summary>
internal static class PolarityPrior
{
    /// <summary>Enough for a digit a fiftieth of the picture tall to show.</summary>
    private const int WorkingSide = 400;

    private const double SkewWeight = 1.6;

    private const double BorderWeight = 2.2;

    /// <summary>The log-odds of dark ink: above 0 for dark on light, below 0 for light on dark.</summary>
    public static double LogOdds(Plane picture)
    {
        var side = Math.Max(picture.Width, picture.Height);
        var rest = WithoutShade(side <= WorkingSide
            ? picture
            : Resampling.Area(picture, Math.Max(1, picture.Width * WorkingSide / side), Math.Max(1, picture.Height * WorkingSide / side)));
        var count = rest.Values.Length;
        double sum = 0, squares = 0, cubes = 0;
        foreach (var value in rest.Values)
        {
            sum += value;
        }

        var mean = sum / count;
        foreach (var value in rest.Values)
        {
            var apart = value - mean;
            squares += apart * apart;
            cubes += apart * apart * apart;
        }

        var deviation = Math.Sqrt(squares / count);
        if (deviation < 1e-6)
        {
            return 0;
        }

        var skew = cubes / count / (deviation * deviation * deviation);
        var lighterBorder = (BorderMean(rest) - mean) / deviation;
        return (-SkewWeight * Math.Clamp(skew, -4, 4)) + (BorderWeight * Math.Clamp(lighterBorder, -2, 2));
    }

    /// <summary>Small frames as they are: a digit that fills one would pass for shade.</summary>
    private static Plane WithoutShade(Plane picture)
    {
        if (Math.Max(picture.Width, picture.Height) <= GroundEstimator.SmallSide)
        {
            return picture;
        }

        var surface = SurfaceFit.Fit(picture, isQuadratic: true, weightBelow: 1);
        var rest = new Plane(picture.Width, picture.Height);
        for (var i = 0; i < rest.Values.Length; i++)
        {
            rest.Values[i] = picture.Values[i] - surface.Values[i];
        }

        return rest;
    }

    private static double BorderMean(Plane plane)
    {
        double sum = 0;
        var count = 0;
        for (var y = 0; y < plane.Height; y++)
        {
            var row = plane.Row(y);
            if (y == 0 || y == plane.Height - 1)
            {
                foreach (var value in row)
                {
                    sum += value;
                }

                count += row.Length;
            }
            else
            {
                sum += row[0] + row[^1];
                count += 2;
            }
        }

        return sum / count;
    }
}
