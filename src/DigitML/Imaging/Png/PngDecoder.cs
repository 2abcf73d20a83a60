using System.IO.Compression;
using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.Imaging;

/// <summary>
/// PNG 1.2 (ISO/IEC 15948): every colour type and depth, interlaced or not, palettes, transparency laid over white,
/// orientation from eXIf. Colour spaces (gAMA, iCCP, sRGB) are left alone, as most viewers of such files do.
/// An animated PNG is read as its still picture.
/// </summary>
internal sealed class PngDecoder : IImageDecoder
{
    // Deflate spends at least one bit on 129 bytes: no stream grows more than 1,032-fold.
    private const long LargestGrowth = 1032;

    /// <inheritdoc/>
    public string Format => "PNG";

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith(PngChunks.Signature);

    /// <inheritdoc/>
    public DecodedImage Decode(ReadOnlyMemory<byte> file, DecodeOptions options)
    {
        if (!Recognises(file.Span))
        {
            throw ImageErrors.Damaged(Format, "does not begin with its signature");
        }

        var chunks = PngChunks.Read(file, options.Limits);
        var header = chunks.Header;
        if ((long)header.RowBytes(header.Width) * header.Height > LargestGrowth * chunks.DataBytes)
        {
            throw ImageErrors.CutShort(Format, FormattableString.Invariant($"with {chunks.DataBytes:N0} bytes of packed pixels, which cannot hold {header.Width}×{header.Height}"));
        }

        var pixels = new byte[header.Width * header.Height];
        using (var inflated = new ZLibStream(new PngDataStream(chunks), CompressionMode.Decompress))
        {
            ReadPixels(inflated, chunks, pixels);
        }

        var image = Orientation.Apply(new GreyImage(header.Width, header.Height, pixels), Exif.ReadOrientation(chunks.Metadata.Span));
        return new DecodedImage(image, Format, image.Width, image.Height);
    }

    private static void ReadPixels(ZLibStream inflated, PngChunks chunks, byte[] pixels)
    {
        var header = chunks.Header;
        var converter = new PngRow(chunks);
        if (!header.Interlaced)
        {
            ReadPass(inflated, header, converter, pixels, new Pass(0, 0, 1, 1));
            return;
        }

        foreach (var pass in (ReadOnlySpan<Pass>)[new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2)])
        {
            ReadPass(inflated, header, converter, pixels, pass);
        }
    }

    private static void ReadPass(ZLibStream inflated, PngHeader header, PngRow converter, byte[] pixels, Pass pass)
    {
        var width = (header.Width - pass.Left + pass.StepX - 1) / pass.StepX;
        var rows = (header.Height - pass.Top + pass.StepY - 1) / pass.StepY;
        if (width < 1 || rows < 1)
        {
            return;
        }

        // The filter byte stands before the row's own bytes.
        var row = new byte[1 + header.RowBytes(width)];
        var above = new byte[row.Length];
        var grey = pass.StepX == 1 ? [] : new byte[width];
        for (var i = 0; i < rows; i++)
        {
            ReadRow(inflated, row, pass.Top + (i * pass.StepY));
            PngFilter.Undo(row[0], row.AsSpan(1), above.AsSpan(1), header.FilterDistance);
            var target = pixels.AsSpan((pass.Top + (i * pass.StepY)) * header.Width, header.Width);
            if (pass.StepX == 1)
            {
                converter.ToGrey(row.AsSpan(1), target);
            }
            else
            {
                converter.ToGrey(row.AsSpan(1), grey);
                for (var x = 0; x < width; x++)
                {
                    target[pass.Left + (x * pass.StepX)] = grey[x];
                }
            }

            (row, above) = (above, row);
        }
    }

    private static void ReadRow(ZLibStream inflated, byte[] row, int y)
    {
        int read;
        try
        {
            read = inflated.ReadAtLeast(row, row.Length, throwOnEndOfStream: false);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw new DigitException($"PNG pixels cannot be unpacked at row {y} ({error.Message.TrimEnd('.')}). The file is damaged; save or download it again.", error);
        }

        if (read < row.Length)
        {
            throw ImageErrors.CutShort("PNG", Invariant($"inside the pixels of row {y}"));
        }
    }

    /// <summary>One of Adam7's passes: every StepX-th pixel from Left on in every StepY-th row from Top on.</summary>
    private readonly record struct Pass(int Left, int Top, int StepX, int StepY);
}
