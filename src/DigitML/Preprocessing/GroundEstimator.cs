using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>
/// Estimates what the paper would look like without the ink, for dark ink: light, shadows, vignettes and large stains stay in it.
/// </summary>
/// <remarks>
/// Small pictures: one level where a level prevails (drawings, icons, data sets), else a plane.
/// Others: a quadratic surface fitted with asymmetric weights (Eilers and Boelens 2005, on two dimensions),
/// then a morphological closing of what is left, which follows shadows and steps over strokes.
/// </remarks>
internal static class GroundEstimator
{
    /// <summary>Pictures up to this size hold one digit whose strokes are too broad for a closing.</summary>
    public const int SmallSide = 64;

    /// <summary>The longer side on which the ground is estimated: it is smooth.</summary>
    private const int WorkingSide = 192;

    /// <summary>Closing radii as shares of the shorter side: each steps over strokes up to twice as broad.</summary>
    private static readonly double[] ClosingShares = [0.03, 0.06, 0.12, 0.2];

    /// <summary>A radius is large enough when the next one finds little more ink.</summary>
    private const double Settled = 0.7;

    /// <summary>Ground of this share of the ink's darkness is a broad stroke's inside, or a thing that is no paper.</summary>
    private const double SolidShare = 0.7;

    /// <summary>The lowest ground, so that a ratio to it stays finite.</summary>
    private const float Least = 0.12f;

    /// <summary>The ground under dark ink.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="isClose">Whether the ground follows light and shadow as closely as it can without sinking into thin strokes.</param>
    /// <returns>The same size, at least 0.12 everywhere but in objects that reach in from the border, which are their own ground.</returns>
    public static Plane Estimate(Plane picture, bool isClose = false)
    {
        if (Math.Max(picture.Width, picture.Height) > SmallSide)
        {
            return Follow(picture, isClose);
        }

        var ground = PrevailingLevel(picture) is { } level ? Flat(picture, level) : SurfaceFit.Fit(picture, isQuadratic: false);
        for (var i = 0; i < ground.Values.Length; i++)
        {
            ground.Values[i] = Math.Max(ground.Values[i], Least);
        }

        return ground;
    }

    private static Plane Flat(Plane picture, float level)
    {
        var ground = new Plane(picture.Width, picture.Height);
        ground.Values.AsSpan().Fill(level);
        return ground;
    }

    /// <summary>The most frequent level in the lighter half of the range, when it and its neighbours cover a sixth of the picture.</summary>
    private static float? PrevailingLevel(Plane picture)
    {
        const int Reach = 4;
        var counts = new int[256 + (2 * Reach)];
        var least = 255;
        var most = 0;
        foreach (var value in picture.Values)
        {
            var level = Math.Clamp((int)((value * 255f) + 0.5f), 0, 255);
            counts[level + Reach]++;
            least = Math.Min(least, level);
            most = Math.Max(most, level);
        }

        var best = -1;
        var bestWindow = 0;
        for (var level = (least + most) / 2; level <= most; level++)
        {
            var window = 0;
            for (var k = -Reach; k <= Reach; k++)
            {
                window += counts[level + Reach + k];
            }

            // Of equal windows the one around the higher peak: exact grounds stay exact.
            if (window > bestWindow || (window == bestWindow && counts[level + Reach] > counts[best + Reach]))
            {
                (best, bestWindow) = (level, window);
            }
        }

        return bestWindow * 6 >= picture.Values.Length ? Peak(counts, best, Reach) / 255f : null;
    }

    /// <summary>Within the best window the level that most pixels have, if it stands out; else the window's mean.</summary>
    private static float Peak(int[] counts, int centre, int reach)
    {
        var best = centre;
        double total = 0, sum = 0;
        for (var level = centre - reach; level <= centre + reach; level++)
        {
            if (level is < 0 or > 255)
            {
                continue;
            }

            best = counts[level + reach] > counts[best + reach] ? level : best;
            total += counts[level + reach];
            sum += counts[level + reach] * (double)level;
        }

        return counts[best + reach] * 2 >= total ? best : (float)(sum / total);
    }

    private static Plane Follow(Plane picture, bool isClose)
    {
        var small = LightBlocks(picture);
        var surface = SurfaceFit.Fit(small, isQuadratic: true);
        var rest = new Plane(small.Width, small.Height);
        for (var i = 0; i < rest.Values.Length; i++)
        {
            surface.Values[i] = Math.Max(surface.Values[i], Least);
            rest.Values[i] = small.Values[i] / surface.Values[i];
        }

        var (stepped, dark) = StepOver(rest, isClose ? 1 : ClosingShares.Length);
        var objects = BorderObjects.Find(rest, stepped, (float)dark);
        var closed = Filters.Smooth(stepped, 1);
        for (var i = 0; i < closed.Values.Length; i++)
        {
            closed.Values[i] = Math.Max(Least, closed.Values[i] * surface.Values[i]);
        }

        var ground = Bilinear.Stretch(closed, picture.Width, picture.Height);
        if (objects is not null)
        {
            // What stands on no ground is its own.
            var isObject = Bilinear.Stretch(objects, picture.Width, picture.Height);
            for (var i = 0; i < ground.Values.Length; i++)
            {
                ground.Values[i] = isObject.Values[i] > 0 ? Math.Max(picture.Values[i], 1e-3f) : ground.Values[i];
            }
        }

        return ground;
    }

    /// <summary>
    /// Closes with the smallest radius that steps over the strokes: the larger it is, the more of a shadow's corners is taken for ink.
    /// Single strokes may be twice as broad as most, and would be hollow: where a ground would be as dark as ink is, that of a larger radius is taken.
    /// </summary>
    /// <param name="rest">What is left of the picture without its surface.</param>
    /// <param name="radii">How many radii are tried.</param>
    /// <returns>The ground, and from which darkness on it would be a stroke's or a thing's.</returns>
    private static (Plane Ground, double Dark) StepOver(Plane rest, int radii)
    {
        Plane? chosen = null;
        var darkness = 0.0;
        var last = 0;
        for (var i = 0; i < radii; i++)
        {
            var closed = Close(rest, Radius(rest, i));
            var found = SquaredDarkness(rest, closed);
            if (chosen is not null && darkness >= Settled * found)
            {
                break;
            }

            (chosen, darkness, last) = (closed, found, i);
        }

        var dark = SolidShare * InkDarkness(rest, chosen!);
        var beyond = Math.Min(last + 2, radii - 1);
        return (beyond == last ? chosen! : Solid(chosen!, Close(rest, Radius(rest, beyond)), dark), dark);
    }

    private static int Radius(Plane rest, int i) => Math.Max(2, (int)(ClosingShares[i] * Math.Min(rest.Width, rest.Height)));

    /// <summary>A ground, but where it would be about as dark as ink is: there it is the other one.</summary>
    private static Plane Solid(Plane ground, Plane beyond, double dark) =>
        new(ground.Width, ground.Height, [.. ground.Values.Select((value, i) => Darkness(value, beyond.Values[i]) >= dark ? beyond.Values[i] : value)]);

    /// <summary>The mean darkness, each pixel by its square: that of strokes, however few they are.</summary>
    private static double InkDarkness(Plane rest, Plane ground)
    {
        double squares = 0, cubes = 0;
        for (var i = 0; i < rest.Values.Length; i++)
        {
            var darkness = Darkness(rest.Values[i], ground.Values[i]);
            squares += darkness * darkness;
            cubes += darkness * darkness * darkness;
        }

        return cubes / Math.Max(squares, 1e-9);
    }

    private static double Darkness(float value, float ground) => 1 - (value / Math.Max(ground, 1e-3f));

    /// <summary>The picture is continued beyond its border, so that shadows that end there keep their depth.</summary>
    private static Plane Close(Plane rest, int radius)
    {
        var margin = radius * 3 / 2;
        var roomy = new Plane(rest.Width + (2 * margin), rest.Height + (2 * margin));
        for (var y = 0; y < roomy.Height; y++)
        {
            var source = rest.Row(Math.Clamp(y - margin, 0, rest.Height - 1));
            var target = roomy.Row(y);
            target[..margin].Fill(source[0]);
            source.CopyTo(target[margin..]);
            target[(margin + rest.Width)..].Fill(source[^1]);
        }

        return Filters.Minimum(Filters.Maximum(roomy, radius), radius).Crop(new PixelBox(margin, margin, rest.Width, rest.Height));
    }

    private static double SquaredDarkness(Plane rest, Plane closed)
    {
        var sum = 0.0;
        for (var i = 0; i < rest.Values.Length; i++)
        {
            var darkness = Darkness(rest.Values[i], closed.Values[i]);
            sum += darkness * darkness;
        }

        return sum;
    }

    /// <summary>Shrinks to <see cref="WorkingSide"/>; each block becomes the mean of its lighter half, so that thin strokes leave no trace.</summary>
    private static Plane LightBlocks(Plane picture)
    {
        var side = Math.Max(picture.Width, picture.Height);
        if (side <= WorkingSide)
        {
            return picture;
        }

        var width = Math.Max(1, (int)((long)picture.Width * WorkingSide / side));
        var height = Math.Max(1, (int)((long)picture.Height * WorkingSide / side));
        var blocks = new Plane(width, height);
        for (var y = 0; y < height; y++)
        {
            var top = (int)((long)y * picture.Height / height);
            var bottom = (int)((long)(y + 1) * picture.Height / height);
            for (var x = 0; x < width; x++)
            {
                var left = (int)((long)x * picture.Width / width);
                var right = (int)((long)(x + 1) * picture.Width / width);
                blocks.Values[(y * width) + x] = LighterHalf(picture, left, top, right, bottom);
            }
        }

        return blocks;
    }

    private static float LighterHalf(Plane picture, int left, int top, int right, int bottom)
    {
        var sum = 0f;
        for (var y = top; y < bottom; y++)
        {
            foreach (var value in picture.Row(y)[left..right])
            {
                sum += value;
            }
        }

        var mean = sum / ((right - left) * (bottom - top));
        var upper = 0f;
        var count = 0;
        for (var y = top; y < bottom; y++)
        {
            foreach (var value in picture.Row(y)[left..right])
            {
                if (value >= mean)
                {
                    upper += value;
                    count++;
                }
            }
        }

        return count == 0 ? mean : upper / count;
    }
}
