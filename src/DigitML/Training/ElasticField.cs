using System.Numerics;
using System.Runtime.InteropServices;
using DigitML.Pixels;

namespace DigitML.Training;

/// <summary>
/// A field of displacements as Simard, Steinkraus and Platt 2003 draw it: uniform in ±1 at each pixel, smoothed by a Gaussian whose weights sum
/// to 1, times alpha. What is drawn reaches beyond the picture, so that its borders move as far as its middle. Owns its buffers; not for use by
/// two threads at once.
/// </summary>
internal sealed class ElasticField
{
    /// <summary>Rows are padded to so many floats, which vectors of every width divide: what is drawn is then the same on every machine.</summary>
    private const int Padding = 16;

    private readonly int _height;
    private readonly int _noiseStride;
    private readonly float[] _kernel;
    private readonly float[] _noise;
    private readonly float[] _row;

    /// <summary>Allocates.</summary>
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="sigma">The Gaussian's deviation in pixels, above 0; it ends at three of them.</param>
    public ElasticField(int width, int height, float sigma)
    {
        var reach = (int)MathF.Ceiling(3f * sigma);
        _height = height;
        Stride = Padded(width);
        _noiseStride = Padded(Stride + (2 * reach));
        _kernel = new float[(2 * reach) + 1];
        var sum = 0f;
        for (var i = 0; i < _kernel.Length; i++)
        {
            sum += _kernel[i] = MathF.Exp(-(i - reach) * (i - reach) / (2f * sigma * sigma));
        }

        for (var i = 0; i < _kernel.Length; i++)
        {
            _kernel[i] /= sum;
        }

        _noise = new float[_noiseStride * (height + (2 * reach))];
        _row = new float[_noiseStride];
        (Across, Down) = (new float[Stride * height], new float[Stride * height]);
    }

    /// <summary>Floats from one row of the field to the next.</summary>
    public int Stride { get; }

    /// <summary>[height, <see cref="Stride"/>] pixels sideways.</summary>
    public float[] Across { get; }

    /// <summary>[height, <see cref="Stride"/>] pixels down.</summary>
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
                Smooth(_noise.AsSpan(y * _noiseStride), _noiseStride, _row);
                Smooth(_row, 1, target.AsSpan(y * Stride, Stride));
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
            for (var j = i; j < i + 4; j++, bits >>= 16)
            {
                _noise[j] = ((int)(bits & 0xFFFF) * step) - alpha;
            }
        }
    }

    /// <summary>
    /// The sum of the kernel's taps, each a step behind the one before: products and sums element by element and in the taps' order, so that
    /// every vector width has the same bits.
    /// </summary>
    private void Smooth(ReadOnlySpan<float> source, int step, Span<float> target)
    {
        ref var first = ref MemoryMarshal.GetReference(source);
        var width = Vector<float>.Count;
        var end = Math.Min(target.Length, source.Length - ((_kernel.Length - 1) * step) - width + 1);
        var i = 0;
        for (; i + width < end; i += 2 * width)
        {
            // Two sums at once hide each other's latency.
            var (sum, next) = (Vector<float>.Zero, Vector<float>.Zero);
            var at = (nuint)i;
            foreach (var weight in _kernel)
            {
                sum += Vector.LoadUnsafe(ref first, at) * weight;
                next += Vector.LoadUnsafe(ref first, at + (nuint)width) * weight;
                at += (nuint)step;
            }

            sum.CopyTo(target[i..]);
            next.CopyTo(target[(i + width)..]);
        }

        for (; i < end; i += width)
        {
            var sum = Vector<float>.Zero;
            var at = (nuint)i;
            foreach (var weight in _kernel)
            {
                sum += Vector.LoadUnsafe(ref first, at) * weight;
                at += (nuint)step;
            }

            sum.CopyTo(target[i..]);
        }
    }

    private static int Padded(int length) => (length + Padding - 1) / Padding * Padding;
}
