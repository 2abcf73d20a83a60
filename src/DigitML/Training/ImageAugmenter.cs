using System.Runtime.Intrinsics;
using DigitML.Pixels;

namespace DigitML.Training;

/// <summary>
/// Changes pictures at random as <see cref="AugmentationOptions"/> allows. Owns its buffers; not for use by two threads at once.
/// What it does to a picture follows from the generator alone: vectors compute each pixel as a loop would, on every machine.
/// </summary>
internal sealed unsafe class ImageAugmenter
{
    /// <summary>Pixels worked out together.</summary>
    private const int Lanes = 8;

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
    private readonly SplineTable _across;
    private readonly SplineTable _down;

    /// <summary>Floats of a row of <see cref="_framed"/>.</summary>
    private readonly int _stride;

    /// <summary>[height + 3, width + 3 and more]: a picture with a row and a column of 0 before it and two behind.</summary>
    private readonly float[] _framed;

    /// <summary>[height, width], and room for the last row's last vector.</summary>
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
        _across = new SplineTable(width, NodeSpacing, _nodesAcross);
        _down = new SplineTable(height, NodeSpacing, _nodesDown);
        _stride = width + 3;
        _framed = new float[((height + 3) * _stride) + Lanes];
        _field = options.ElasticAlpha > 0 ? new ElasticField(width, height, options.ElasticSigma) : null;
        _other = options.Mixup > 0 ? new byte[width * height] : [];
        _image = new float[(width * height) + Lanes];
        _scratch = new float[_image.Length];
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
        Round(_image, target);
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

        for (var y = 0; y < _height; y++)
        {
            var row = source.Slice(y * _width, _width);
            var framed = _framed.AsSpan(((y + 1) * _stride) + 1, _width);
            for (var x = 0; x < row.Length; x++)
            {
                framed[x] = row[x];
            }
        }

        var places = stackalloc int[Lanes];
        var right = stackalloc float[Lanes];
        var down = stackalloc float[Lanes];
        fixed (float* framed = _framed, image = _image)
        {
            for (var y = 0; y < _height; y++)
            {
                if (_options.Elastic > 0)
                {
                    _down.BlendRows(_nodesX, y, _rowX);
                    _down.BlendRows(_nodesY, y, _rowY);
                }

                // What a row's last vector has too much is where the next row begins, and is overwritten by that.
                for (var x = 0; x < _width; x += Lanes)
                {
                    var fromX = _across.Places(x) - Vector256.Create((_width - 1) / 2f) - Vector256.Create(shiftX);
                    var fromY = Vector256.Create(y - ((_height - 1) / 2f) - shiftY);
                    if (_options.Elastic > 0)
                    {
                        fromX += _across.Blend(_rowX, x);
                        fromY += _across.Blend(_rowY, x);
                    }

                    if (_field is not null)
                    {
                        fromX += Vector256.LoadUnsafe(ref _field.Across[(y * _field.Stride) + x]);
                        fromY += Vector256.LoadUnsafe(ref _field.Down[(y * _field.Stride) + x]);
                    }

                    // Backwards from target to source: turn, slant, then scale.
                    var turnedX = (fromX * cos) + (fromY * sin);
                    var turnedY = (fromY * cos) - (fromX * sin);
                    var sourceX = ((turnedX + (turnedY * slant)) * scaleX) + Vector256.Create((_width - 1) / 2f);
                    var sourceY = (turnedY * scaleY) + Vector256.Create((_height - 1) / 2f);

                    // Beyond the frame all is 0: places far away may be taken for those just outside.
                    sourceX = Vector256.Min(Vector256.Max(sourceX, Vector256.Create(-1f)), Vector256.Create((float)_width));
                    sourceY = Vector256.Min(Vector256.Max(sourceY, Vector256.Create(-1f)), Vector256.Create((float)_height));
                    var (column, row) = (Vector256.Floor(sourceX), Vector256.Floor(sourceY));
                    (((Vector256.ConvertToInt32(row) + Vector256<int>.One) * _stride) + Vector256.ConvertToInt32(column) + Vector256<int>.One).Store(places);
                    (sourceX - column).Store(right);
                    (sourceY - row).Store(down);
                    Interpolate(framed, places, right, down, image + (y * _width) + x);
                }
            }
        }
    }

    /// <summary>As <see cref="Bilinear.Blend"/>, at eight places of the framed picture. One by one: gathering is slow on many processors.</summary>
    private void Interpolate(float* framed, int* places, float* right, float* down, float* target)
    {
        for (var i = 0; i < Lanes; i++)
        {
            var (upper, lower) = ((nint)places[i], (nint)places[i] + _stride);
            var above = (framed[upper] * (1f - right[i])) + (framed[upper + 1] * right[i]);
            var below = (framed[lower] * (1f - right[i])) + (framed[lower + 1] * right[i]);
            target[i] = (above * (1f - down[i])) + (below * down[i]);
        }
    }

    /// <summary>Rounds to bytes.</summary>
    private static void Round(float[] values, Span<byte> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (byte)Math.Clamp(values[i] + 0.5f, 0f, 255f);
        }
    }

    /// <summary>Thickens or thins strokes by a fraction of a pixel: part of the way to the greatest or least of each cross of five.</summary>
    private void ChangeStrokes(SeededRandom random)
    {
        var change = Symmetric(random, _options.StrokeWidth);
        for (var left = MathF.Abs(change); left > 0; left -= 1f)
        {
            var part = MathF.Min(1f, left);
            for (var y = 0; y < _height; y++)
            {
                _image.AsSpan(y * _width, _width).CopyTo(_framed.AsSpan(((y + 1) * _stride) + 1));
            }

            fixed (float* framed = _framed, image = _image)
            {
                for (var y = 0; y < _height; y++)
                {
                    for (var x = 0; x < _width; x += Lanes)
                    {
                        var at = framed + ((y + 1) * _stride) + x + 1;
                        var value = Vector256.Load(at);
                        var (before, after) = (Vector256.Load(at - 1), Vector256.Load(at + 1));
                        var (above, below) = (Vector256.Load(at - _stride), Vector256.Load(at + _stride));
                        var extreme = change > 0
                            ? Vector256.Max(Vector256.Max(Vector256.Max(value, before), Vector256.Max(after, above)), below)
                            : Vector256.Min(Vector256.Min(Vector256.Min(value, before), Vector256.Min(after, above)), below);
                        (value + ((extreme - value) * part)).Store(image + (y * _width) + x);
                    }
                }
            }
        }
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
            foreach (ref var value in _image.AsSpan(0, _width * _height))
            {
                value *= keep;
            }
        }

        if (_options.Noise > 0 && random.Next(5) == 0)
        {
            var deviation = (float)random.NextDouble() * _options.Noise;
            foreach (ref var value in _image.AsSpan(0, _width * _height))
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
                _image[random.Next(_width * _height)] = ink;
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
