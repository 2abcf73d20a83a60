using DigitML.Pixels;

namespace DigitML.Synthesis;

/// <summary>Light on a sheet: gradients and vignettes. All change the picture in place.</summary>
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

    /// <summary>Multiplies every pixel by the light there.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="light">Of a place's column and row as shares of the picture's size, 0 to 1.</param>
    public static void Shade(Plane picture, Func<float, float, float> light)
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
