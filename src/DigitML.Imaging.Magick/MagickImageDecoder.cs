using System.Diagnostics;
using DigitML.IO;
using DigitML.Pixels;
using ImageMagick;

namespace DigitML.Imaging.Magick;

/// <summary>One format as ImageMagick reads it: the format is forced on it, so that a file cannot choose another coder.</summary>
/// <param name="format">The format's name, as messages say it.</param>
/// <param name="coder">ImageMagick's coder for it.</param>
/// <param name="recognises">Whether a file that starts so is of this format.</param>
internal sealed class MagickImageDecoder(string format, MagickFormat coder, MagickImageDecoder.Signature recognises) : IImageDecoder
{
    // What is taken from ImageMagick at once; beyond the grey picture and ImageMagick's own, a decoder takes this much.
    private const int StripPixels = 65_536;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Whether a file that starts so is of a format.</summary>
    public delegate bool Signature(ReadOnlySpan<byte> start);

    /// <inheritdoc/>
    public string Format => format;

    /// <summary>Whether the coder turns pictures upright itself, so that EXIF's orientation is not to be followed (ISO/IEC 23008-12).</summary>
    public bool IsUpright { get; init; }

    /// <summary>Finds samples of 16 bits, of which ImageMagick keeps the upper halves; null in a format that has none.</summary>
    public WideSamples.Finder? FindWide { get; init; }

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> start) => recognises(start);

    /// <inheritdoc/>
    public DecodedImage Decode(ReadOnlyMemory<byte> file, DecodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Recognises(file.Span))
        {
            throw ImageErrors.Damaged(Format, "does not begin with its signature");
        }

        try
        {
            MagickLimits.Hold(options.Limits);
            var settings = new MagickReadSettings { Format = coder, FrameIndex = 0, FrameCount = 1 };
            var header = new MagickImageInfo();
            header.Read(file.Span, settings);
            options.Limits.Check(Format, header.Width, header.Height);
            return Read(file.Span, settings, options.Limits, options.CancellationToken);
        }
        catch (MagickException error)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            throw Explain(error);
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw new DigitException($"{Format} is read by ImageMagick, which has no build for this machine ({(error.InnerException ?? error).Message.ReplaceLineEndings(" ")}). Save the picture as JPEG or PNG.", error);
        }
    }

    private DecodedImage Read(ReadOnlySpan<byte> file, MagickReadSettings settings, ImageLimits limits, CancellationToken cancellationToken)
    {
        using var image = new MagickImage();
        var started = Stopwatch.GetTimestamp();
        string? damage = null;
        image.Warning += (_, warning) => damage ??= warning.Exception is MagickCorruptImageWarningException ? warning.Message : null;
        image.Progress += (_, progress) => progress.Cancel = cancellationToken.IsCancellationRequested || Stopwatch.GetElapsedTime(started) > s_patience;
        image.Read(file, settings);
        cancellationToken.ThrowIfCancellationRequested();
        limits.Check(Format, image.Width, image.Height);
        if (damage is not null)
        {
            throw ImageErrors.Damaged(Format, $"is not as its header says ({Plain(damage)})");
        }

        if (image.ColorSpace is not (ColorSpace.sRGB or ColorSpace.Gray))
        {
            image.ColorSpace = ColorSpace.sRGB;
        }

        var pixels = ToGrey(image);
        if (FindWide is not null && WideSamples.MayHide(pixels) && FindWide(file, bytes => ReadBytes(bytes, settings))?.ToGrey() is { } spread && spread.Length == pixels.Length)
        {
            pixels = spread;
        }

        var grey = new GreyImage((int)image.Width, (int)image.Height, pixels);
        var upright = Orientation.Apply(grey, IsUpright ? 1 : OrientationOf(image));
        return new DecodedImage(upright, Format, upright.Width, upright.Height);
    }

    /// <summary>The pixels of a grey picture of one byte each; null when it cannot be read.</summary>
    private static byte[]? ReadBytes(byte[] file, MagickReadSettings settings)
    {
        try
        {
            using var image = new MagickImage(file, settings);
            using var pixels = image.GetPixelsUnsafe();
            return pixels.ToByteArray(0, 0, image.Width, image.Height, "R");
        }
        catch (MagickException)
        {
            return null;
        }
    }

    private static byte[] ToGrey(MagickImage image)
    {
        var width = (int)image.Width;
        var grey = new byte[width * (int)image.Height];
        GoOver(image, (rgba, first, _) =>
        {
            for (int from = 0, to = first; from < rgba.Length; from += 4, to++)
            {
                var luma = Luma.FromRgb(rgba[from], rgba[from + 1], rgba[from + 2]);
                grey[to] = (byte)Luma.OverWhite(luma, rgba[from + 3], 255);
            }
        });
        if (InkChannel.IsFaint(grey, width))
        {
            InkChannel.Choose(grey, width, sink => GoOver(image, sink));
        }

        return grey;
    }

    private static void GoOver(MagickImage image, PixelSink sink)
    {
        int width = (int)image.Width, height = (int)image.Height;
        using var pixels = image.GetPixelsUnsafe();
        var rows = Math.Max(1, StripPixels / width);
        for (var top = 0; top < height; top += rows)
        {
            sink(pixels.ToByteArray(0, top, image.Width, (uint)Math.Min(rows, height - top), PixelMapping.RGBA)!, top * width, 1);
        }
    }

    private static int OrientationOf(MagickImage image)
    {
        // Both count as TIFF does; 0 is that nothing was said.
        var orientation = (int)image.Orientation;
        if (orientation == 0)
        {
            orientation = image.GetExifProfile()?.GetValue(ExifTag.Orientation)?.Value ?? 1;
        }

        return orientation is >= 1 and <= 8 ? orientation : 1;
    }

    private DigitException Explain(MagickException error) => error switch
    {
        MagickResourceLimitErrorException => new($"{Format} needs more than the limits allow ({Plain(error.Message)}). Scale the picture down, or raise the limit.", error),
        MagickMissingDelegateErrorException => new($"{Format} is of a kind that is not read ({Plain(error.Message)}). Save it as a plain JPEG or PNG.", error),
        _ => new($"{Format} cannot be decoded ({Plain(error.Message)}). The file is damaged or of a rare kind; save it as a plain JPEG or PNG.", error),
    };

    /// <summary>ImageMagick's words without the place in its source and the names of its own temporary files, on one line.</summary>
    private static string Plain(string message)
    {
        var end = message.IndexOf(" @ ", StringComparison.Ordinal);
        var words = end < 0 ? message : message[..end];
        var (name, nameEnd) = (words.IndexOf('`', StringComparison.Ordinal), words.LastIndexOf('\''));
        if (name >= 0 && nameEnd > name)
        {
            words = words.Remove(name, nameEnd - name + 1);
        }

        return new string([.. words.Where(letter => !char.IsControl(letter)).Take(120)]).Trim();
    }
}
