namespace DigitML.Imaging;

/// <summary>
/// The front door for picture files: PNG, JPEG, BMP and PNM in, grey pictures out.
/// The content decides the format, never the name.
/// </summary>
public static class ImageFile
{
    /// <summary>The decoders that come with the library.</summary>
    public static IReadOnlyList<IImageDecoder> BuiltInDecoders { get; } = [new PngDecoder()];

    /// <summary>Reads a picture file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits and size; null for <see cref="DecodeOptions.Default"/>.</param>
    /// <exception cref="DigitException">
    /// The file cannot be opened, is no picture that can be read, is damaged, cut short or over a limit; one line that begins with the path.
    /// </exception>
    public static DecodedImage Load(string path, DecodeOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes;
        try
        {
            // Deleting and renaming stay allowed while the file is read, as on Unix.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            bytes = ReadBounded(stream, (options ?? DecodeOptions.Default).Limits, path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DigitException($"{path}: expected a picture file but there is none. Check the path.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new DigitException(
                Directory.Exists(path) ? $"{path}: expected a picture file but this is a folder. Name a file in it." : $"{path}: may not be read. Check the file's permissions.",
                error);
        }
        catch (Exception error) when (error is IOException or NotSupportedException or ArgumentException)
        {
            throw new DigitException($"{path}: cannot be read ({OneLine(error.Message)}). Check the path and the disk.", error);
        }

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
        return Decode(ReadBounded(stream, (options ?? DecodeOptions.Default).Limits, name), options, name);
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
            throw TooManyBytes(file.Length, options.Limits, name);
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

        var readable = string.Join(", ", decoders.Select(decoder => decoder.Format));
        throw new DigitException(file.IsEmpty
            ? $"expected a picture ({readable}) but the file is empty. Save or download it again."
            : $"expected a picture ({readable}) but this is {UnreadFormats.Describe(file)}. Save it as JPEG or PNG.");
    }

    // A stream's own length is a hint at most: files grow, and some have none.
    private static byte[] ReadBounded(Stream stream, ImageLimits limits, string? name)
    {
        var expected = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : 0;
        if (expected > limits.MaximumFileBytes)
        {
            throw TooManyBytes(expected, limits, name);
        }

        var bytes = new byte[expected > 0 ? expected : Math.Min(65_536, limits.MaximumFileBytes)];
        var length = 0;
        while (true)
        {
            var read = stream.ReadAtLeast(bytes.AsSpan(length), bytes.Length - length, throwOnEndOfStream: false);
            length += read;
            if (length < bytes.Length)
            {
                return bytes[..length];
            }

            var next = stream.ReadByte();
            if (next < 0)
            {
                return bytes;
            }

            if (length >= limits.MaximumFileBytes)
            {
                throw TooManyBytes(length + 1L, limits, name);
            }

            Array.Resize(ref bytes, (int)Math.Min(Math.Max(2L * length, 65_536), limits.MaximumFileBytes));
            bytes[length++] = (byte)next;
        }
    }

    private static DigitException TooManyBytes(long found, ImageLimits limits, string? name) => new(FormattableString.Invariant(
        $"{(name is null ? "" : $"{name}: ")}expected at most {limits.MaximumFileBytes:N0} bytes but the file has {found:N0} or more. Scale the picture down, or raise the limit."));

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
