using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>
/// The front door for picture files: PNG and JPEG in, grey pictures out; other formats by decoders of other packages.
/// The content decides the format, never the name.
/// </summary>
public static class ImageFile
{
    private const string Expected = "a picture";

    /// <summary>The decoders that come with the library.</summary>
    public static IReadOnlyList<IImageDecoder> BuiltInDecoders { get; } = [new PngDecoder(), new JpegDecoder()];

    /// <summary>Reads a picture file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits and size; null for <see cref="DecodeOptions.Default"/>.</param>
    /// <exception cref="DigitException">
    /// The file cannot be opened, is no picture that can be read, is damaged, cut short or over a limit; one line that begins with the path.
    /// </exception>
    public static DecodedImage Load(string path, DecodeOptions? options = null)
    {
        var bytes = BoundedFile.Read(path, (options ?? DecodeOptions.Default).Limits.MaximumFileBytes, Expected);
        return Decode(bytes, options, path);
    }

    /// <summary>Reads a picture from a stream, from its position to its end.</summary>
    /// <param name="stream">Read but not closed.</param>
    /// <param name="options">Limits and size; null for <see cref="DecodeOptions.Default"/>.</param>
    /// <param name="name">What messages call the picture; null when it has no name.</param>
    /// <exception cref="DigitException">As for <see cref="Load"/>.</exception>
    /// <exception cref="IOException">The stream failed.</exception>
    public static DecodedImage Decode(Stream stream, DecodeOptions? options = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Decode(BoundedFile.Read(stream, (options ?? DecodeOptions.Default).Limits.MaximumFileBytes, Expected, name ?? "The stream"), options, name);
    }

    /// <summary>Reads a picture from a file's bytes.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="options">Limits and size; null for <see cref="DecodeOptions.Default"/>.</param>
    /// <param name="name">What messages call the picture; null when it has no name.</param>
    /// <exception cref="DigitException">As for <see cref="Load"/>.</exception>
    public static DecodedImage Decode(ReadOnlyMemory<byte> file, DecodeOptions? options = null, string? name = null)
    {
        options ??= DecodeOptions.Default;
        ArgumentOutOfRangeException.ThrowIfNegative(options.TargetSide);
        if (file.Length > options.Limits.MaximumFileBytes)
        {
            throw new DigitException(FormattableString.Invariant(
                $"{(name is null ? "" : $"{name}: ")}expected {Expected} of at most {options.Limits.MaximumFileBytes} bytes but it has {file.Length}. Scale it down, or raise the limit."));
        }

        try
        {
            return DecoderFor(file.Span, options.Decoders).Decode(file, options);
        }
        catch (DigitException error) when (name is not null)
        {
            throw new DigitException($"{name}: {error.Message}", error);
        }
    }

    private static IImageDecoder DecoderFor(ReadOnlySpan<byte> file, IReadOnlyList<IImageDecoder> decoders)
    {
        foreach (var decoder in decoders)
        {
            if (decoder.Recognises(file))
            {
                return decoder;
            }
        }

        var readable = string.Join(", ", decoders.Select(decoder => decoder.Format).Distinct());
        throw new DigitException(file.IsEmpty
            ? $"expected a picture ({readable}) but the file is empty. Save or download it again."
            : $"expected a picture ({readable}) but this is {UnreadFormats.Describe(file)}");
    }
}
