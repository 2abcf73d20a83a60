using System.Buffers.Binary;

namespace DigitML.Imaging;

/// <summary>Netpbm's PBM, PGM and PPM: P1 to P6, 8 and 16 bits. Of several pictures in a file the first is read.</summary>
internal sealed class PnmDecoder : IImageDecoder
{
    /// <inheritdoc/>
    public string Format => "PNM";

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> start) =>
        start.Length >= 3 && start[0] == 'P' && start[1] is >= (byte)'1' and <= (byte)'6' && start[2] is (byte)'#' or (byte)' ' or (>= 9 and <= 13);

    /// <inheritdoc/>
    public DecodedImage Decode(ReadOnlyMemory<byte> file, DecodeOptions options)
    {
        if (!Recognises(file.Span))
        {
            throw ImageErrors.Damaged(Format, "does not begin with P1 to P6");
        }

        var kind = file.Span[1] - '0';
        var reader = new PnmReader(file.Span);
        var width = reader.Number("width");
        var height = reader.Number("height");
        options.Limits.Check(Format, width, height);
        var maximum = kind is 1 or 4 ? 1 : reader.Number("maximum");
        if (maximum is < 1 or > 65_535)
        {
            throw ImageErrors.Damaged(Format, $"has the maximum {maximum}; expected 1 to 65535");
        }

        var channels = kind is 3 or 6 ? 3 : 1;
        if (kind >= 4)
        {
            reader.EndHeader();
        }

        // As plain text a pixel takes a byte, and one more for the space behind it unless it is a bit.
        var sampleBytes = maximum > 255 ? 2 : 1;
        var needed = kind switch
        {
            1 => (long)width * height,
            4 => (width + 7L) / 8 * height,
            < 4 => (2L * channels * width * height) - 1,
            _ => (long)channels * sampleBytes * width * height,
        };
        if (reader.Rest.Length < needed)
        {
            throw ImageErrors.CutShort(Format, FormattableString.Invariant($"with {reader.Rest.Length:N0} bytes of pixels; {width}×{height} need at least {needed:N0}"));
        }

        var pixels = new byte[width * height];
        if (kind == 4)
        {
            ReadPackedBits(reader.Rest, width, pixels);
        }
        else if (kind == 1)
        {
            for (var i = 0; i < pixels.Length; i++)
            {
                pixels[i] = (byte)(reader.Bit() == 0 ? 255 : 0);
            }
        }
        else if (kind < 4)
        {
            ReadText(ref reader, channels, maximum, pixels);
        }
        else
        {
            ReadBytes(reader.Rest, channels, sampleBytes, maximum, pixels);
        }

        return new DecodedImage(new GreyImage(width, height, pixels), Format, width, height);
    }

    private static void ReadPackedBits(ReadOnlySpan<byte> data, int width, Span<byte> pixels)
    {
        var stride = (width + 7) / 8;
        for (var i = 0; i < pixels.Length; i++)
        {
            var (y, x) = Math.DivRem(i, width);
            pixels[i] = (byte)(((data[(y * stride) + (x / 8)] >> (7 - (x % 8))) & 1) == 0 ? 255 : 0);
        }
    }

    private static void ReadText(ref PnmReader reader, int channels, int maximum, Span<byte> pixels)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            var first = To8(reader.Number("pixel"), maximum);
            pixels[i] = channels == 1
                ? (byte)first
                : Luma.FromRgb(first, To8(reader.Number("pixel"), maximum), To8(reader.Number("pixel"), maximum));
        }
    }

    private static void ReadBytes(ReadOnlySpan<byte> data, int channels, int sampleBytes, int maximum, Span<byte> pixels)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            var at = i * channels * sampleBytes;
            var first = Sample(data, at, sampleBytes, maximum);
            pixels[i] = channels == 1
                ? (byte)first
                : Luma.FromRgb(first, Sample(data, at + sampleBytes, sampleBytes, maximum), Sample(data, at + (2 * sampleBytes), sampleBytes, maximum));
        }
    }

    private static int Sample(ReadOnlySpan<byte> data, int at, int sampleBytes, int maximum) =>
        To8(sampleBytes == 1 ? data[at] : BinaryPrimitives.ReadUInt16BigEndian(data[at..]), maximum);

    private static int To8(int sample, int maximum)
    {
        if (maximum == 255 && sample <= 255)
        {
            return sample;
        }

        return sample <= maximum
            ? ((sample * 255) + (maximum / 2)) / maximum
            : throw ImageErrors.Damaged("PNM", $"has a pixel of {sample}; expected at most {maximum}");
    }
}
