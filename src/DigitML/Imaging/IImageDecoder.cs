using DigitML.IO;
using DigitML.Pixels;

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
    /// <exception cref="OperationCanceledException"><see cref="DecodeOptions.CancellationToken"/> asked for it.</exception>
    DecodedImage Decode(ReadOnlyMemory<byte> file, DecodeOptions options);
}

/// <summary>How a picture file is decoded.</summary>
public sealed record DecodeOptions
{
    /// <summary>Full size, default limits, built-in decoders.</summary>
    public static DecodeOptions Default { get; } = new();

    /// <summary>What the file may cost.</summary>
    /// <value><see cref="ImageLimits.Default"/>.</value>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    /// <summary>
    /// The longer side that the caller will scale down to anyway. A decoder that can save time by it
    /// (JPEG) gives the picture at ½, ¼ or ⅛, area-averaged, with the longer side still at least this; others ignore it.
    /// </summary>
    /// <value>0, which asks for full size. At least 0.</value>
    public int TargetSide { get; init; }

    /// <summary>The decoders to choose from; the first that recognises the content reads it.</summary>
    /// <value><see cref="ImageFile.BuiltInDecoders"/>.</value>
    public IReadOnlyList<IImageDecoder> Decoders { get; init; } = ImageFile.BuiltInDecoders;

    /// <summary>Ends the decoding early, within a row or two of the file's pixels; a decoder that cannot be ended goes on.</summary>
    /// <value>None: it runs to its end.</value>
    public CancellationToken CancellationToken { get; init; }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(DecodeOptions), PrintMembers);
}

/// <summary>What a picture file holds.</summary>
/// <param name="Image">The picture in grey, upright: luma, transparency laid over white; where that does not show the ink, the channel that does.</param>
/// <param name="Format">The format's name: <c>PNG</c>.</param>
/// <param name="FullWidth">Width of the upright picture in the file, before any reduction by <see cref="DecodeOptions.TargetSide"/>.</param>
/// <param name="FullHeight">Its height.</param>
public sealed record DecodedImage(GreyImage Image, string Format, int FullWidth, int FullHeight)
{
    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(DecodedImage), PrintMembers);
}
