using System.Runtime.InteropServices;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>Makes labelled pictures, or a table, of arrays of numbers as IDX and NumPy files hold them.</summary>
internal static class PixelArrays
{
    private const int MostPictureLabels = 256;

    /// <summary>Puts pictures and their labels together.</summary>
    /// <param name="pictures">[n, height, width], [n, height, width, 1], [n, 1, height, width], the same with three colours, or [n, pixels].</param>
    /// <param name="picturesName">What errors call them.</param>
    /// <param name="labels">[n], [n, 1], QMNIST's [n, 8] with the class first, or [n, classes] with a single 1 a row; null when there are none.</param>
    /// <param name="labelsName">What errors call them.</param>
    /// <param name="name">What figures about the data call them.</param>
    /// <param name="isTransposed">Whether each picture lies with its columns as rows, as EMNIST's do.</param>
    /// <param name="bytesAreBytes">Whether unsigned bytes are pixels from 0 to 255 whatever their range, as in IDX.</param>
    /// <exception cref="DigitException">The arrays are none of these, or disagree.</exception>
    public static DataContent Combine(NumericArray pictures, string picturesName, NumericArray? labels, string labelsName, string name, bool isTransposed = false, bool bytesAreBytes = false)
    {
        if (pictures.Dimensions.Count < 2)
        {
            throw new DigitException(labels is { Dimensions.Count: >= 3 }
                ? $"{picturesName}: expected pictures but found {pictures.Shape} numbers, which are labels. Are the two files swapped?"
                : $"{picturesName}: expected pictures of [n, height, width] or [n, pixels] but found {pictures.Shape}.");
        }

        if (pictures.Count == 0)
        {
            throw new DigitException($"{picturesName}: expected at least one image of at least one pixel but the header says {pictures.Shape}.");
        }

        if (labels is not null && labels.Rows != pictures.Rows)
        {
            throw new DigitException($"{labelsName}: expected {pictures.Rows} labels, one for each image of {picturesName}, but read {labels.Rows}. Do the two files belong together?");
        }

        var classes = labels is null ? null : ReadLabels(labels, labelsName);
        if (SizeOf(pictures) is not { } size)
        {
            return pictures.Dimensions.Count == 2
                ? new DataContent(Table(pictures, picturesName, classes, name), Invariant($"{pictures.Rows} rows of {pictures.RowLength} features"))
                : throw new DigitException($"{picturesName}: expected pictures of [n, height, width], [n, height, width, 1] or [n, pixels] but found {pictures.Shape}.");
        }

        var pixels = ToBytes(pictures, picturesName, size, bytesAreBytes, out var range);
        if (isTransposed)
        {
            Transpose(pixels, size.Width, size.Height);
        }

        var highest = classes is null ? 0 : classes.Max();
        if (highest >= MostPictureLabels)
        {
            throw new DigitException(Invariant($"{labelsName}: expected labels from 0 to {MostPictureLabels - 1} but found {highest}."));
        }

        var (width, height) = isTransposed ? (size.Height, size.Width) : (size.Width, size.Height);
        var images = new LabelledImages(name, width, height, pixels, classes is null ? default : Array.ConvertAll(classes, label => (byte)label));
        return new DataContent(images, $"{range}{(size.Colours > 1 ? ", colours as their luma" : "")}{(isTransposed ? ", transposed, as EMNIST's pictures need" : "")}");
    }

    /// <summary>The classes that an array of labels holds.</summary>
    private static int[] ReadLabels(NumericArray labels, string name)
    {
        var columns = labels.RowLength;
        if (columns > 1 && IsOneHot(labels))
        {
            var chosen = new int[labels.Rows];
            for (var row = 0; row < chosen.Length; row++)
            {
                while (labels[(row * columns) + chosen[row]] != 1)
                {
                    chosen[row]++;
                }
            }

            return chosen;
        }

        // QMNIST's eight columns: class, series, writer, …
        if (columns is not (1 or 8) || labels.Dimensions.Count > 2)
        {
            throw new DigitException(labels.Dimensions.Count >= 3
                ? $"{name}: expected labels but found pictures of {labels.Shape}. Are the two files swapped?"
                : $"{name}: expected labels of [n], [n, 1], QMNIST's [n, 8] or one-hot rows but found {labels.Shape}.");
        }

        var classes = new int[labels.Rows];
        for (var row = 0; row < classes.Length; row++)
        {
            var value = labels[row * columns];
            classes[row] = value >= 0 && value < LabelledFeatures.MaximumClasses && value == Math.Floor(value)
                ? (int)value
                : throw new DigitException(Invariant($"{name}: expected classes from 0 to {LabelledFeatures.MaximumClasses - 1} but row {row} has {value}."));
        }

        return classes;
    }

    private static bool IsOneHot(NumericArray labels)
    {
        var columns = labels.RowLength;
        for (var row = 0; row < labels.Rows; row++)
        {
            var ones = 0;
            for (var column = 0; column < columns; column++)
            {
                var value = labels[(row * columns) + column];
                if (value is not (0 or 1))
                {
                    return false;
                }

                ones += value == 1 ? 1 : 0;
            }

            if (ones != 1)
            {
                return false;
            }
        }

        return labels.Rows > 0;
    }

    private static (int Width, int Height, int Colours, bool ColoursFirst)? SizeOf(NumericArray pictures)
    {
        var sizes = pictures.Dimensions;
        switch (sizes.Count)
        {
            case 2:
                var side = (int)Math.Round(Math.Sqrt(sizes[1]));
                return side >= 4 && side * side == sizes[1] ? (side, side, 1, false) : null;
            case 3:
                return (sizes[2], sizes[1], 1, false);
            case 4 when sizes[3] is 1 or 3:
                return (sizes[2], sizes[1], sizes[3], false);
            case 4 when sizes[1] is 1 or 3:
                return (sizes[3], sizes[2], sizes[1], true);
            default:
                return null;
        }
    }

    private static byte[] ToBytes(NumericArray pictures, string name, (int Width, int Height, int Colours, bool ColoursFirst) size, bool bytesAreBytes, out string range)
    {
        var (colours, coloursFirst) = (size.Colours, size.ColoursFirst);
        if (pictures.Type == NumericType.UInt8 && colours == 1 && (bytesAreBytes || pictures.Bytes.Span.ContainsAnyExceptInRange((byte)0, (byte)16)))
        {
            range = "pixels 0 to 255";
            return MemoryMarshal.TryGetArray(pictures.Bytes, out var whole) && whole.Offset == 0 && whole.Count == whole.Array!.Length ? whole.Array : pictures.Bytes.ToArray();
        }

        var (lowest, highest, areWhole) = (double.PositiveInfinity, double.NegativeInfinity, true);
        for (var i = 0; i < pictures.Count; i++)
        {
            var value = pictures[i];
            if (!double.IsFinite(value))
            {
                throw new DigitException(Invariant($"{name}: expected finite pixel values but picture {i / pictures.RowLength} has {value}."));
            }

            lowest = Math.Min(lowest, value);
            highest = Math.Max(highest, value);
            areWhole &= value == Math.Floor(value);
        }

        var found = PixelRange.Find(lowest, highest, areWhole, name);
        range = found.Name;
        var pixels = new byte[pictures.Count / colours];
        var perPicture = pictures.RowLength / colours;
        for (var i = 0; i < pixels.Length; i++)
        {
            if (colours == 1)
            {
                pixels[i] = found.ToByte(pictures[i]);
                continue;
            }

            // Rec. 601, as pictures from files become grey.
            var (picture, pixel) = Math.DivRem(i, perPicture);
            var first = coloursFirst ? (picture * 3 * perPicture) + pixel : 3 * i;
            var step = coloursFirst ? perPicture : 1;
            pixels[i] = found.ToByte((0.299 * pictures[first]) + (0.587 * pictures[first + step]) + (0.114 * pictures[first + (2 * step)]));
        }

        return pixels;
    }

    /// <summary>Exchanges rows and columns of every picture.</summary>
    public static void Transpose(byte[] pixels, int width, int height)
    {
        var picture = new byte[width * height];
        for (var start = 0; start < pixels.Length; start += picture.Length)
        {
            pixels.AsSpan(start, picture.Length).CopyTo(picture);
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    pixels[start + (x * height) + y] = picture[(y * width) + x];
                }
            }
        }
    }

    private static LabelledFeatures Table(NumericArray values, string file, int[]? labels, string name)
    {
        var rows = new LabelledFeaturesBuilder(name, values.RowLength);
        var row = new float[values.RowLength];
        for (var i = 0; i < values.Rows; i++)
        {
            for (var j = 0; j < row.Length; j++)
            {
                row[j] = (float)values[(i * row.Length) + j];
                if (!float.IsFinite(row[j]))
                {
                    throw new DigitException(Invariant($"{file}: expected finite values but row {i} has {row[j]} in column {j}. Replace missing values or drop the row."));
                }
            }

            rows.Add(row, labels?[i] ?? -1);
        }

        return rows.Build();
    }
}
