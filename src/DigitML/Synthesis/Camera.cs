using DigitML.Pixels;

namespace DigitML.Synthesis;

/// <summary>What taking and storing a picture does to it.</summary>
internal static class Camera
{
    /// <summary>A blur of about a Gaussian's deviation, in pixels.</summary>
    public static Plane Blur(Plane picture, float deviation)
    {
        // Three means of radius r have deviation √(r(r + 1)); what lies between two radii is blended.
        var radius = (MathF.Sqrt(1f + (4f * deviation * deviation)) - 1f) / 2f;
        var lower = Filters.Smooth(picture, (int)radius);
        var share = radius - (int)radius;
        if (share < 0.01f)
        {
            return lower;
        }

        var upper = Filters.Smooth(picture, (int)radius + 1);
        var result = new Plane(picture.Width, picture.Height);
        for (var i = 0; i < result.Values.Length; i++)
        {
            result.Values[i] = lower.Values[i] + (share * (upper.Values[i] - lower.Values[i]));
        }

        return result;
    }

    /// <summary>What a hand that moves makes of a picture: its mean along a straight way.</summary>
    /// <param name="picture">At least 2 pixels a side; beyond its border lies nothing.</param>
    /// <param name="length">Of the way, in pixels; at least 0.</param>
    /// <param name="angle">In radians, from level, clockwise.</param>
    public static Plane MotionBlur(Plane picture, float length, float angle)
    {
        var steps = Math.Max(2, (int)MathF.Ceiling(length) + 1);
        var result = new Plane(picture.Width, picture.Height);
        for (var step = 0; step < steps; step++)
        {
            var along = length * ((step / (float)(steps - 1)) - 0.5f);
            var (dx, dy) = (along * MathF.Cos(angle), along * MathF.Sin(angle));
            for (var y = 0; y < picture.Height; y++)
            {
                var row = result.Row(y);
                for (var x = 0; x < row.Length; x++)
                {
                    row[x] += Bilinear.Bounded(picture.Values, picture.Width, x + dx, y + dy) / steps;
                }
            }
        }

        return result;
    }

    /// <summary>Adds noise to every pixel, in place.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="deviation">Of the noise, 0 to 1.</param>
    /// <param name="random">The random numbers.</param>
    public static void Noise(Plane picture, float deviation, SeededRandom random)
    {
        for (var i = 0; i < picture.Values.Length; i++)
        {
            // Four uniform draws are Gaussian enough, and quicker than one that is.
            var noise = random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2f;
            picture.Values[i] = Math.Clamp(picture.Values[i] + (deviation * 1.732f * noise), 0f, 1f);
        }
    }

    /// <summary>Moves black and white, in place: 0 becomes <paramref name="black"/>, 1 becomes <paramref name="white"/>.</summary>
    public static void Contrast(Plane picture, float black, float white)
    {
        for (var i = 0; i < picture.Values.Length; i++)
        {
            picture.Values[i] = Math.Clamp(black + ((white - black) * picture.Values[i]), 0f, 1f);
        }
    }

    /// <summary>Black where the picture is darker than its surroundings by a share, white elsewhere, in place: what scanning applications make.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="radius">Of the surroundings.</param>
    /// <param name="share">How much darker.</param>
    public static void Threshold(Plane picture, int radius, float share)
    {
        var mean = Filters.Mean(picture, radius);
        for (var i = 0; i < picture.Values.Length; i++)
        {
            picture.Values[i] = picture.Values[i] < mean.Values[i] * (1f - share) ? 0f : 1f;
        }
    }

    /// <summary>Single pixels and small clusters of black and white, in place.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="density">Share of pixels hit.</param>
    /// <param name="random">The random numbers.</param>
    public static void SaltAndPepper(Plane picture, float density, SeededRandom random)
    {
        var count = (int)(density * picture.Values.Length);
        for (var k = 0; k < count; k++)
        {
            var value = random.Chance(0.6) ? 0f : 1f;
            var size = random.Chance(0.8) ? 1 : random.Next(2, 4);
            var left = random.Next(picture.Width);
            var top = random.Next(picture.Height);
            for (var y = top; y < Math.Min(picture.Height, top + size); y++)
            {
                picture.Row(y)[left..Math.Min(picture.Width, left + size)].Fill(value);
            }
        }
    }
}
