using DigitML.Pixels;

namespace DigitML.Training;

/// <summary>
/// Changes pictures at random as <see cref="AugmentationOptions"/> allows. Owns its buffers; not for use by two threads at once.
/// What it does to a picture follows from the generator alone.
/// </summary>
internal sealed class ImageAugmenter
{
    /// <summary>Pixels between the nodes of the elastic field: about a quarter of MNIST's picture, so strokes bend but do not fray.</summary>
    private const float NodeSpacing = 7f;

    private readonly AugmentationOptions _options;
    private readonly int _width;
    private readonly int _height;
    private readonly int _nodesAcross;
    private readonly int _nodesDown;
    private readonly float[] _nodesX;
    private readonly float[] _nodesY;
    private readonly ElasticField? _field;
    private readonly byte[] _other;
    private readonly float[] _rowX;
    private readonly float[] _rowY;
    private float[] _image;
    private float[] _scratch;

    /// <summary>Allocates for pictures of one size.</summary>
    public ImageAugmenter(AugmentationOptions options, int width, int height)
    {
        _options = options;
        _width = width;
        _height = height;

        // A cubic spline reaches one node before and two after the cell a pixel is in.
        _nodesAcross = (int)(width / NodeSpacing) + 4;
        _nodesDown = (int)(height / NodeSpacing) + 4;
        _nodesX = new float[_nodesAcross * _nodesDown];
        _nodesY = new float[_nodesX.Length];
        _rowX = new float[_nodesAcross];
        _rowY = new float[_nodesAcross];
        _field = options.ElasticAlpha > 0 ? new ElasticField(width, height, options.ElasticSigma) : null;
        _other = options.Mixup > 0 ? new byte[width * height] : [];
        _image = new float[width * height];
        _scratch = new float[width * height];
    }

    /// <summary>Changes one picture.</summary>
    /// <param name="source">[height, width], 0 ground to 255 ink.</param>
    /// <param name="target">The same size; overwritten.</param>
    /// <param name="random">Where chance comes from.</param>
    public void Augment(ReadOnlySpan<byte> source, Span<byte> target, SeededRandom random)
    {
        Warp(source, random);
        ChangeStrokes(random);
        Blur(random);
        Shade(random);
        AddRemains(random);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (byte)Math.Clamp(_image[i] + 0.5f, 0f, 255f);
        }
    }

    /// <summary>Mixes another picture, changed as this one was, into one that has been changed.</summary>
    /// <param name="source">The other, as it is.</param>
    /// <param name="target">The one; overwritten by the mixture.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <returns>The other's share, 0 to 0.5.</returns>
    public float Mix(ReadOnlySpan<byte> source, Span<byte> target, SeededRandom random)
    {
        var drawn = (float)random.NextBeta(_options.Mixup);
        var share = MathF.Min(drawn, 1f - drawn);
        Augment(source, _other, random);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (byte)(target[i] + (share * (_other[i] - target[i])) + 0.5f);
        }

        return share;
    }

    private static float Symmetric(SeededRandom random, float limit) => (float)((random.NextDouble() * 2) - 1) * limit;

    /// <summary>Turns, slants, scales, shifts and bends in one resampling, so that strokes are blurred once only.</summary>
    private void Warp(ReadOnlySpan<byte> source, SeededRandom random)
    {
        var angle = Symmetric(random, _options.RotationDegrees) * MathF.PI / 180f;
        var slant = Symmetric(random, _options.Slant);
        var scaleX = 1f / (1f + Symmetric(random, _options.Scale));
        var scaleY = 1f / (1f + Symmetric(random, _options.Scale));
        var shiftX = Symmetric(random, _options.Shift);
        var shiftY = Symmetric(random, _options.Shift);
        var (sin, cos) = MathF.SinCos(angle);
        for (var i = 0; i < _nodesX.Length && _options.Elastic > 0; i++)
        {
            _nodesX[i] = (float)random.NextGaussian() * _options.Elastic;
            _nodesY[i] = (float)random.NextGaussian() * _options.Elastic;
        }

        _field?.Draw(random, _options.ElasticAlpha);

        for (var i = 0; i < source.Length; i++)
        {
            _scratch[i] = source[i];
        }

        var (middleX, middleY) = ((_width - 1) / 2f, (_height - 1) / 2f);
        Span<float> weights = stackalloc float[4];
        for (var y = 0; y < _height; y++)
        {
            SplineWeights(y / NodeSpacing, weights, out var nodeRow);
            for (var node = 0; node < _nodesAcross; node++)
            {
                var at = (nodeRow * _nodesAcross) + node;
                _rowX[node] = Blend(_nodesX, at, _nodesAcross, weights);
                _rowY[node] = Blend(_nodesY, at, _nodesAcross, weights);
            }

            for (var x = 0; x < _width; x++)
            {
                SplineWeights(x / NodeSpacing, weights, out var node);
                var fromX = x - middleX - shiftX + Blend(_rowX, node, 1, weights);
                var fromY = y - middleY - shiftY + Blend(_rowY, node, 1, weights);
                if (_field is not null)
                {
                    fromX += _field.Across[(y * _field.Stride) + x];
                    fromY += _field.Down[(y * _field.Stride) + x];
                }

                // Backwards from target to source: turn, slant, then scale.
                var turnedX = (cos * fromX) + (sin * fromY);
                var turnedY = (cos * fromY) - (sin * fromX);
                _image[(y * _width) + x] = Bilinear.Bounded(_scratch, _width, ((turnedX + (slant * turnedY)) * scaleX) + middleX, (turnedY * scaleY) + middleY);
            }
        }
    }

    /// <summary>Uniform cubic B-spline weights; the field is smooth and its size is that of the nodes' within a factor of 0.6.</summary>
    private static void SplineWeights(float position, Span<float> weights, out int first)
    {
        first = (int)position;
        var t = position - first;
        var rest = 1f - t;
        weights[0] = rest * rest * rest / 6f;
        weights[1] = ((3f * t * t * t) - (6f * t * t) + 4f) / 6f;
        weights[2] = ((3f * rest * rest * rest) - (6f * rest * rest) + 4f) / 6f;
        weights[3] = t * t * t / 6f;
    }

    private static float Blend(float[] values, int first, int stride, ReadOnlySpan<float> weights) =>
        (values[first] * weights[0]) + (values[first + stride] * weights[1]) + (values[first + (2 * stride)] * weights[2]) + (values[first + (3 * stride)] * weights[3]);

    /// <summary>Thickens or thins strokes by a fraction of a pixel: part of the way to the greatest or least of each cross of five.</summary>
    private void ChangeStrokes(SeededRandom random)
    {
        var change = Symmetric(random, _options.StrokeWidth);
        for (var left = MathF.Abs(change); left > 0; left -= 1f)
        {
            var part = MathF.Min(1f, left);
            for (var y = 0; y < _height; y++)
            {
                for (var x = 0; x < _width; x++)
                {
                    var at = (y * _width) + x;
                    var value = _image[at];
                    var extreme = value;
                    Reach(ref extreme, x > 0 ? _image[at - 1] : 0f, change);
                    Reach(ref extreme, x < _width - 1 ? _image[at + 1] : 0f, change);
                    Reach(ref extreme, y > 0 ? _image[at - _width] : 0f, change);
                    Reach(ref extreme, y < _height - 1 ? _image[at + _width] : 0f, change);
                    _scratch[at] = value + (part * (extreme - value));
                }
            }

            (_image, _scratch) = (_scratch, _image);
        }

        static void Reach(ref float extreme, float neighbour, float change) =>
            extreme = change > 0 ? MathF.Max(extreme, neighbour) : MathF.Min(extreme, neighbour);
    }

    /// <summary>What focus, scaling and compression do: passes of (1 2 1) down and across, the last one in part.</summary>
    private void Blur(SeededRandom random)
    {
        if (_options.Blur <= 0 || random.Next(3) != 0)
        {
            return;
        }

        for (var left = (float)random.NextDouble() * _options.Blur; left > 0; left -= 1f)
        {
            Smooth(1, _width, _height, _width, MathF.Min(1f, left));
            Smooth(_width, 1, _width, _height, MathF.Min(1f, left));
        }
    }

    private void Smooth(int step, int lineStep, int lines, int length, float part)
    {
        for (var line = 0; line < lines; line++)
        {
            for (var i = 0; i < length; i++)
            {
                var at = (line * lineStep) + (i * step);
                var around = (i > 0 ? _image[at - step] : 0f) + (i < length - 1 ? _image[at + step] : 0f);
                _scratch[at] = _image[at] + (part * ((0.25f * around) - (0.5f * _image[at])));
            }
        }

        (_image, _scratch) = (_scratch, _image);
    }

    /// <summary>Faint pens and noise. Noise stays near ink, as what finds the ink leaves the ground clean.</summary>
    private void Shade(SeededRandom random)
    {
        if (_options.Fading > 0 && random.Next(3) == 0)
        {
            var keep = 1f - ((float)random.NextDouble() * _options.Fading);
            foreach (ref var value in _image.AsSpan())
            {
                value *= keep;
            }
        }

        if (_options.Noise > 0 && random.Next(5) == 0)
        {
            var deviation = (float)random.NextDouble() * _options.Noise;
            foreach (ref var value in _image.AsSpan())
            {
                value += value > 8f ? (float)random.NextGaussian() * deviation : 0f;
            }
        }
    }

    /// <summary>A piece of a straight line near an edge, or a few specks.</summary>
    private void AddRemains(SeededRandom random)
    {
        if (_options.Remains <= 0 || random.NextDouble() >= _options.Remains)
        {
            return;
        }

        var ink = 80f + random.Next(176);
        if (random.Next(2) == 0)
        {
            for (var specks = 1 + random.Next(4); specks > 0; specks--)
            {
                _image[random.Next(_image.Length)] = ink;
            }

            return;
        }

        var across = random.Next(2) == 0;
        var (length, depth) = across ? (_width, _height) : (_height, _width);
        var place = random.Next(2) == 0 ? random.Next(1 + (depth / 5)) : depth - 1 - random.Next(1 + (depth / 5));
        var start = random.Next(length);
        var end = Math.Min(length, start + 2 + random.Next(length));
        for (var i = start; i < end; i++)
        {
            var at = across ? (place * _width) + i : (i * _width) + place;
            _image[at] = MathF.Max(_image[at], ink);
        }
    }
}
