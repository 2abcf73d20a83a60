namespace DigitML.Imaging;

/// <summary>Undoes RLE8 and RLE4: pairs of a count and a colour, escapes for literal pixels, ends of rows and jumps.</summary>
internal static class BmpRunLength
{
    private const int EndOfRow = 0;
    private const int EndOfPicture = 1;
    private const int Jump = 2;

    /// <summary>Unpacks a picture.</summary>
    /// <param name="data">The packed pixels, to the file's end.</param>
    /// <param name="header">Size and packing.</param>
    /// <param name="indices">[height, width] in stored order; overwritten where the data set pixels.</param>
    /// <exception cref="DigitException">A jump leaves the picture, or the data end early.</exception>
    public static void Unpack(ReadOnlySpan<byte> data, in BmpHeader header, Span<byte> indices)
    {
        var nibbles = header.Packing == BmpPacking.RunLength4;
        int x = 0, y = 0, at = 0;
        while (y < header.Height)
        {
            if (at + 2 > data.Length)
            {
                // Some writers leave out the mark at the end; then the last row must be full.
                if (y == header.Height - 1 && x == header.Width)
                {
                    return;
                }

                throw ImageErrors.CutShort("BMP", $"inside the pixels of row {y}");
            }

            int count = data[at];
            int value = data[at + 1];
            at += 2;
            if (count > 0)
            {
                var run = Row(header, indices, x, y, count);
                for (var i = 0; i < run.Length; i++)
                {
                    run[i] = (byte)(nibbles ? (i % 2 == 0 ? value >> 4 : value & 15) : value);
                }

                x += run.Length;
            }
            else if (value == EndOfRow)
            {
                x = 0;
                y++;
            }
            else if (value == EndOfPicture)
            {
                return;
            }
            else if (value == Jump)
            {
                if (at + 2 > data.Length)
                {
                    throw ImageErrors.CutShort("BMP", $"inside the pixels of row {y}");
                }

                x += data[at];
                y += data[at + 1];
                at += 2;
                if (x > header.Width || y > header.Height)
                {
                    throw ImageErrors.Damaged("BMP", $"jumps to pixel {x} of row {y}, outside its {header.Width}×{header.Height} pixels");
                }
            }
            else
            {
                at += Literal(data[at..], header, indices, x, y, value);
                x = Math.Min(x + value, header.Width);
            }
        }
    }

    // Literal pixels are padded to whole words; a file may end before the padding.
    private static int Literal(ReadOnlySpan<byte> data, in BmpHeader header, Span<byte> indices, int x, int y, int count)
    {
        var nibbles = header.Packing == BmpPacking.RunLength4;
        var bytes = nibbles ? (count + 1) / 2 : count;
        if (bytes > data.Length)
        {
            throw ImageErrors.CutShort("BMP", $"inside the pixels of row {y}");
        }

        var row = Row(header, indices, x, y, count);
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = (byte)(nibbles ? (i % 2 == 0 ? data[i / 2] >> 4 : data[i / 2] & 15) : data[i]);
        }

        return Math.Min(data.Length, (bytes + 1) & ~1);
    }

    // Writers that pack whole words, ImageMagick among them, run past the row's end; what is past it is no pixel.
    private static Span<byte> Row(in BmpHeader header, Span<byte> indices, int x, int y, int count) =>
        indices.Slice((y * header.Width) + x, Math.Min(count, header.Width - x));
}
