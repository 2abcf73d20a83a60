using System.Numerics;
using DigitML.Pixels;

namespace DigitML.Training;

/// <summary>
/// A field of displacements as Simard, Steinkraus and Platt 2003 draw it: uniform in ±1 at each pixel, smoothed by a Gaussian whose weights sum
/// to 1, times alpha. What is drawn reaches beyond the picture, so that its borders move as far as its middle. Owns its buffers; not for use by
/// two threads at once.
/// </summary>
internal sealed class ElasticField
{
    private readonly int _width;
    private readonly int _height;
    private readonly int _reach;
    private readonly int _noiseWidth;
    private readonly float[] _kernel;
    private readonly float[] _noise;
    private readonly float[] _row;

    /// <summary>Allocates.</summary>
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="sigma">The Gaussian's deviation in pixels, above 0; it ends at three of them.</param>
    public ElasticField(int width, int height, float sigma)
    {
        (_width, _height) = (width, height);
        _reach = (int)MathF.Ceiling(3f * sigma);
        _noiseWidth = width + (2 * _reach);
        _kernel = new float[(2 * _reach) + 1];
        var sum = 0f;
        for (var i = 0; i < _kernel.Length; i++)
        {
            sum += _kernel[i] = MathF.Exp(-(i - _reach) * (i - _reach) / (2f * sigma * sigma));
        }

        for (var i = 0; i < _kernel.Length; i++)
        {
            _kernel[i] /= sum;
        }

        _noise = new float[_noiseWidth * (height + (2 * _reach))];
        _row = new float[_noiseWidth];
        (Across, Down) = (new float[width * height], new float[width * height]);
    }

    /// <summary>[height, width] pixels sideways.</summary>
    public float[] Across { get; }

    /// <summary>[height, width] pixels down.</summary>
    public float[] Down { get; }

    /// <summary>Draws the field anew.</summary>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="alpha">By what the smoothed displacements are multiplied.</param>
    public void Draw(SeededRandom random, float alpha)
    {
        foreach (var target in new[] { Across, Down })
        {
            Fill(random, alpha);
            for (var y = 0; y < _height; y++)
            {
                _row.AsSpan().Clear();
                for (var tap = 0; tap < _kernel.Length; tap++)
                {
                    Add(_noise.AsSpan((y + tap) * _noiseWidth, _noiseWidth), _kernel[tap], _row);
                }

                var line = target.AsSpan(y * _width, _width);
                line.Clear();
                for (var tap = 0; tap < _kernel.Length; tap++)
                {
                    Add(_row.AsSpan(tap, _width), _kernel[tap], line);
                }
            }
        }
    }

    private void Fill(SeededRandom random, float alpha)
    {
        // Four numbers of 16 bits from each 64: a displacement needs no more.
        var step = 2f * alpha / 65_535f;
        for (var i = 0; i < _noise.Length; i += 4)
        {
            var bits = random.Next();
            for (var j = i; j < Math.Min(i + 4, _noise.Length); j++, bits >>= 16)
            {
                _noise[j] = ((bits & 0xFFFF) * step) - alpha;
            }
        }
    }

    /// <summary>target += factor · source: products and sums element by element, so that every vector width has the same bits.</summary>
    private static void Add(ReadOnlySpan<float> source, float factor, Span<float> target)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= target.Length; i += Vector<float>.Count)
        {
            (new Vector<float>(target[i..]) + (new Vector<float>(source[i..]) * factor)).CopyTo(target[i..]);
        }

        for (; i < target.Length; i++)
        {
            target[i] += source[i] * factor;
        }
    }
}
