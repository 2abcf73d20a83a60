namespace DigitML.Imaging;

/// <summary>Reads one format of picture files. Implementations hold no state and are safe to use from many threads.</summary>
public interface IImageDecoder
{
    /// <summary>The format's name, as messages say it: <c>PNG</c>.</summary>
    string Format { get; }

    /// <summary>Whether a file that starts so is of this format.</summary>
    /// <param name="start">The file's first bytes; all of it when it is short.</param>
    bool Recognises(ReadOnlySpan<byte> start);

    /// <summary>Decodes a whole file.</summary>
    /// <param name="file">The file's bytes; not trusted.</param>
    /// <param name="options">Limits, checked before memory is taken, and the size that is asked for.</param>
    /// <exception cref="DigitException">The file is damaged, cut short, over a limit or of a kind that is not read.</exception>
    DecodedImage Decode(ReadOnlyMemory<byte> file, DecodeOptions options);
}
