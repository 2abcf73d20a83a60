using DigitML.Preprocessing;

namespace DigitML.Pictures;

/// <summary>Light on a sheet: gradients, vignettes and shadows. All change the picture in place.</summary>
internal static class Light
{
    /// <summary>Falls off linearly across the picture.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="depth">Share of light lost at the far end.</param>
    /// <param name="angle">Where it comes from, in radians.</param>
    public static void Gradient(Plane picture, float depth, float angle)
    {
        var (cos, sin) = (MathF.Cos(angle), MathF.Sin(angle));
        Shade(picture, (u, v) => 1f - (depth * Math.Clamp(0.5f + (cos * (u - 0.5f)) + (sin * (v - 0.5f)), 0f, 1f)));
    }

    /// <summary>Falls off towards the corners.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="depth">Share of light lost in the corners.</param>
    public static void Vignette(Plane picture, float depth) =>
        Shade(picture, (u, v) => 1f - (depth * 2f * (((u - 0.5f) * (u - 0.5f)) + ((v - 0.5f) * (v - 0.5f)))));

    /// <summary>A shadow with a soft, wavy edge, such as a hand's or a phone's.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="depth">Share of light lost inside.</param>
    /// <param name="softness">Width of the edge as a share of the picture.</param>
    /// <param name="random">All chance.</param>
    public static void Shadow(Plane picture, float depth, float softness, Random random)
    {
        var angle = random.Between(0f, 2f * MathF.PI);
        var offset = random.Between(-0.3f, 0.3f);
        var wave = new NoiseField(random, 3, 3);
        var (cos, sin) = (MathF.Cos(angle), MathF.Sin(angle));
        Shade(picture, (u, v) =>
        {
            var apart = (cos * (u - 0.5f)) + (sin * (v - 0.5f)) + offset + (0.3f * wave.At(u, v));
            return 1f - (depth * Math.Clamp(0.5f + (apart / softness), 0f, 1f));
        });
    }

    private static void Shade(Plane picture, Func<float, float, float> light)
    {
        for (var y = 0; y < picture.Height; y++)
        {
            var row = picture.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] *= light(x / (float)picture.Width, y / (float)picture.Height);
            }
        }
    }
}
