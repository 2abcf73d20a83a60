using System.Numerics;

namespace DigitML.Imaging;

/// <summary>Takes pixels of a picture.</summary>
/// <param name="rgba">[pixels, 4]: red, green, blue, and alpha, 0 transparent to 255 opaque.</param>
/// <param name="first">Where the first of them lies in the picture, counted row by row.</param>
/// <param name="step">From one of them to the next, counted likewise; at least 1.</param>
internal delegate void PixelSink(ReadOnlySpan<byte> rgba, int first, int step);

/// <summary>
/// Finds the ink of pictures whose grey does not show it. Grey is luma over white, as everywhere; it shows nothing where white
/// ink lies on a transparent ground, where the ink is a hole in a white one, and where ink and ground are two colours of the
/// same luma. There the channel that parts the pixels best is taken instead: the alpha channel, or an axis through the colours.
/// </summary>
/// <remarks>
/// The other channels are looked at only where grey is faint, and taken only where they part the pixels several times as well:
/// every other picture keeps its grey to the byte, and costs a look at some ten thousand of its pixels.
/// </remarks>
internal static class InkChannel
{
    /// <summary>Grey whose two classes are this far apart shows what there is.</summary>
    private const double PlainGap = 48;

    /// <summary>Fewer pixels than this share are specks, whatever their grey.</summary>
    private const double SpeckShare = 0.0005;

    /// <summary>A channel whose classes are nearer than this shows nothing either.</summary>
    private const double LeastGap = 32;

    /// <summary>How many times as well as grey a channel must part the pixels.</summary>
    private const double Advantage = 3;

    /// <summary>Colours must fall into two kinds rather than run from one to the other: light and the camera do that too.</summary>
    private const double LeastExplained = 0.8;

    /// <summary>What lies along the border alone is a corner or a margin. This share of ink lies farther in than <see cref="BorderShare"/>.</summary>
    private const double LeastInside = 0.2;

    private const double BorderShare = 0.1;

    /// <summary>Smaller pictures are too small to tell ink from ground by counting.</summary>
    private const int LeastSide = 12;

    private const int Samples = 65_536;

    /// <summary>The axes that are tried beside the principal one: each colour, and each difference of two.</summary>
    private static readonly Vector3[] s_axes =
    [
        Vector3.UnitX, Vector3.UnitY, Vector3.UnitZ, new(0.5f, -0.5f, 0), new(0, 0.5f, -0.5f), new(0.5f, 0, -0.5f),
    ];

    /// <summary>Whether a picture's grey shows so little that other channels are worth a look.</summary>
    /// <param name="grey">[height, width].</param>
    /// <param name="width">Pixels a row.</param>
    public static bool IsFaint(ReadOnlySpan<byte> grey, int width)
    {
        if (Math.Min(width, grey.Length / width) < LeastSide)
        {
            return false;
        }

        var separation = Separation.Of(grey, Stride(grey.Length, width));
        return separation.Gap < PlainGap || separation.MinorityShare < SpeckShare;
    }

    /// <summary>Whether grey falls into two kinds far apart, as ink and ground do and noise does not.</summary>
    /// <param name="grey">[height, width].</param>
    /// <param name="width">Pixels a row.</param>
    public static bool IsPlain(ReadOnlySpan<byte> grey, int width)
    {
        var separation = Separation.Of(grey, Stride(grey.Length, width));
        return separation.Gap >= PlainGap && separation.MinorityShare >= SpeckShare && separation.Explained >= LeastExplained;
    }

    /// <summary>Overwrites a faint picture's grey where another channel shows the ink; elsewhere leaves it as it is.</summary>
    /// <param name="grey">[height, width]: luma over white.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="goOver">Goes over all pixels once, in any order; called once or twice.</param>
    public static void Choose(byte[] grey, int width, Action<PixelSink> goOver)
    {
        var samples = new Sample(grey, width);
        goOver(samples.Take);
        var plain = Separation.Of(samples.Grey);
        var threshold = Advantage * plain.Deviation;
        Channel? chosen = null;
        foreach (var channel in Channels(samples))
        {
            var values = samples.In(channel);
            var separation = Separation.Of(values);
            var deviation = separation.Deviation / channel.Scale;
            var isPlain = separation.Gap >= LeastGap * channel.Scale && separation.MinorityShare >= SpeckShare && separation.Explained >= channel.LeastExplained;
            if (isPlain && deviation > threshold && samples.IsInside(values, separation))
            {
                // The ground is the larger class, and becomes the lighter one.
                threshold = deviation;
                chosen = channel.IsAlpha || !separation.IsMinorityUpper ? channel : channel.Reversed();
            }
        }

        if (chosen is not { } best)
        {
            return;
        }

        goOver((rgba, first, step) =>
        {
            for (var (from, at) = (0, first); from < rgba.Length; from += 4, at += step)
            {
                grey[at] = best.Of(rgba.Slice(from, 4));
            }
        });
    }

    /// <summary>From one sampled pixel to the next: odd steps that share no factor with the width touch every column.</summary>
    private static int Stride(int pixels, int width)
    {
        var stride = (pixels + Samples - 1) / Samples;
        while (stride > 1 && GreatestCommonDivisor(stride, width) > 1)
        {
            stride++;
        }

        return stride;

        static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
    }

    private static IEnumerable<Channel> Channels(Sample samples)
    {
        if (samples.HasAlpha)
        {
            yield return Channel.Alpha;
        }

        if (samples.PrincipalAxis() is { } principal)
        {
            foreach (var axis in s_axes.Prepend(principal))
            {
                if (samples.Along(axis) is { } channel)
                {
                    yield return channel;
                }
            }
        }
    }

    private static Vector3 OverWhite(ReadOnlySpan<byte> pixel) => new(
        Luma.OverWhite(pixel[0], pixel[3], 255),
        Luma.OverWhite(pixel[1], pixel[3], 255),
        Luma.OverWhite(pixel[2], pixel[3], 255));

    /// <summary>A number for each pixel: what is opaque dark, or the way along an axis through the colours over white.</summary>
    /// <param name="IsAlpha">Whether it is the alpha channel.</param>
    /// <param name="Axis">The axis, times the scale.</param>
    /// <param name="Offset">What is added.</param>
    /// <param name="Scale">How much the numbers are stretched.</param>
    private readonly record struct Channel(bool IsAlpha, Vector3 Axis, float Offset, float Scale)
    {
        public static Channel Alpha { get; } = new(true, default, 0, 1);

        public double LeastExplained => IsAlpha ? 0 : InkChannel.LeastExplained;

        public Channel Reversed() => new(false, -Axis, 255 - Offset, Scale);

        public byte Of(ReadOnlySpan<byte> pixel)
        {
            if (IsAlpha)
            {
                return (byte)(255 - pixel[3]);
            }

            var color = OverWhite(pixel);
            return (byte)Math.Clamp((Axis.X * color.X) + (Axis.Y * color.Y) + (Axis.Z * color.Z) + Offset + 0.5f, 0f, 255f);
        }
    }

    /// <summary>Some of a picture's pixels, spread evenly.</summary>
    private sealed class Sample
    {
        private readonly int _width;
        private readonly int _height;
        private readonly int _stride;
        private readonly byte[] _pixels;

        public Sample(ReadOnlySpan<byte> grey, int width)
        {
            _width = width;
            _height = grey.Length / width;
            _stride = Stride(grey.Length, width);
            var count = (grey.Length + _stride - 1) / _stride;
            _pixels = new byte[4 * count];
            Grey = new byte[count];
            for (var i = 0; i < count; i++)
            {
                Grey[i] = grey[i * _stride];
            }
        }

        public byte[] Grey { get; }

        public bool HasAlpha
        {
            get
            {
                for (var i = 7; i < _pixels.Length; i += 4)
                {
                    if (_pixels[i] != _pixels[3])
                    {
                        return true;
                    }
                }

                return false;
            }
        }

        public void Take(ReadOnlySpan<byte> rgba, int first, int step)
        {
            for (var (from, at) = (0, first); from < rgba.Length; from += 4, at += step)
            {
                var (sample, rest) = Math.DivRem(at, _stride);
                if (rest == 0)
                {
                    rgba.Slice(from, 4).CopyTo(_pixels.AsSpan(4 * sample));
                }
            }
        }

        public byte[] In(Channel channel)
        {
            var values = new byte[Grey.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = channel.Of(_pixels.AsSpan(4 * i, 4));
            }

            return values;
        }

        /// <summary>Whether enough of the smaller class lies away from the border.</summary>
        public bool IsInside(byte[] values, Separation separation)
        {
            var (acrossBorder, downBorder) = (BorderShare * _width, BorderShare * _height);
            int minority = 0, inside = 0;
            for (var i = 0; i < values.Length; i++)
            {
                if (!separation.IsMinority(values[i]))
                {
                    continue;
                }

                minority++;
                var (y, x) = Math.DivRem(i * _stride, _width);
                inside += x >= acrossBorder && x < _width - acrossBorder && y >= downBorder && y < _height - downBorder ? 1 : 0;
            }

            return inside >= LeastInside * minority;
        }

        /// <summary>The channel along an axis, stretched to 0 to 255 over the samples; null where they hardly differ.</summary>
        public Channel? Along(Vector3 axis)
        {
            float least = float.MaxValue, most = float.MinValue;
            for (var i = 0; i < _pixels.Length; i += 4)
            {
                var color = OverWhite(_pixels.AsSpan(i, 4));
                var along = (axis.X * color.X) + (axis.Y * color.Y) + (axis.Z * color.Z);
                least = Math.Min(least, along);
                most = Math.Max(most, along);
            }

            if (most - least < LeastGap)
            {
                return null;
            }

            var scale = 255f / (most - least);
            return new Channel(false, axis * scale, -least * scale, scale);
        }

        /// <summary>
        /// The axis along which the colours vary most, by power iteration on their covariance, its coefficients' sizes adding up to 1
        /// as luma's do; null when they do not vary.
        /// </summary>
        public Vector3? PrincipalAxis()
        {
            double count = Grey.Length, r = 0, g = 0, b = 0, rr = 0, gg = 0, bb = 0, rg = 0, rb = 0, gb = 0;
            for (var i = 0; i < _pixels.Length; i += 4)
            {
                var color = OverWhite(_pixels.AsSpan(i, 4));
                r += color.X;
                g += color.Y;
                b += color.Z;
                rr += color.X * color.X;
                gg += color.Y * color.Y;
                bb += color.Z * color.Z;
                rg += color.X * color.Y;
                rb += color.X * color.Z;
                gb += color.Y * color.Z;
            }

            double Covariance(double product, double a, double c) => (product / count) - (a / count * (c / count));
            var (vrr, vgg, vbb) = (Covariance(rr, r, r), Covariance(gg, g, g), Covariance(bb, b, b));
            var (vrg, vrb, vgb) = (Covariance(rg, r, g), Covariance(rb, r, b), Covariance(gb, g, b));

            // From the colour that varies most, so that the start is never at right angles to the answer.
            var (x, y, z) = vrr >= vgg && vrr >= vbb ? (vrr, vrg, vrb) : vgg >= vbb ? (vrg, vgg, vgb) : (vrb, vgb, vbb);
            for (var round = 0; round < 50; round++)
            {
                var size = Math.Abs(x) + Math.Abs(y) + Math.Abs(z);
                if (size < 1e-6)
                {
                    return null;
                }

                (x, y, z) = (x / size, y / size, z / size);
                (x, y, z) = ((vrr * x) + (vrg * y) + (vrb * z), (vrg * x) + (vgg * y) + (vgb * z), (vrb * x) + (vgb * y) + (vbb * z));
            }

            var sum = Math.Abs(x) + Math.Abs(y) + Math.Abs(z);
            return sum < 1e-6 ? null : new Vector3((float)(x / sum), (float)(y / sum), (float)(z / sum));
        }
    }
}
