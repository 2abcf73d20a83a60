using System.Numerics.Tensors;
using DigitML.IO;

namespace DigitML.Data;

public sealed partial class LabelledImages
{
    private const string FromArrays = "arrays";
    private static readonly (string Row, string Values) s_words = ("picture", "pixels");

    /// <summary>Makes labelled images of pictures in arrays, which are copied.</summary>
    /// <param name="pictures">Each row-major [height, width], 0 the ground to 255 the ink, all of one size.</param>
    /// <param name="labels">[count] classes from 0 to 255, or empty when they are not known.</param>
    /// <param name="width">Pixels a row; 0 when the pictures are square.</param>
    /// <param name="name">What the pictures are, as figures about them shall call them.</param>
    /// <exception cref="ArgumentException">Sizes differ or are no pictures of that width, or labels are not one each or out of their range.</exception>
    public static LabelledImages From(byte[][] pictures, ReadOnlySpan<int> labels = default, int width = 0, string name = FromArrays)
    {
        var pixels = Arrays.Joined(pictures, name, s_words, out var size, nameof(pictures));
        return Made(name, SizeOf(name, size, width, nameof(pictures)), pixels, labels);
    }

    /// <inheritdoc cref="From(byte[][], ReadOnlySpan{int}, int, string)"/>
    /// <param name="pictures">[count, pixels], each picture row-major, 0 the ground to 255 the ink.</param>
    /// <param name="labels"/><param name="width"/><param name="name"/>
    public static LabelledImages From(byte[,] pictures, ReadOnlySpan<int> labels = default, int width = 0, string name = FromArrays)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        return Made(name, SizeOf(name, pictures.GetLength(1), width, nameof(pictures)), Arrays.Flat<byte>(pictures).ToArray(), labels);
    }

    /// <summary>Makes labelled images of pictures in an array, which is copied.</summary>
    /// <param name="pictures">[count, height, width], 0 the ground to 255 the ink.</param>
    /// <param name="labels">[count] classes from 0 to 255, or empty when they are not known.</param>
    /// <param name="name">What the pictures are, as figures about them shall call them.</param>
    /// <exception cref="ArgumentException">Labels are not one each or out of their range.</exception>
    public static LabelledImages From(byte[,,] pictures, ReadOnlySpan<int> labels = default, string name = FromArrays)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        return Made(name, (pictures.GetLength(2), pictures.GetLength(1)), Arrays.Flat<byte>(pictures).ToArray(), labels);
    }

    /// <summary>Makes labelled images of pictures whose pixels are floats; values are rounded to the nearest of 256.</summary>
    /// <param name="pictures">Each row-major [height, width], 0 the ground to <paramref name="ink"/>, all of one size.</param>
    /// <param name="labels">[count] classes from 0 to 255, or empty when they are not known.</param>
    /// <param name="ink">The value of the ink: 255, or 1 where pixels are shares of it; finite and above 0.</param>
    /// <param name="width">Pixels a row; 0 when the pictures are square.</param>
    /// <param name="name">What the pictures are, as figures about them shall call them.</param>
    /// <exception cref="ArgumentException">
    /// Sizes differ or are no pictures of that width, a value is not from 0 to <paramref name="ink"/>, or labels are not one each or out of their
    /// range; or no value is above 1 although the ink is 255, so that the pictures would be all but empty.
    /// </exception>
    public static LabelledImages From(float[][] pictures, ReadOnlySpan<int> labels = default, float ink = 255, int width = 0, string name = FromArrays)
    {
        var values = Arrays.Joined(pictures, name, s_words, out var size, nameof(pictures));
        return Made(name, SizeOf(name, size, width, nameof(pictures)), Pixelled(name, values, size, ink), labels);
    }

    /// <inheritdoc cref="From(float[][], ReadOnlySpan{int}, float, int, string)"/>
    /// <param name="pictures">[count, pixels], each picture row-major, 0 the ground to <paramref name="ink"/>.</param>
    /// <param name="labels"/><param name="ink"/><param name="width"/><param name="name"/>
    public static LabelledImages From(float[,] pictures, ReadOnlySpan<int> labels = default, float ink = 255, int width = 0, string name = FromArrays)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var size = pictures.GetLength(1);
        return Made(name, SizeOf(name, size, width, nameof(pictures)), Pixelled(name, Arrays.Flat<float>(pictures), size, ink), labels);
    }

    /// <inheritdoc cref="From(float[][], ReadOnlySpan{int}, float, int, string)"/>
    /// <param name="pictures">[count, height, width], 0 the ground to <paramref name="ink"/>.</param>
    /// <param name="labels"/><param name="ink"/><param name="name"/>
    public static LabelledImages From(float[,,] pictures, ReadOnlySpan<int> labels = default, float ink = 255, string name = FromArrays)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var size = (Width: pictures.GetLength(2), Height: pictures.GetLength(1));
        return Made(name, size, Pixelled(name, Arrays.Flat<float>(pictures), size.Width * size.Height, ink), labels);
    }

    /// <inheritdoc cref="From(float[][], ReadOnlySpan{int}, float, int, string)"/>
    /// <param name="pictures">A tensor [count, height, width], or [count, pixels] of square pictures; 0 the ground to <paramref name="ink"/>. Any strides.</param>
    /// <param name="labels"/><param name="ink"/><param name="name"/>
    public static LabelledImages From(in ReadOnlyTensorSpan<float> pictures, ReadOnlySpan<int> labels = default, float ink = 255, string name = FromArrays)
    {
        if (pictures.Rank is not (2 or 3))
        {
            throw new ArgumentException(Invariant($"{name}: expected a tensor of 3 dimensions (count, height, width) or 2 (count, pixels); got {pictures.Rank}."), nameof(pictures));
        }

        var last = Arrays.SizeOf(pictures, pictures.Rank - 1);
        var size = pictures.Rank == 3 ? (Width: last, Height: Arrays.SizeOf(pictures, 1)) : SizeOf(name, last, width: 0, nameof(pictures));
        return Made(name, size, Pixelled(name, Arrays.Flat(pictures, name, nameof(pictures)), Math.Max(1, size.Width * size.Height), ink), labels);
    }

    private static (int Width, int Height) SizeOf(string name, int pixels, int width, string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        var columns = width > 0 ? width : (int)Math.Round(Math.Sqrt(pixels));
        return pixels > 0 && pixels % columns == 0 && (width > 0 || columns * columns == pixels)
            ? (columns, pixels / columns)
            : throw new ArgumentException(width > 0
                ? Invariant($"{name}: expected pictures of {width} pixels a row but they have {pixels} pixels, which are no whole number of rows.")
                : Invariant($"{name}: expected square pictures but they have {pixels} pixels. Say how many a row has with {nameof(width)}."), parameter);
    }

    private static byte[] Pixelled(string name, ReadOnlySpan<float> values, int size, float ink)
    {
        if (!(ink > 0 && float.IsFinite(ink)))
        {
            throw new ArgumentOutOfRangeException(nameof(ink), ink, Invariant($"{nameof(ink)} must be finite and greater than 0; got {ink}."));
        }

        var pixels = new byte[values.Length];
        var highest = 0f;
        for (var i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= 0 && values[i] <= ink))
            {
                throw new ArgumentException(Invariant($"{name}: expected values from 0 to {ink} but picture {i / size} has {values[i]} in pixel {i % size}. Scale them, or give the value of the ink as {nameof(ink)}."), nameof(values));
            }

            highest = Math.Max(highest, values[i]);
            pixels[i] = (byte)MathF.Round(values[i] / ink * 255);
        }

        const float Full = 255;
        return ink == Full && highest is > 0 and <= 1
            ? throw new ArgumentException(Invariant($"{name}: expected values from 0 to 255 but none is above {highest}. Are they shares of the ink? Then give {nameof(ink)} as 1."), nameof(values))
            : pixels;
    }

    private static LabelledImages Made(string name, (int Width, int Height) size, byte[] pixels, ReadOnlySpan<int> labels)
    {
        var classes = new byte[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            classes[i] = labels[i] is >= 0 and <= byte.MaxValue
                ? (byte)labels[i]
                : throw new ArgumentException(Invariant($"{name}: expected labels from 0 to 255 but picture {i} has {labels[i]}."), nameof(labels));
        }

        return new LabelledImages(name, size.Width, size.Height, pixels, classes);
    }
}
