using System.IO.Compression;
using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.Imaging;

/// <summary>
/// PNG 1.2 (ISO/IEC 15948): every colour type and depth, interlaced or not, palettes, transparency laid over white,
/// orientation from eXIf. Colour spaces (gAMA, iCCP, sRGB) are left alone, as most viewers of such files do.
/// An animated PNG is read as its still picture. Where 16 bits hold samples of fewer (<see cref="SampleRange"/>), or grey does
/// not show the ink (<see cref="InkChannel"/>), the pixels are gone over again.
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
        chunks.CancellationToken = options.CancellationToken;
        var header = chunks.Header;
        if ((long)header.RowBytes(header.Width) * header.Height > LargestGrowth * chunks.DataBytes)
        {
            throw ImageErrors.CutShort(Format, FormattableString.Invariant($"with {chunks.DataBytes:N0} bytes of packed pixels, which cannot hold {header.Width}×{header.Height}"));
        }

        var pixels = ReadGrey(chunks);
        var image = Orientation.Apply(new GreyImage(header.Width, header.Height, pixels), Exif.ReadOrientation(chunks.Metadata.Span));
        return new DecodedImage(image, Format, image.Width, image.Height);
    }

    private static byte[] ReadGrey(PngChunks chunks)
    {
        var header = chunks.Header;
        var pixels = new byte[header.Width * header.Height];
        var converter = new PngRow(chunks);
        ReadGrey(chunks, converter, pixels);
        var scale = converter.Range is { } range ? Spread(chunks, converter, range, pixels) : SampleScale.Full;
        if (converter.HasColor && InkChannel.IsFaint(pixels, header.Width))
        {
            InkChannel.Choose(pixels, header.Width, sink => ReadPixels(chunks, ToColor(converter, scale, sink)));
        }

        return pixels;
    }

    /// <summary>Where samples use only a part of their 16 bits, makes that part the grey; otherwise leaves it as it is.</summary>
    private static SampleScale Spread(PngChunks chunks, PngRow converter, SampleRange range, byte[] pixels)
    {
        if (range.Window is { } window)
        {
            ReadGrey(chunks, converter, pixels, window);
            if (InkChannel.IsPlain(pixels, chunks.Header.Width))
            {
                return window;
            }
        }

        if (range.Narrower is { } narrower)
        {
            ReadGrey(chunks, converter, pixels, narrower);
            return narrower;
        }

        if (range.Window is not null)
        {
            ReadGrey(chunks, converter, pixels);
        }

        return SampleScale.Full;
    }

    private static void ReadGrey(PngChunks chunks, PngRow converter, byte[] pixels, SampleScale scale) =>
        ReadPixels(chunks, ToColor(converter, scale, (rgba, first, step) => PutGrey(rgba, pixels, first, step)));

    private static void ReadGrey(PngChunks chunks, PngRow converter, byte[] pixels)
    {
        var part = chunks.Header.Interlaced ? new byte[chunks.Header.Width] : [];
        ReadPixels(chunks, (row, width, first, step) =>
        {
            if (step == 1)
            {
                converter.ToGrey(row, pixels.AsSpan(first, width));
                return;
            }

            converter.ToGrey(row, part.AsSpan(0, width));
            for (var x = 0; x < width; x++)
            {
                pixels[first + (x * step)] = part[x];
            }
        });
    }

    /// <summary>Rows as colours with alpha.</summary>
    private static RowSink ToColor(PngRow converter, SampleScale scale, PixelSink sink)
    {
        byte[] colors = [];
        return (row, width, first, step) =>
        {
            if (colors.Length < 4 * width)
            {
                colors = new byte[4 * width];
            }

            var rgba = colors.AsSpan(0, 4 * width);
            converter.ToColor(row, rgba, scale);
            sink(rgba, first, step);
        };
    }

    private static void PutGrey(ReadOnlySpan<byte> rgba, byte[] pixels, int first, int step)
    {
        for (var (from, at) = (0, first); from < rgba.Length; from += 4, at += step)
        {
            pixels[at] = Luma.OverWhite(rgba.Slice(from, 4));
        }
    }

    private static void ReadPixels(PngChunks chunks, RowSink sink)
    {
        using var inflated = new ZLibStream(new PngDataStream(chunks), CompressionMode.Decompress);
        var header = chunks.Header;
        if (!header.Interlaced)
        {
            ReadPass(inflated, chunks, new Pass(0, 0, 1, 1), sink);
            return;
        }

        foreach (var pass in (ReadOnlySpan<Pass>)[new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2)])
        {
            ReadPass(inflated, chunks, pass, sink);
        }
    }

    private static void ReadPass(ZLibStream inflated, PngChunks chunks, Pass pass, RowSink sink)
    {
        var header = chunks.Header;
        var width = (header.Width - pass.Left + pass.StepX - 1) / pass.StepX;
        var rows = (header.Height - pass.Top + pass.StepY - 1) / pass.StepY;
        if (width < 1 || rows < 1)
        {
            return;
        }

        // The filter byte stands before the row's own bytes.
        var row = new byte[1 + header.RowBytes(width)];
        var above = new byte[row.Length];
        for (var i = 0; i < rows; i++)
        {
            chunks.CancellationToken.ThrowIfCancellationRequested();
            var y = pass.Top + (i * pass.StepY);
            ReadRow(inflated, row, y);
            PngFilter.Undo(row[0], row.AsSpan(1), above.AsSpan(1), header.FilterDistance);
            sink(row.AsSpan(1), width, (y * header.Width) + pass.Left, pass.StepX);
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

    /// <summary>Takes a row of a pass, unfiltered.</summary>
    /// <param name="row">Packed samples.</param>
    /// <param name="width">Pixels in it.</param>
    /// <param name="first">Where the first of them lies in the picture, counted row by row.</param>
    /// <param name="step">From one of them to the next.</param>
    private delegate void RowSink(ReadOnlySpan<byte> row, int width, int first, int step);

    /// <summary>One of Adam7's passes: every StepX-th pixel from Left on in every StepY-th row from Top on.</summary>
    private readonly record struct Pass(int Left, int Top, int StepX, int StepY);
}
