namespace DigitML.Preprocessing;

/// <summary>
/// How the whole picture speaks for dark ink on a light ground, before anything is read. Two signs, neither enough alone:
/// ink is the minority, so the residuals from a smooth surface are skewed towards it; and ink keeps to the middle
/// more than to the border, though in many data sets it touches it.
/// </summary>
internal static class PolarityPrior
{
    private const int WorkingSide = 96;

    private const double SkewWeight = 1.6;

    private const double BorderWeight = 2.2;

    /// <summary>The log-odds of dark ink: above 0 for dark on light, below 0 for light on dark.</summary>
    public static double LogOdds(Plane picture)
    {
        var side = Math.Max(picture.Width, picture.Height);
        var small = side <= WorkingSide
            ? picture
            : Resampling.Area(picture, Math.Max(1, picture.Width * WorkingSide / side), Math.Max(1, picture.Height * WorkingSide / side));
        double sum = 0, squares = 0, cubes = 0;
        var count = small.Values.Length;
        foreach (var value in small.Values)
        {
            sum += value;
        }

        var mean = sum / count;
        foreach (var value in small.Values)
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
        var lighterBorder = (BorderMean(small) - mean) / deviation;
        return (-SkewWeight * Math.Clamp(skew, -3, 3)) + (BorderWeight * Math.Clamp(lighterBorder, -2, 2));
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
