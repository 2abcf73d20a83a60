using DigitML.Pixels;

namespace DigitML.Synthesis;

/// <summary>
/// The loss of JPEG's luminance: 8×8 cosine transform, the example table of ITU-T T.81, annex K.1, scaled to a quality as
/// the Independent JPEG Group does, and back.
/// </summary>
internal static class JpegLoss
{
    private const int Side = 8;

    private static readonly byte[] Table =
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static readonly float[] Cosines = MakeCosines();

    /// <summary>Applies the loss in place; an incomplete block at the right and bottom repeats its last pixels.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="quality">1 to 100.</param>
    public static void Apply(Plane picture, int quality)
    {
        var scale = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        Span<float> steps = stackalloc float[64];
        for (var i = 0; i < 64; i++)
        {
            steps[i] = Math.Clamp(((Table[i] * scale) + 50) / 100, 1, 255);
        }

        Span<float> block = stackalloc float[64];
        Span<float> half = stackalloc float[64];
        for (var top = 0; top < picture.Height; top += Side)
        {
            for (var left = 0; left < picture.Width; left += Side)
            {
                for (var i = 0; i < 64; i++)
                {
                    block[i] = (picture[Math.Min(left + (i & 7), picture.Width - 1), Math.Min(top + (i >> 3), picture.Height - 1)] * 255f) - 128f;
                }

                Transform(block, half, isForward: true);
                for (var i = 0; i < 64; i++)
                {
                    block[i] = MathF.Round(block[i] / steps[i]) * steps[i];
                }

                Transform(block, half, isForward: false);
                for (var i = 0; i < 64; i++)
                {
                    var (x, y) = (left + (i & 7), top + (i >> 3));
                    if (x < picture.Width && y < picture.Height)
                    {
                        picture.Values[(y * picture.Width) + x] = Math.Clamp(MathF.Round(block[i] + 128f) / 255f, 0f, 1f);
                    }
                }
            }
        }
    }

    /// <summary>The orthonormal transform of rows, then of columns: block := C · block · Cᵀ, or back.</summary>
    private static void Transform(Span<float> block, Span<float> half, bool isForward)
    {
        for (var i = 0; i < Side; i++)
        {
            for (var j = 0; j < Side; j++)
            {
                var sum = 0f;
                for (var k = 0; k < Side; k++)
                {
                    sum += block[(i * Side) + k] * (isForward ? Cosines[(j * Side) + k] : Cosines[(k * Side) + j]);
                }

                half[(i * Side) + j] = sum;
            }
        }

        for (var i = 0; i < Side; i++)
        {
            for (var j = 0; j < Side; j++)
            {
                var sum = 0f;
                for (var k = 0; k < Side; k++)
                {
                    sum += half[(k * Side) + j] * (isForward ? Cosines[(i * Side) + k] : Cosines[(k * Side) + i]);
                }

                block[(i * Side) + j] = sum;
            }
        }
    }

    private static float[] MakeCosines()
    {
        var cosines = new float[64];
        for (var i = 0; i < Side; i++)
        {
            for (var k = 0; k < Side; k++)
            {
                cosines[(i * Side) + k] = (float)(Math.Cos(((2 * k) + 1) * i * Math.PI / 16) * (i == 0 ? Math.Sqrt(1.0 / 8) : 0.5));
            }
        }

        return cosines;
    }
}
