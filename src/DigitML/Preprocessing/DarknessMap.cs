using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>How much darker than its local ground every pixel is, under one assumption about polarity.</summary>
internal sealed class DarknessMap
{
    /// <summary>Noise above this is smoothed away where the picture is large enough.</summary>
    private const float RoughNoise = 0.012f;

    private const int SmoothableSide = 100;

    /// <summary>In frames of a few pixels even the lowest fifth may be strokes.</summary>
    private const float MostNoiseOfSmall = 0.02f;

    /// <summary>
    /// Where so many pixels of a small frame are of one and the same tone nothing has added noise: all its greys are ink, however
    /// much they differ from one pixel to the next.
    /// </summary>
    private const double CleanShare = 0.15;

    private DarknessMap(bool isLightOnDark, Plane upright, Plane ground, Plane darkness, float noise)
    {
        IsLightOnDark = isLightOnDark;
        Upright = upright;
        Ground = ground;
        Darkness = darkness;
        Noise = noise;
    }

    /// <summary>Whether the ink was taken to be lighter than its ground.</summary>
    public bool IsLightOnDark { get; }

    /// <summary>The picture in the polarity that has dark ink, smoothed when it was rough.</summary>
    public Plane Upright { get; }

    /// <summary>Its ground.</summary>
    public Plane Ground { get; }

    /// <summary>How much darker than the ground, as a share of the ground: 0 to 1.</summary>
    public Plane Darkness { get; }

    /// <summary>Standard deviation of the darkness from pixel to pixel where there is no ink.</summary>
    public float Noise { get; }

    /// <summary>Measures a picture against its ground.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="isLightOnDark">The ink is lighter than its ground.</param>
    /// <param name="isClose">Whether the ground follows light and shadow closely, under thin strokes.</param>
    public static DarknessMap Make(Plane picture, bool isLightOnDark, bool isClose = false)
    {
        var upright = isLightOnDark ? picture.Inverted() : picture;
        var ground = GroundEstimator.Estimate(upright, isClose);
        var noise = NoiseOf(upright, ground);
        if (noise > RoughNoise && Math.Min(picture.Width, picture.Height) >= SmoothableSide)
        {
            upright = Filters.Binomial(upright);
            noise = NoiseOf(upright, ground);
        }

        var darkness = new Plane(picture.Width, picture.Height);
        for (var i = 0; i < darkness.Values.Length; i++)
        {
            darkness.Values[i] = Math.Clamp(1f - (upright.Values[i] / ground.Values[i]), 0f, 1f);
        }

        return new DarknessMap(isLightOnDark, upright, ground, darkness, noise);
    }

    /// <summary>
    /// From the median of differences two pixels apart (a neighbour shares its noise after resampling or JPEG):
    /// strokes and edges are too few to move it. Where one digit may fill a small frame, from the lowest fifth.
    /// </summary>
    private static float NoiseOf(Plane picture, Plane ground)
    {
        const int Levels = 1024;
        var isSmall = Math.Max(picture.Width, picture.Height) <= GroundEstimator.SmallSide;
        if (isSmall && FlatShareOf(picture, ground) >= CleanShare)
        {
            return 0f;
        }

        var counts = new int[Levels + 1];
        var total = 0;
        var step = Math.Max(1, picture.Height / 400);
        for (var y = 0; y < picture.Height; y += step)
        {
            var row = picture.Row(y);
            var under = ground.Row(y);
            for (var x = 2; x < row.Length; x++)
            {
                var difference = Math.Abs((row[x] / under[x]) - (row[x - 2] / under[x - 2]));
                counts[Math.Min(Levels, (int)(difference * Levels))]++;
                total++;
            }
        }

        // |a − b| of a Gaussian stays below 0.954 deviations half the time, and below 0.358 a fifth of the time.
        var (share, deviations) = isSmall ? (0.2, 0.358f) : (0.5, 0.954f);
        var seen = 0;
        for (var level = 0; level < Levels && total > 0; level++)
        {
            seen += counts[level];
            if (seen >= total * share)
            {
                var noise = level / (deviations * Levels);
                return isSmall ? Math.Min(noise, MostNoiseOfSmall) : noise;
            }
        }

        return 0f;
    }

    /// <summary>The share of pixels that have the very tone of the ground.</summary>
    private static double FlatShareOf(Plane picture, Plane ground)
    {
        const float Rounding = 0.4f / 255;
        var flat = 0;
        for (var i = 0; i < picture.Values.Length; i++)
        {
            flat += Math.Abs(picture.Values[i] - ground.Values[i]) < Rounding ? 1 : 0;
        }

        return flat / (double)picture.Values.Length;
    }
}
