using DigitML.Pixels;

namespace DigitML.Data;

/// <summary>
/// One way of bringing pictures of any size to a model's. It travels by its name in what learnt from such pictures, so that others are
/// brought there in the same way.
/// </summary>
public abstract class PictureFrame
{
    /// <summary>What <see cref="Fit"/>'s name begins with.</summary>
    public const string FitName = "fit";

    /// <summary>The name of the reader's frame, which <c>DigitML.Reading.ReaderFrame</c> is.</summary>
    public const string ReaderName = "reader";

    /// <summary>The name that models keep.</summary>
    public abstract string Name { get; }

    /// <summary>The longest side that is worth decoding; 0 for all of it.</summary>
    public abstract int WorkingSide { get; }

    /// <summary>Brings one picture there.</summary>
    /// <param name="picture">Any size, 0 black and 255 white.</param>
    /// <param name="target">[height, width]; overwritten, 0 the ground and 255 the ink.</param>
    /// <returns>Whether there was anything to bring.</returns>
    public abstract bool TryPut(GreyImage picture, Span<byte> target);

    /// <summary>
    /// The whole picture, scaled until it fits, in the middle; what is left over has the grey of the picture's border. A picture of that
    /// size is left as it is.
    /// </summary>
    /// <param name="width">Pixels a row, 1 to 4,096.</param>
    /// <param name="height">Rows, 1 to 4,096.</param>
    /// <param name="isInverted">Whether black is ink, as on paper, rather than ground, as in MNIST.</param>
    public static PictureFrame Fit(int width, int height, bool isInverted = false) => new FitFrame(width, height, isInverted);

    /// <summary>Whether a frame's name is one that <see cref="Fit"/> gives, and whether it inverts.</summary>
    internal static bool IsFit(string name, out bool isInverted)
    {
        isInverted = name == $"{FitName} inverted";
        return isInverted || name == FitName;
    }

    /// <summary>Whether pictures have a light border: then their ink is dark.</summary>
    internal static bool HasLightGround(ReadOnlySpan<byte> pixels, int width, int height)
    {
        long sum = 0;
        for (var x = 0; x < width; x++)
        {
            sum += pixels[x] + pixels[((height - 1) * width) + x];
        }

        for (var y = 0; y < height; y++)
        {
            sum += pixels[y * width] + pixels[(y * width) + width - 1];
        }

        return sum > 127L * 2 * (width + height);
    }

    private sealed class FitFrame : PictureFrame
    {
        private const int LargestSide = 4096;
        private readonly int _width;
        private readonly int _height;
        private readonly bool _isInverted;

        public FitFrame(int width, int height, bool isInverted)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
            ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(width, LargestSide);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(height, LargestSide);
            (_width, _height, _isInverted) = (width, height, isInverted);
        }

        public override string Name => _isInverted ? $"{FitName} inverted" : FitName;

        public override int WorkingSide => 4 * Math.Max(_width, _height);

        public override bool TryPut(GreyImage picture, Span<byte> target)
        {
            ArgumentNullException.ThrowIfNull(picture);
            if (target.Length != _width * _height)
            {
                throw new ArgumentException(Invariant($"A frame of {_width}×{_height} needs {_width * _height} pixels; got room for {target.Length}."), nameof(target));
            }

            if (picture.Width == _width && picture.Height == _height)
            {
                picture.Pixels.CopyTo(target);
            }
            else
            {
                var scale = Math.Min((double)_width / picture.Width, (double)_height / picture.Height);
                var width = Math.Clamp((int)Math.Round(picture.Width * scale), 1, _width);
                var height = Math.Clamp((int)Math.Round(picture.Height * scale), 1, _height);
                var scaled = (scale < 1 ? Resampling.Area(picture, width, height) : Resampling.Cubic(Plane.From(picture), width, height)).ToBytes();
                target.Fill(BorderOf(picture));
                for (var (y, left, top) = (0, (_width - width) / 2, (_height - height) / 2); y < height; y++)
                {
                    scaled.AsSpan(y * width, width).CopyTo(target[(((top + y) * _width) + left)..]);
                }
            }

            if (_isInverted)
            {
                foreach (ref var pixel in target)
                {
                    pixel = (byte)(255 - pixel);
                }
            }

            return true;
        }

        private static byte BorderOf(GreyImage picture)
        {
            var pixels = picture.Pixels;
            var (width, height) = (picture.Width, picture.Height);
            var border = new List<byte>(2 * (width + height));
            for (var x = 0; x < width; x++)
            {
                border.Add(pixels[x]);
                border.Add(pixels[((height - 1) * width) + x]);
            }

            for (var y = 0; y < height; y++)
            {
                border.Add(pixels[y * width]);
                border.Add(pixels[(y * width) + width - 1]);
            }

            border.Sort();
            return border[border.Count / 2];
        }
    }
}
